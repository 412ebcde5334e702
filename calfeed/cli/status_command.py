"""`calfeed status`: how the sources fare."""

from __future__ import annotations

import click
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from calfeed.cli import settings_of


@click.command(short_help="Show how the sources fare and what is wrong; exit 1 if anything is.")
@click.option("--json", "as_json", is_flag=True, help="Print var/status.json, and what is wrong.")
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Show for each source when it was last checked and last read well, when it is asked again, and all that is wrong:
    with sources, the last refresh, the catalogue, the published feeds, the disk.

    The exit status is 1 where anything is.
    """
    from datetime import UTC, datetime

    import msgspec

    from calfeed.condition import troubles
    from calfeed.publish.targets import read_targets
    from calfeed.status import read_status

    settings = settings_of(ctx)
    status = read_status(settings.state_path)
    found = troubles(settings, now=datetime.now(UTC), thorough=True)
    if as_json:
        told = msgspec.to_builtins(status) | {"troubles": msgspec.to_builtins(found)}
        click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
        ctx.exit(int(bool(found)))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False)
    for name in ("source", "state", "last checked", "last good", "next try", "message"):
        table.add_column(name)
    for source in settings.sources:
        known = status.sources.get(source.id)
        cells = [source.id, "never refreshed", "", "", "", ""]
        if known:
            good = str(known.succeeded or "never")
            cells = [source.id, known.state, str(known.checked), good, str(known.next_try or ""), known.message or ""]
        table.add_row(*(escape(cell) for cell in cells))
    Console(highlight=False).print(table)
    for name, target in (read_targets(settings.state_path) if settings.targets else {}).items():
        click.echo(f"target {name}: {target.message or f'generation {target.generation}, {target.checked}'}")
    for trouble in found:
        if (trouble.source is None and not trouble.code.startswith("target-")) or trouble.code == "old":
            click.echo(f"{trouble.source}: {trouble.message}" if trouble.source else trouble.message)
    ctx.exit(int(bool(found)))
