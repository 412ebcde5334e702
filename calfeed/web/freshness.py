"""How fresh an answer is: the generation, the editions it was read from, the last check of the sources."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct

from calfeed.feeds.text import clean_line, clean_url
from calfeed.web.remembered import instant, remembered_state
from calfeed.web.site import Site


class EditionDay(Struct, frozen=True, kw_only=True):
    """The edition of a source that the events were read from.

    `day` is the day on which it was `published`; where that is not known, the day on which it was read."""

    source: str
    title: str
    day: date
    published: bool
    link: str | None = None


class Freshness(Struct, frozen=True, kw_only=True):
    """Stands in every answer. `checked` is when the sources were last looked at (UTC), null before the first time."""

    generation: str
    editions: tuple[EditionDay, ...]
    checked: datetime | None


def freshness_of(site: Site) -> Freshness:
    """The newest edition of each source, in the catalogue's order."""
    newest = {edition.source: edition for edition in sorted(site.catalogue.editions, key=lambda one: one.read)}
    editions = []
    for name, edition in newest.items():
        source = site.settings.source(name)
        title = edition.title or (source.title if source else name)
        link = clean_url(source.address) if source else None
        day, published = edition.published or edition.read.date(), edition.published is not None
        editions.append(EditionDay(source=name, title=clean_line(title), day=day, published=published, link=link))
    return Freshness(generation=site.generation.id, editions=tuple(editions), checked=last_check(site))


def last_check(site: Site) -> datetime | None:
    """When all sources of `site` had last been looked at; None before the first time."""
    times = (instant(state.get("checked")) for state in remembered_state(site.settings).values())
    return min((time for time in times if time), default=None)
