"""`calfeed status`: how the sources fare."""

from __future__ import annotations

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from calfeed.cli import settings_of


@click.command(short_help="Show how the sources fare; exit 1 if one does not.")
@click.option("--json", "as_json", is_flag=True, help="Print var/status.json.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show for each source when it was last checked and last read well, and what is wrong with it.

    The exit status is 1 where a source failed or is held, the last refresh could not publish, or a target
    could not be published to.
    """
    import msgspec

    from calfeed.publish.targets import read_targets
    from calfeed.refresh import read_status

    settings = settings_of(ctx)
    status = read_status(settings.state_path)
    targets = read_targets(settings.state_path) if settings.targets else {}
    bad = bool(status.message) or any(source.state in ("failed", "held") for source in status.sources.values())
    bad = bad or any(target.message for target in targets.values())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(status)).decode())
        ctx.exit(int(bad))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name in ("source", "state", "last checked", "last good", "message"):
        table.add_column(name)
    for source in settings.sources:
        known = status.sources.get(source.id)
        cells = [source.id, "never refreshed", "", "", ""]
        if known:
            good = str(known.succeeded or "never")
            cells = [source.id, known.state, str(known.checked), good, known.message or ""]
        table.add_row(*(escape(cell) for cell in cells))
    Console(highlight=False).print(table)
    for name, target in targets.items():
        click.echo(f"target {name}: {target.message or f'generation {target.generation}, {target.checked}'}")
    if status.message:
        click.echo(status.message)
    ctx.exit(int(bad))
