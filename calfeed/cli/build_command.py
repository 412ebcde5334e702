"""calfeed build: make the feeds from the catalogue and publish them to the feeds' folder."""

from __future__ import annotations

import click
from msgspec.structs import replace

from calfeed.cli import settings_of
from calfeed.errors import CalfeedError


@click.command()
@click.option("--check", is_flag=True, help="Publish nothing; exit with 1 if the folder is not up to date.")
@click.option("--quiet", "-q", is_flag=True, help="Print no table.")
@click.pass_context
def command(ctx: click.Context, check: bool, quiet: bool) -> None:
    """Make all feeds from data/events.toml and publish them to feeds/, whole and at once.

    What was edited by hand is taken in first, with a new revision for each event that was touched. Nothing is
    written where nothing has changed: neither a byte nor a time of modification.
    """
    from calfeed.cli.differences import raise_all, raise_if_held, utc_now
    from calfeed.feeds import RenderCache, build, feeds_of, members
    from calfeed.importing import begin, carry_out, finish
    from calfeed.issuing import issue, prepared
    from calfeed.occurrences import occurrences
    from calfeed.publish import is_published, repair

    settings, now, cache = settings_of(ctx), utc_now(), RenderCache()
    if not check:
        for sentence in repair(settings.feeds_path):
            click.echo(sentence, err=True)
    plan = finish(begin(settings, now=now), settings, now=now)
    catalogue = prepared(plan.catalogue, settings, now=now, cache=cache)
    if not check and (plan.stored.octets is not None or catalogue.events):
        carry_out(replace(plan, catalogue=catalogue), settings)
    with click.progressbar(length=1, label="Building", hidden=quiet or len(catalogue.events) < 2000) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        if check:
            generation = build(catalogue, settings, today=now.date(), cache=cache, progress=progress)
            changed = False
        else:
            generation, changed = issue(catalogue, settings, now=now, cache=cache, progress=progress)
    if check and not is_published(generation, settings.feeds_path):
        raise CalfeedError(f"{settings.feeds_path} is not up to date.", mend="Run `calfeed build`.")
    if not quiet:
        feeds = feeds_of(catalogue, settings)
        standing = members(catalogue, settings, feeds)
        width = max(len(feed.slug) for feed in feeds)
        click.echo(f"{'feed':{width}}  events  undated     bytes  name")
        for feed in feeds:
            events = standing[feed.slug]
            undated = sum(not occurrences(event) for event in events)
            size = len(generation.files[f"{feed.slug}.ics"])
            click.echo(f"{feed.slug:{width}}  {len(events):6}  {undated:7}  {size:8,}  {feed.name}")
    did = "published to" if changed else "unchanged in"
    click.echo(f"{len(generation.files)} files, generation {generation.id}, {did} {settings.paths.feeds}/")
    raise_all(plan.stored.faults)
    raise_if_held(plan)
