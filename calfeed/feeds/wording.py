"""What a subscriber reads in an event: its summary and its description, in one language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from msgspec.structs import replace

from calfeed.feeds.text import clean_line, clean_name, clean_text, clean_title, clean_url, hyphened, tidy
from calfeed.feeds.when import prefix
from calfeed.model import Edition, Event, Period, Status, Where
from calfeed.normalise.slugs import slug
from calfeed.settings import Facet, Settings, Term


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("calfeed.feeds").joinpath("words.toml").read_text("utf-8"))


@cache
def words(lang: str) -> dict[str, str]:
    """The words that calfeed adds, in `lang` (BCP 47), English where it has no table."""
    tables = _tables()
    return tables.get(lang) or tables.get(lang.partition("-")[0].lower()) or tables["en"]


@lru_cache(maxsize=4096)
def day_in_words(day: date, lang: str) -> str:
    """A day as CLDR writes it at full length: 15 January 2013."""
    try:
        locale = Locale.parse(lang, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    # CLDR's own English is American; the day before the month is what all of the world reads alike.
    return format_date(day, format="d MMMM yyyy" if locale.language == "en" else "long", locale=locale)


def summary(event: Event, period: Period | None, lang: str) -> str:
    """The title behind what must not be missed: that it is cancelled, and what is known of its days.

    "Cancelled: [Jul-Sep 2013, approx.] Regional workshop"; an exact period adds nothing."""
    head = ""
    if cancelled(event):
        head = f"{words(lang)['cancelled']}: "
    elif event.status is Status.POSTPONED:
        head = f"{words(lang)['postponed']}: "
    when = prefix(period, lang) if period else None
    return f"{head}[{when}] {clean_title(event.title)}" if when else f"{head}{clean_title(event.title)}"


def cancelled(event: Event) -> bool:
    return event.status is Status.CANCELLED or event.removed is not None


def description(event: Event, settings: Settings, editions: Iterable[Edition], lang: str) -> str:
    """Plain lines (rule 18): the source's own words for the date first, the source's address last."""
    own = words(lang)
    lines = [date_words(event, lang)]
    if event.period is not None and prefix(event.period, lang) is not None:
        lines.append(own["approximate"])
    lines += tidy([clean_text(event.note or "")])
    for facet in settings.facets:
        names = value_names(event, facet, lang)
        if names:
            lines.append(f"{clean_name(facet.title)}: {', '.join(names)}")
    lines.append(source_line(event, settings, editions, lang))
    return "\n".join(tidy(lines))


def date_words(event: Event, lang: str) -> str:
    """The date in the document's own words; where it has none, in calfeed's."""
    told = clean_line(event.provenance.date_text) if event.provenance else ""
    return told or (prefix(event.period, lang) if event.period else None) or ""


def source_line(event: Event, settings: Settings, editions: Iterable[Edition], lang: str) -> str:
    """Where the event was read: title of the source, place in it, day of the edition, address."""
    own = words(lang)
    if event.provenance is None:
        return f"{own['source']}: {event_address(event, settings)}"
    title, link = source_of(event, settings)
    edition = edition_day(event, settings, editions)
    dated = f"{own['edition' if edition.published else 'read']} {day_in_words(edition.day, lang)}" if edition else None
    told = ", ".join(tidy([title, place_in_words(cited_place(event), lang), dated]))
    return f"{own['source']}: {told}, {link or event_address(event, settings)}"


def source_of(event: Event, settings: Settings) -> tuple[str, str | None]:
    """Title and public address (None: it has none) of the source that an event was read in."""
    name = event.provenance.source if event.provenance else ""
    source = settings.source(name)
    if source is None:
        return clean_line(name), None
    return clean_line(source.title), clean_url(source.address)


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
    """The event as it stood in that edition."""
    if event.revision.where is None or event.provenance is None:
        return event
    told = replace(event.provenance, where=event.revision.where)
    return replace(event, provenance=told, revision=replace(event.revision, where=None))


def place_in_words(where: Where, lang: str) -> str:
    """ "line 12", "pages 3-4", in `lang`."""
    own = words(lang)
    spans = ((own["line"], own["lines"], where.lines), (own["page"], own["pages"], where.pages))
    told = [(one if span[0] == span[1] else many, span) for one, many, span in spans if span]
    return ", ".join(f"{unit} {a}" if a == b else f"{unit} {a}-{b}" for unit, (a, b) in told)


def event_address(event: Event, settings: Settings) -> str:
    return f"{settings.site.url}/events/{event.uid}"


def location(event: Event) -> str | None:
    return clean_line(event.place) if event.place else None


def value_names(event: Event, facet: Facet, lang: str) -> list[str]:
    """The names of the event's values of a facet, as people read them."""
    return [value_name(value, facet, event, lang) for value in event.facets.get(facet.name, ())]


def value_name(value: str, facet: Facet, event: Event | None, lang: str) -> str:
    """The name of a facet's value: from the settings, or from the heading that it was made of."""
    term = _terms(facet).get(value)
    if term is not None:
        return clean_name(term.names.get(lang) or term.names.get(lang.partition("-")[0]) or term.name)
    if facet.outline and event is not None and event.provenance is not None:
        for heading in event.provenance.outline:
            for part in (heading, *heading.split("; ")):
                if slug_of(clean_line(part)) == hyphened(value):
                    return clean_name(part)
    return clean_name(value.replace("-", " ")).capitalize()


def _terms(facet: Facet) -> dict[str, Term]:
    """The terms of a facet by id. A facet cannot be hashed: it is remembered by its identity, and kept alive for it."""
    known = _known_terms.get(id(facet))
    if known is None:
        if len(_known_terms) >= 64:
            _known_terms.clear()
        known = _known_terms[id(facet)] = facet, {term.id: term for term in facet.values}
    return known[1]


_known_terms: dict[int, tuple[Facet, dict[str, Term]]] = {}


slug_of = lru_cache(maxsize=8192)(slug)
