"""`calfeed import`: read sources, show what changes, write the catalogue."""

from __future__ import annotations

from pathlib import Path

import click

from calfeed.cli import settings_of
from calfeed.errors import CalfeedError


@click.command(short_help="Read sources into data/events.toml.")
@click.argument("sources", metavar="[SOURCE]...", nargs=-1)
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@click.option("--as", "edition_of", metavar="ID", help="Take the file as a new edition of this configured source.")
@click.option("--new", is_flag=True, help="Take a file that no source has as a source of its own, whatever is in it.")
@click.option("--assistant", is_flag=True, help="Ask the language model of calfeed.toml, too.")
@click.pass_context
def command(
    ctx: click.Context, sources: tuple[str, ...], yes: bool, edition_of: str | None, new: bool, assistant: bool
) -> None:
    """Read each SOURCE (a file, or the id of one in calfeed.toml; default: all of calfeed.toml), show the difference
    and write data/events.toml.

    Fields that an editor has set are kept. What left a source is cancelled, and leaves a month later; where too much
    would leave at once nothing does, until `calfeed approve`. A file under a new name may be the new edition of a
    source that it is like: that is asked. A source that cannot be read stays as it was, and the others are read.

    \b
    calfeed import
    calfeed import programme.txt
    calfeed import --as brs-2013-2015 programme-revised.txt
    """
    from calfeed.cli.differences import confirm, make_plan, new_edition, raise_if_held, show
    from calfeed.importing import carry_out, sources_of

    settings = settings_of(ctx)
    if assistant and settings.assistant is None:
        raise CalfeedError("no assistant is configured.", mend="Add [assistant] to calfeed.toml (docs/assistant.md).")
    chosen = sources_of(settings, sources, folder=Path.cwd(), edition_of=edition_of)
    reading = make_plan(settings, chosen, ask=None if new else new_edition(yes), asking=assistant)
    plan = reading.plan
    for told in (read.assistant for read in plan.readings.values() if read.assistant):
        click.echo(told, err=True)
    show(plan)
    if plan.differences:
        confirm(yes)
    changed = carry_out(plan, settings)
    click.echo(f"{'Written to' if changed else 'Nothing to change in'} {settings.paths.catalogue}.")
    for source in plan.results:
        if settings.source(source) is None:
            click.echo(f"To have {source!r} read again on schedule, add it to [[sources]] in calfeed.toml.")
    reading.raise_problems()
    raise_if_held(plan)
