"""What the page of one event shows beside its title: why its date is as loose as it is, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l

from calfeed.dates.words import is_exact, words
from calfeed.feeds.citation import place_of, source_of
from calfeed.feeds.text import clean_line, clean_text, clean_url
from calfeed.feeds.vocabulary import day_in_words
from calfeed.feeds.vocabulary import words as feed_words
from calfeed.feeds.wording import description, doubt_words, location, moved_words, summary
from calfeed.model import Edition, Event, Inferred, Period, Precision, Qualifier, Reading, Status
from calfeed.occurrences import local, occurrences
from calfeed.reconcile.life import period_of_words
from calfeed.settings import Settings
from calfeed.web.pages.index import Index, Item
from calfeed.web.pages.language import gettext as _
from calfeed.web.pages.language import language, month_names
from calfeed.web.subscribe import Single

# What the document leaves open, a sentence for each precision.
LEFT_OPEN = {
    Precision.WEEK: _l("The document names the week, not the days."),
    Precision.MONTH: _l("The document names the month, not the days."),
    Precision.QUARTER: _l("The document names the quarter, not the days."),
    Precision.SEASON: _l("The document names the season, not the days."),
    Precision.HALF: _l("The document names the half-year, not the days."),
    Precision.YEAR: _l("The document names the year, not the days."),
    Precision.DECADE: _l("The document names the decade, not the days."),
    Precision.CENTURY: _l("The document names the century, not the days."),
}
SEVERAL_MONTHS = _l("The document names several months; the event is some days within them, or more than once.")
SEVERAL_YEARS = _l("The document names several years; the event is some days within them, or more than once.")
SAID = {
    Qualifier.STARTING: _l("It begins within this time; the document names no end."),
    Qualifier.ONGOING: _l("It was already under way, or goes on, in this time."),
    Qualifier.UNTIL: _l("It lasts until then; the document names no start."),
    Qualifier.BY: _l("This is a deadline."),
    Qualifier.EARLY: _l("The document says “early”: here the first third is shown."),
    Qualifier.MID: _l("The document says “mid”: here the middle third is shown."),
    Qualifier.LATE: _l("The document says “late”: here the last third is shown."),
    Qualifier.BEGINNING: _l("The document says “beginning of”: here the first part is shown."),
    Qualifier.END: _l("The document says “end of”: here the last part is shown."),
    Qualifier.ABOUT: _l("The document says “about”."),
    Qualifier.UNCERTAIN: _l("The document marks the date as uncertain."),
    Qualifier.TENTATIVE: _l("The document calls the date tentative."),
    Qualifier.EXPECTED: _l("The document says that it is expected then."),
    Qualifier.PLANNED: _l("The document says that it is planned for then."),
}
STATUSES = {
    Status.TENTATIVE: _l("Tentative"),
    Status.POSTPONED: _l("Postponed"),
    Status.COMPLETED: _l("Completed"),
    Status.CANCELLED: _l("Cancelled"),
}
# What the history says; nothing is said of a scheduled event elsewhere.
_STATUS_WORDS = {str(status): word for status, word in STATUSES.items()} | {"scheduled": _l("Scheduled")}
INFERRED = {
    "sibling": _l("“%(value)s” comes from the date beside it."),
    "entry": _l("“%(value)s” comes from elsewhere in the entry."),
    "heading": _l("“%(value)s” comes from the heading above."),
    "document": _l("“%(value)s” comes from the years that the document covers."),
    "reference": _l("“%(value)s” was taken from the day on which the document was read."),
}
CHANGES = {
    "added": _l("Added"),
    "created": _l("Added"),
    "changed": _l("Changed"),
    "edited": _l("Edited"),
    "moved": _l("Moved"),
    "moved, approved": _l("Moved"),
    "widened": _l("Moved"),
    "shown anew": _l("Changed"),
    "cancelled, approved": _l("Cancelled"),
    "cancelled": _l("Cancelled"),
    "restored": _l("Restored"),
    "removed": _l("Removed"),
}
FIELDS = {
    "title": _l("title"),
    "period": _l("date"),
    "place": _l("place"),
    "status": _l("status"),
    "facets": _l("grouping"),
    "note": _l("note"),
    "url": _l("address"),
}
# What the document says of an activity for those whom it concerns.
SECTIONS = {
    "audience": _l("For whom"),
    "objectives": _l("Objectives"),
    "registration": _l("Registration"),
    "contact": _l("Contact"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field's name with its old and new value; what stands for nothing is an empty text."""

    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Dated:
    """One occurrence of a recurrence; fields as an `Item` has them."""

    words: str
    first: date
    hours: tuple[datetime, datetime] | None
    exact: bool
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One change in an event's history."""

    at: datetime
    what: str
    edition: str | None
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Details:
    """All that the page says beyond the event's own fields.

    `readings` are other ways to understand the date, each as its dates in words; `siblings` are the events of the same
    entry, this one included, in order; none where it is the only one."""

    reasons: tuple[str, ...]
    open_questions: tuple[str, ...]
    readings: tuple[tuple[str, ...], ...]
    evidence: tuple[str, ...]
    entry: str
    outline: tuple[str, ...]
    place_in_source: str
    source: str
    source_link: str | None
    steps: tuple[Step, ...]
    siblings: tuple[Item, ...]
    note: str
    url: str | None
    status: str
    sections: tuple[tuple[str, str], ...]
    dates: tuple[Dated, ...]
    all_dates: str


def details(item: Item, index: Index, settings: Settings, lang: str) -> Details:
    event = item.event
    told = event.provenance
    source, link = source_of(event, settings)
    siblings = tuple(index.rows[item.row])
    return Details(
        reasons=(*_standing(event, lang), *reasons(event)),
        open_questions=tuple(clean_line(question) for question in event.review),
        readings=tuple(_in_words(reading, event.period, lang) for reading in event.alternatives if reading.periods),
        evidence=tuple(clean_line(evidence.words) for evidence in told.evidence) if told else (),
        entry=clean_text(told.entry) if told else "",
        outline=tuple(clean_line(heading) for heading in told.outline) if told else (),
        place_in_source=place_of(event, settings, lang),
        source=source,
        source_link=link,
        steps=tuple(_steps(event, lang)),
        siblings=siblings if len(siblings) > 1 else (),
        note=clean_text(event.note or ""),
        url=clean_url(event.url),
        dates=tuple(_dates(item, settings, lang)),
        all_dates=feed_words(lang)["all_dates"],
        sections=_sections(event),
        status=str(STATUSES[Status.CANCELLED]) if item.cancelled else str(STATUSES.get(event.status, "")),
    )


def _dates(item: Item, settings: Settings, lang: str) -> Iterator[Dated]:
    """The occurrences of a recurrence, what no longer takes place among them."""
    days = occurrences(item.event)
    for one in days if len(days) > 1 else ():
        gone = item.cancelled or one.removed
        yield Dated(words(one.period, lang), one.first, local(one, settings), is_exact(one.period), gone)


def _standing(event: Event, lang: str) -> tuple[str, ...]:
    """Whether its date was moved, or is in doubt; in the words of its feeds."""
    told = (moved_words(event, lang), doubt_words(event, lang))
    return tuple(f"{text[0].upper()}{text[1:]}." for text in told if text)


def _sections(event: Event) -> tuple[tuple[str, str], ...]:
    """Titles and texts of what the document says of the event's activity."""
    said = event.provenance.sections if event.provenance else {}
    return tuple((str(title), clean_text(said[name])) for name, title in SECTIONS.items() if name in said)


def reasons(event: Event) -> list[str]:
    """Why the date is no exact one, a sentence each; none where it is exact. In the language of the request."""
    period = event.period
    if period is None:
        return [_("The document names no date.")]
    found = []
    if period.precision in LEFT_OPEN and period.rrule is None and period.qualifier not in SAID.keys() - _VAGUE:
        found.append(str(_left_open(period)))
    if period.qualifier:
        found.append(str(SAID[period.qualifier]))
    inferred = event.provenance.inferred if event.provenance else ()
    known = [one for one in inferred if one.origin in INFERRED]
    return [*found, *(str(INFERRED[one.origin]) % {"value": _inferred(one)} for one in known)]


def _inferred(one: Inferred) -> str:
    """The value of a field that was lent, as a reader says it: a month by its name."""
    if one.field == "month" and one.value.isdecimal() and 1 <= int(one.value) <= 12:
        return month_names(language(), "wide")[int(one.value) - 1]
    return clean_line(one.value)


def _in_words(reading: Reading, own: Period | None, lang: str) -> tuple[str, ...]:
    """Another reading's dates; where words alone would not tell one from the event's own, with its days."""
    told = []
    for period in reading.periods:
        said = words(period, lang)
        if own is not None and period != own and said == words(own, lang):
            days = [day_in_words(day, lang) if day else "…" for day in (period.start, period.end)]
            said = f"{said} ({' – '.join(dict.fromkeys(days))})"
        told.append(said)
    return tuple(told)


# Qualifiers that leave the unit named as it is; the others explain themselves.
_VAGUE = {
    Qualifier.STARTING,
    Qualifier.ABOUT,
    Qualifier.UNCERTAIN,
    Qualifier.TENTATIVE,
    Qualifier.EXPECTED,
    Qualifier.PLANNED,
}


def _left_open(period: Period) -> object:
    if period.start and period.end:
        if period.precision is Precision.YEAR and period.start.year != period.end.year:
            return SEVERAL_YEARS
        if period.precision is Precision.MONTH and (period.end - period.start).days > 31:
            return SEVERAL_MONTHS
    return LEFT_OPEN[period.precision]


def _steps(event: Event, lang: str) -> list[Step]:
    """The history, the latest first, and at its end the day on which the event was first read."""
    steps = [
        Step(
            at=change.at,
            what=str(CHANGES.get(change.what, clean_line(change.what))),
            edition=clean_line(change.edition) if change.edition else None,
            differences=tuple(
                Difference(str(FIELDS.get(name, name)), _told(name, old, lang), _told(name, new, lang))
                for name, (old, new) in change.fields.items()
            ),
        )
        for change in sorted(event.history, key=lambda change: change.at, reverse=True)
    ]
    if not any(change.at == event.revision.created for change in event.history):
        steps.append(Step(event.revision.created, str(CHANGES["added"]), None, ()))
    return steps


def _told(name: str, value: str, lang: str) -> str:
    """A value of the history, as the reader's language has it where it is a word of ours."""
    if name == "status" and value in _STATUS_WORDS:
        return str(_STATUS_WORDS[value])
    if name == "period" and (period := period_of_words(value)):
        return words(period, lang, long=True)
    return clean_line(value)


def single(item: Item, settings: Settings, editions: tuple[Edition, ...], lang: str) -> Single | None:
    """The event as a form of another calendar takes it; None without a date, and of a recurrence, which is many."""
    if item.first is None or item.last is None or len(item.spans) > 1:
        return None
    return Single(
        title=summary(item.event, lang)[:200],
        first=item.first,
        last=item.last,
        details=description(item.event, settings, editions, lang)[:1000],
        place=location(item.event),
        hours=item.hours,
    )
