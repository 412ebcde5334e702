"""`calfeed approve`: let through the removals that an import has held."""

from __future__ import annotations

from pathlib import Path

import click

from calfeed.cli import settings_of


@click.command(short_help="Let through removals that were held.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--as", "edition_of", metavar="ID", help="Take the file as a new edition of this configured source.")
@click.pass_context
def command(ctx: click.Context, sources: tuple[str, ...], yes: bool, edition_of: str | None) -> None:
    """Read each SOURCE again and cancel what is no longer in it, however much that is.

    The events stay for a month as cancelled ones, and come back if the source has them again.
    """
    from calfeed.cli.differences import confirm, make_plan, show
    from calfeed.importing import carry_out, sources_of

    settings = settings_of(ctx)
    chosen = sources_of(settings, sources, folder=Path.cwd(), edition_of=edition_of)
    reading = make_plan(settings, chosen, approved=True)
    plan = reading.plan
    show(plan)
    if plan.differences:
        confirm(yes)
    changed = carry_out(plan, settings)
    click.echo(f"{'Written to' if changed else 'Nothing to change in'} {settings.paths.catalogue}.")
    reading.raise_problems()
