"""`calfeed check`: whether settings, catalogue and sources can be used."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from calfeed.cli import settings_of
from calfeed.errors import CalfeedError, CatalogueError, Spot
from calfeed.model import Event
from calfeed.settings import Settings


@click.command(short_help="Look for mistakes in calfeed.toml, data/events.toml and the sources.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Look for mistakes in calfeed.toml, data/events.toml and the documents on disk, and in the feeds that they would
    give; write nothing.

    Sources with a URL are not fetched: `calfeed fetch` does that. The exit status is 0 where all can be used.
    """
    from calfeed.cli.differences import utc_now
    from calfeed.feeds import build
    from calfeed.fetch import fetch
    from calfeed.importing import begin
    from calfeed.sources import read_source

    settings = settings_of(ctx)
    now = utc_now()
    plan = begin(settings, now=now)
    events = plan.catalogue.events
    live = [event for event in events if event.removed is None]
    click.echo(f"{settings.paths.catalogue}: {len(live)} events, {len(events) - len(live)} that have left.")
    if plan.differences:
        click.echo(f"{len(plan.differences)} edits by hand are published with the next import or build.")
    problems: list[CalfeedError] = [*plan.stored.faults, *_strange_facets(live, settings)]
    try:
        build(plan.catalogue, settings, today=now.date())
    except CalfeedError as error:
        problems.append(error)
    for source in settings.sources:
        if source.path is None:
            continue
        try:
            fetched = fetch(source, Path(settings.folder))
            read = read_source(source, fetched, settings, known=plan.catalogue.editions, now=now)
            also = f", {len(read.suggested)} suggested" if read.suggested else ""
            click.echo(f"{source.path}: {len(read.accepted)} entries{also}.")
        except CalfeedError as error:
            problems.append(error)
    for problem in problems[:-1]:
        click.echo(f"calfeed: {problem}", err=True)
    if problems:
        raise problems[-1]
    review = sum(bool(event.review) for event in live)
    click.echo(f"{review} events are for review: see `calfeed review`." if review else "No event is for review.")


def _strange_facets(events: Sequence[Event], settings: Settings) -> Iterator[CatalogueError]:
    """The facets and values of events that calfeed.toml does not know; facets of headings take any value."""
    known = {facet.name: facet for facet in settings.facets}
    for event in events:
        for name, values in event.facets.items():
            if (facet := known.get(name)) is None:
                yield _strange(event, f"facets.{name}", name, list(known), settings)
            elif not facet.outline:
                terms = [term.id for term in facet.values]
                strangers = (value for value in values if value not in terms)
                yield from (_strange(event, f"facets.{name}", value, terms, settings) for value in strangers)


def _strange(event: Event, field: str, name: str, known: Sequence[str], settings: Settings) -> CatalogueError:
    like = difflib.get_close_matches(name, known, n=1)
    return CatalogueError(
        f"calfeed.toml has no {name!r}{f' (did you mean {like[0]!r}?)' if like else ''}; expected {', '.join(known)}.",
        spot=Spot(settings.catalogue_path, field=f"{field} of the event {event.title!r}"),
        mend="Correct it, or add it to calfeed.toml.",
    )
