"""iCalendar (RFC 5545): each VEVENT is an item that states its event; recurrences as the days that they give.

A rule is expanded within twelve months, from the day given, else from its own start: a year of weekly meetings is 52
items. A rule that gives more than MAX_OCCURRENCES in a year is no calendar for people: its first is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import recurring_ical_events

from calfeed.documents.build import span, too_large
from calfeed.documents.language import guess
from calfeed.documents.tree import Node, NodeKind, Progress, Stated, Tree
from calfeed.errors import DocumentError, Spot
from calfeed.model import Where

MAX_EVENTS = 20_000
MAX_OCCURRENCES = 1_000
_YEAR = timedelta(days=366)
_MONTH = timedelta(days=61)
_FIELDS = ("DESCRIPTION", "LOCATION", "URL", "CONTACT", "COMMENT", "CATEGORIES")
# Rules of these would give more days than any calendar shows; the first is stated, and what was left is said.
_TOO_OFTEN = frozenset(("SECONDLY", "MINUTELY", "HOURLY"))
_RECURRING = ("RRULE", "RDATE", "RECURRENCE-ID")


def read(
    text: str, *, source: str, lang: str | None = None, progress: Progress | None = None, today: date | None = None
) -> Tree:
    """The tree of an iCalendar stream: a list of items, one for each event or occurrence.

    `today` is the day around which recurrences are expanded: none that lie more than twelve months before or after.
    Raises DocumentError where the stream cannot be read, or has more than MAX_EVENTS events.
    """
    left: list[str] = []
    lines = _lines(text)
    items: list[Node] = []
    name = ""
    for calendar in _calendars(text, source):
        name = name or " ".join(str(calendar.get("X-WR-CALNAME") or calendar.get("NAME") or "").split())
        components = [part for part in calendar.subcomponents if part.name in ("VEVENT", "VTODO")]
        places = {id(part): next(lines, Where()) for part in components}
        series = {_uid(part) for part in components if any(part.get(field) for field in _RECURRING)}
        expanded: set[str] = set()
        for part in components:
            uid = _uid(part)
            if uid not in series or part.name != "VEVENT":
                items.append(_item(part, part, places[id(part)]))
            elif not part.get("RECURRENCE-ID") and uid not in expanded:
                expanded.add(uid)
                held = _occurrences(calendar, part, components, today, left)
                items.extend(_item(occurrence, part, places[id(part)]) for occurrence in held)
            if len(items) > MAX_EVENTS:
                raise too_large(source, f"more than {MAX_EVENTS:,} events")
    children = (Node(kind=NodeKind.LIST, children=tuple(items), where=span(items), level=1),) if items else ()
    return Tree(
        source=source,
        media_type="text/calendar",
        root=Node(kind=NodeKind.DOCUMENT, text=name, children=children, where=span(children)),
        lang=lang or guess(" ".join(item.text for item in items)),
        title=name or None,
        left=tuple(left),
    )


def _calendars(text: str, source: str) -> list[icalendar.Component]:
    """The calendars of a stream. What stands behind a cut is lost with it, so a cut stream is refused whole."""
    try:
        found = icalendar.Calendar.from_ical(text, multiple=True)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, RecursionError) as error:
        raise DocumentError(
            f"this iCalendar stream cannot be read: {error}.",
            spot=Spot(source),
            mend="Run `calfeed lint` on it, and give it whole.",
        ) from error
    if text.upper().count("BEGIN:VCALENDAR") > text.upper().count("END:VCALENDAR"):
        raise DocumentError(
            "this iCalendar stream ends before its calendar does.", spot=Spot(source), mend="Fetch it again."
        )
    return list(found)


def _lines(text: str) -> Iterator[Where]:
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        folded = line.strip().upper()
        if folded in ("BEGIN:VEVENT", "BEGIN:VTODO"):
            start = number
        elif folded in ("END:VEVENT", "END:VTODO") and start:
            yield Where(lines=(start, number))


def _uid(part: Any) -> str:
    return str(part.get("UID") or id(part))


def _occurrences(
    calendar: Any, master: Any, components: list[Any], today: date | None, left: list[str]
) -> Iterable[Any]:
    """The occurrences of a recurring event within the window; the event itself where its rule gives none that ends."""
    rules = master.get("RRULE")
    rules = rules if isinstance(rules, list) else [rules]
    often = any(str(freq).upper() in _TOO_OFTEN for rule in rules if rule for freq in rule.get("FREQ", ()))
    begin = getattr(master.get("DTSTART"), "dt", None)
    if often or begin is None:
        left.append(f"The recurrence of “{master.get('SUMMARY', '')}” gives too many days: only its first was read.")
        return [master]
    first = _day(begin)
    start = first if today is None else max(first, today - _YEAR)
    end = (first if today is None else max(first, today)) + _YEAR
    alone = icalendar.Calendar()
    for part in calendar.subcomponents:
        if part.name == "VTIMEZONE":
            alone.add_component(part)
    for part in components:
        if _uid(part) == _uid(master):
            alone.add_component(part)
    try:
        query = recurring_ical_events.of(alone, skip_bad_series=True)
        found: dict[str, Any] = {}
        # A month at a time, so that a rule that gives too much is known early.
        while start < end and len(found) <= MAX_OCCURRENCES:
            found |= {str(one.get("DTSTART").dt): one for one in query.between(start, min(start + _MONTH, end))}
            start += _MONTH
        if len(found) <= MAX_OCCURRENCES:
            return list(found.values())
    except (ValueError, OverflowError, TypeError, AttributeError, KeyError):
        left.append(f"The recurrence of “{master.get('SUMMARY', '')}” cannot be read: only its first was.")
        return [master]
    left.append(f"The recurrence of “{master.get('SUMMARY', '')}” gives too many days: only its first was read.")
    return [master]


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _item(part: Any, master: Any, where: Where) -> Node:
    title = _words(part, "SUMMARY")
    pairs = [_pair(field, text, where) for field in ("DTSTART", "DTEND", "DUE") if (text := _written(part, field))]
    pairs += [_pair(field, text, where) for field in _FIELDS if (text := _words(part, field))]
    if rule := master.get("RRULE"):
        pairs.append(_pair("RRULE", _rule(rule), where))
    stated = _stated(part, title) if part.name == "VEVENT" and title else None
    return Node(kind=NodeKind.ITEM, text=title, where=where, level=1, children=tuple(pairs), stated=stated)


def _rule(rule: Any) -> str:
    return " ".join(one.to_ical().decode() for one in (rule if isinstance(rule, list) else [rule]))


def _pair(label: str, text: str, where: Where) -> Node:
    return Node(kind=NodeKind.PAIR, label=label, text=text, where=where)


def _stated(part: Any, title: str) -> Stated:
    start, end = _moment(part, "DTSTART"), _moment(part, "DTEND")
    duration = getattr(part.get("DURATION"), "dt", None)
    if end is None and start is not None and isinstance(duration, timedelta):
        end = start + duration
    # RFC 5545, 3.6.1: DTEND is exclusive; of days, the one before it is the last.
    if end is not None and not isinstance(end, datetime):
        end = max(end - timedelta(days=1), start) if start and not isinstance(start, datetime) else end
    zone = getattr(start, "tzinfo", None)
    return Stated(
        title=title,
        start=start,
        end=end,
        zone=str(zone) if zone is not None and "/" in str(zone) else None,
        place=_words(part, "LOCATION") or None,
        address=_words(part, "URL") or None,
        status=str(part.get("STATUS")).lower() if part.get("STATUS") else None,
    )


def _moment(part: Any, field: str) -> date | datetime | None:
    value = getattr(part.get(field), "dt", None)
    return value if isinstance(value, date) else None


def _written(part: Any, field: str) -> str:
    value = _moment(part, field)
    return value.isoformat(*((" ", "minutes") if isinstance(value, datetime) else ())) if value else ""


def _words(part: Any, field: str) -> str:
    value = part.get(field)
    if isinstance(value, list):
        value = value[0] if value else None
    text = value.to_ical().decode() if hasattr(value, "cats") else value
    return "\n".join(filter(None, (" ".join(line.split()) for line in str(text or "").split("\n"))))
