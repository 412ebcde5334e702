"""Writes deploy/man: a page for calfeed and one for each command, of what `--help` says."""

import re
from inspect import cleandoc
from pathlib import Path

import click
from click_man.core import generate_man_page

from calfeed import __version__
from calfeed.cli import main

DATE = "November 2026"
TARGET = Path(__file__).parent.parent / "deploy" / "man"
_BLOCK = re.compile(r"\x08\n((?:.+(?:\n|$))+)")


def pages() -> dict[str, str]:
    """The text of each page by its file's name."""
    root = click.Context(main, info_name="calfeed")
    made = {"calfeed.1": generate_man_page(root, version=__version__, date=DATE)}
    for name in main.list_commands(root):
        command = main.get_command(root, name)
        assert command is not None
        # What click prints line by line stands so on paper.
        command.help = _BLOCK.sub(r".nf\n\1\n.fi\n", cleandoc(command.help or ""))
        context = click.Context(command, info_name=name, parent=root)
        made[f"calfeed-{name}.1"] = generate_man_page(context, version=__version__, date=DATE)
    return made


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.1"):
        old.unlink()
    for name, text in pages().items():
        (TARGET / name).write_text(text, "utf-8")
