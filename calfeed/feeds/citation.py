"""Where an event was read, as readers can find it: the published document, the place in it, the day of its edition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from msgspec.structs import replace

from calfeed.feeds.text import clean_line, clean_url, tidy
from calfeed.feeds.vocabulary import day_in_words, words
from calfeed.model import Edition, Event, Where
from calfeed.settings import Settings

LONGEST_HEADING = 120  # characters


def source_line(event: Event, settings: Settings, editions: Iterable[Edition], lang: str) -> str:
    """Where the event was read: title of the source, place in it, day of the edition, address."""
    own = words(lang)
    page = f"{settings.site.url}/events/{event.uid}"
    if event.provenance is None:
        return f"{own['source']}: {page}"
    title, link = source_of(event, settings)
    edition = edition_day(event, settings, editions)
    dated = f"{own['edition' if edition.published else 'read']} {day_in_words(edition.day, lang)}" if edition else None
    told = ", ".join(tidy([title, place_of(event, settings, lang), dated]))
    return f"{own['source']}: {told}, {link or page}"


def source_of(event: Event, settings: Settings) -> tuple[str, str | None]:
    """Title and public address (None: it has none) of the document that an event was read in; of a PDF, its page."""
    told = event.provenance
    source = settings.source(told.source) if told else None
    if source is None:
        return clean_line(told.source if told else ""), None
    link = clean_url(source.address)
    pages = cited_place(event).pages
    if link and pages and not source.excerpt and urlsplit(link).path.lower().endswith(".pdf") and "#" not in link:
        link = f"{link}#page={pages[0]}"
    return clean_line(source.title), link


def place_of(event: Event, settings: Settings, lang: str) -> str:
    """The place in the published document: its lines, pages or cells. What was read in an excerpt has the document's
    own heading instead: the excerpt's lines are not the document's."""
    told = event.provenance
    source = settings.source(told.source) if told else None
    if told is None or source is None or not source.excerpt:
        return place_in_words(cited_place(event), lang)
    heading = clean_line(told.outline[-2] if len(told.outline) > 1 else "".join(told.outline), LONGEST_HEADING)
    return f"“{heading}”" if heading else ""


class EditionDay(NamedTuple):
    """The day on which an edition was published, or, where nobody knows that, the day on which it was read."""

    day: date
    published: bool


def edition_day(event: Event, settings: Settings, editions: Iterable[Edition]) -> EditionDay | None:
    """The day of the edition that the event's present content was read from.

    A later edition that left the event as it was does not count: an unchanged event keeps its bytes."""
    if event.provenance is None:
        return None
    editions = tuple(editions)
    edition = event.edition(editions)
    published, read = (edition.published, edition.read) if edition else (None, event.taken)
    if not any(known.source == event.provenance.source for known in editions):
        source = settings.source(event.provenance.source)
        published = source.published if source else None
    return EditionDay(published or read.date(), published is not None)


def cited_place(event: Event) -> Where:
    """The place in that edition."""
    if event.revision.where is not None:
        return event.revision.where
    return event.provenance.where if event.provenance else Where()


def as_cited(event: Event) -> Event:
    """The event as it stood in that edition. What the document says of its activity is no part of it: that may change
    while the event does not."""
    if event.provenance is None:
        return event
    told = replace(event.provenance, where=event.revision.where or event.provenance.where, sections={})
    return replace(event, provenance=told, revision=replace(event.revision, where=None))


def place_in_words(where: Where, lang: str) -> str:
    """ "line 12", "pages 3-4", "sheet 2027, cell B7" in `lang`."""
    own = words(lang)
    spans = (("page", where.pages), ("line", where.lines))
    told = [
        f"{own[unit]} {span[0]}" if span[0] == span[1] else f"{own[f'{unit}s']} {span[0]}-{span[1]}"
        for unit, span in spans
        if span
    ]
    told += [f"{own[unit]} {name}" for unit, name in (("sheet", where.sheet), ("cell", where.cell)) if name]
    return clean_line(", ".join(told))
