"""The command line: each command is a few lines over a function that others can call.

Commands are loaded when they are called, so that `calfeed explain` does not wait for the web server's libraries.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from calfeed import __version__
from calfeed.errors import CalfeedError
from calfeed.settings import Settings, find_settings, load_settings

# In the order in which a newcomer meets them.
COMMANDS = (
    "try", "init", "import", "entries", "explain", "diff", "review", "check", "build", "lint", "serve", "desk", "user",
    "status", "approve", "fetch", "publish", "backup", "restore",
)  # fmt: skip


class Commands(click.Group):
    """Finds the command NAME as `command` in the module calfeed.cli.NAME_command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        present = {path.stem.removesuffix("_command") for path in Path(__file__).parent.glob("*_command.py")}
        return [name for name in COMMANDS if name in present]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"calfeed.cli.{cmd_name}_command").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CalfeedError as error:
            raise SystemExit(complain(error)) from error


def complain(error: CalfeedError) -> int:
    """Print an error as the one sentence it is; the exit status."""
    click.echo(f"calfeed: {error}", err=True)
    return 1


def settings_of(ctx: click.Context, *, needed: bool = True) -> Settings:
    """The settings that the command was given, or those found in this folder or above it."""
    chosen: Path | None = ctx.find_root().params.get("settings")
    found = chosen or find_settings(Path.cwd())
    if found is None and needed:
        raise CalfeedError(
            "there is no calfeed.toml in this folder or above it.",
            mend="Make one with `calfeed init`, or name one with --settings FILE.",
        )
    return load_settings(found)


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--settings", type=click.Path(path_type=Path), help="The calfeed.toml to use (default: the nearest).")
@click.version_option(__version__, prog_name="calfeed")
def main(settings: Path | None) -> None:
    """Turn programme documents with loose dates into calendar feeds.

    A first run:  calfeed init mycalendar && cd mycalendar && calfeed serve
    """
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
