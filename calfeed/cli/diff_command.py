"""`calfeed diff`: what an import would change."""

from __future__ import annotations

from pathlib import Path

import click

from calfeed.cli import settings_of


@click.command(short_help="Show what an import would change; exit 1 if anything.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--as", "edition_of", metavar="ID", help="Take the file as a new edition of this configured source.")
@click.pass_context
def command(ctx: click.Context, sources: tuple[str, ...], edition_of: str | None) -> None:
    """Show what `calfeed import` would change, and write nothing.

    The exit status is 0 where nothing would change and 1 where something would.
    """
    from calfeed.cli.differences import make_plan, show
    from calfeed.importing import sources_of

    settings = settings_of(ctx)
    reading = make_plan(settings, sources_of(settings, sources, folder=Path.cwd(), edition_of=edition_of))
    plan = reading.plan
    show(plan)
    for held in plan.held:
        click.echo(f"held         {held.message}")
    reading.raise_problems()
    if plan.differences or plan.held:
        ctx.exit(1)
