"""What a subscriber reads in an event: its summary and its description, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import lru_cache

from babel.dates import format_timedelta

from calfeed.feeds.citation import source_line
from calfeed.feeds.text import (
    NOTE_LIMIT,
    TITLE_LIMIT,
    clean_line,
    clean_name,
    clean_text,
    clean_title,
    clean_url,
    hyphened,
    tidy,
)
from calfeed.feeds.vocabulary import day_in_words, words
from calfeed.feeds.when import in_words, is_exact, prefix
from calfeed.locales import locale_of
from calfeed.model import Edition, Event, Status
from calfeed.normalise.slugs import slug
from calfeed.occurrences import Occurrence, exact
from calfeed.occurrences import hours as hours_of
from calfeed.settings import Facet, Settings, Term

_ADDRESS = re.compile(r"https?://[^\s<>\"\u00ab\u201c]+")


def summary(event: Event, lang: str, one: Occurrence | None = None) -> str:
    """The title behind what must not be missed: that it is cancelled, and what is known of its days; of one occurrence,
    or of the event as a whole.

    "Cancelled: [Jul-Sep 2013, approx.] Regional workshop"; an exact period adds nothing."""
    period = one.period if one else event.period
    head, own = "", words(lang)
    gone = cancelled(event) or (one is not None and one.removed)
    if gone or event.status is Status.POSTPONED:
        head = f"{own['cancelled' if gone else 'postponed']}: "
    when = prefix(period, lang) if period else None
    title = clean_title(event.title)
    if title.casefold().startswith(head.casefold()):
        head = ""
    doubt = "" if gone else doubt_words(event, lang)
    return f"{head}{f'[{when}] ' if when else ''}{title}{f', {doubt}' if doubt else ''}"


def doubt_words(event: Event, lang: str) -> str:
    """What is said of a date that the source no longer stands by; "" where it does."""
    if not event.last_known or cancelled(event):
        return ""
    return words(lang)["no_new_date" if event.status is Status.POSTPONED else "under_review"]


def moved_words(event: Event, lang: str) -> str:
    """ "moved from 5 May 2027"; "" where it was not."""
    start = event.moved_from.start if event.moved_from else None
    return words(lang)["moved_from"].format(day_in_words(start, lang)) if start else ""


def cancelled(event: Event) -> bool:
    return event.status is Status.CANCELLED or event.removed is not None


def description(
    event: Event, settings: Settings, editions: Iterable[Edition], lang: str, one: Occurrence | None = None
) -> str:
    """Plain lines (rule 18), of one occurrence or of the event as a whole: local time with its zone (rule 49), the
    source's own words for the date, the rule of a recurrence in words (rule 50); the source's address last."""
    own = words(lang)
    lines = [*when_lines(event, settings, lang, one), moved_words(event, lang), doubt_words(event, lang)]
    if event.period is not None and not (is_exact(one.period) if one else exact(event)):
        lines.append(own["approximate"])
    if len(event.title) > TITLE_LIMIT:
        lines.append(clean_line(event.title, NOTE_LIMIT))
    lines += tidy([clean_text(event.note or "")])
    for facet in settings.facets:
        names = value_names(event, facet, lang)
        if names:
            lines.append(f"{facet_title(facet, lang)}: {', '.join(names)}")
    lines += own_addresses(event)
    lines.append(source_line(event, settings, editions, lang))
    return "\n".join(dict.fromkeys(tidy(lines)))


def when_lines(event: Event, settings: Settings, lang: str, one: Occurrence | None) -> Iterator[str]:
    """What is said of the date: in calfeed's words where the source's leave something to say."""
    period = one.period if one else event.period
    if period is not None and period.zone and period.times:
        yield in_words(period, lang, long=True)
    yield date_words(event, lang)
    yield from _among_others(event, lang)
    if event.period is not None and event.period.rrule is not None:
        yield in_words(event.period, lang, long=True)
    hours = one.hours if one else period and hours_of(period)
    if hours and (hours.begin is None or hours.end is None):
        minutes = settings.dates.default_minutes
        # Whole hours are told as such, and all else to the minute.
        told = {"threshold": 1} if minutes % 60 == 0 else {"threshold": minutes, "granularity": "minute"}
        length = format_timedelta(timedelta(minutes=minutes), locale=locale_of(lang), **told)
        yield words(lang)["no_end" if hours.end is None else "no_begin"].format(length)


def _among_others(event: Event, lang: str) -> Iterator[str]:
    """Which of the entry's dates the event is, and what else the entry's words can mean for it."""
    told, own = event.provenance, event.period
    if told is None or own is None:
        return
    if told.parts > 1:
        yield words(lang)["which"].format(told.part, told.parts, in_words(own, lang, long=True))
    others = []
    for reading in event.alternatives:
        same = len(reading.periods) == told.parts
        others += [reading.periods[told.part - 1]] if same else list(reading.periods)
    said = dict.fromkeys(in_words(period, lang, long=True) for period in others)
    said.pop(in_words(own, lang, long=True), None)
    if said:
        yield words(lang)["also"].format(", ".join(said))


def own_addresses(event: Event) -> list[str]:
    """The addresses that the entry itself names, but for the one that the event links to."""
    entry = event.provenance.entry if event.provenance else ""
    found = (clean_url(address.rstrip(".,;:)]>\u00bb\u201d")) for address in _ADDRESS.findall(entry))
    return [address for address in dict.fromkeys(tidy(found)) if address != clean_url(event.url)]


def facet_title(facet: Facet, lang: str) -> str:
    """A facet's title in a language that the settings have it in, else as it stands there."""
    return clean_name(facet.titles.get(lang) or facet.titles.get(lang.partition("-")[0]) or facet.title)


def date_words(event: Event, lang: str) -> str:
    """The date in the document's own words; where it has none, in calfeed's."""
    told = clean_line(event.provenance.date_text) if event.provenance else ""
    # A recurrence is told by its rule in any case.
    known = event.period if event.period is not None and event.period.rrule is None else None
    return told or (prefix(known, lang) if known else None) or ""


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
