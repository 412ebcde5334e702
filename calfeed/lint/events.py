"""Rules on an event's identity, revision and time (RFC 5545, sections 3.6.1 and 3.8)."""

from __future__ import annotations

from collections.abc import Iterator

from calfeed.lint.stream import Component, Line, Stream
from calfeed.lint.table import Hit, check, hit
from calfeed.lint.values import (
    FREQUENCIES,
    RECURRENCE_PARTS,
    Moment,
    is_duration,
    moment,
    moment_of,
    parse_moment,
    recurrence_parts,
    whole_number,
)

_IDENTIFIED = ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY")
_MOMENTS = (
    "DTSTART",
    "DTEND",
    "DUE",
    "RECURRENCE-ID",
    "EXDATE",
    "RDATE",
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "COMPLETED",
)
_STAMPS = ("DTSTAMP", "CREATED", "LAST-MODIFIED", "COMPLETED")
_LISTS = ("EXDATE", "RDATE")
_DURATIONS = ("DURATION", "REFRESH-INTERVAL", "X-PUBLISHED-TTL")

UID_OCTETS = 255
# What a calendar program can expand without a pause; a daily event for 27 years.
OCCURRENCES = 10_000
SPAN_YEARS = 30


def _identified(stream: Stream) -> Iterator[Component]:
    return (component for component in stream.components if component.name in _IDENTIFIED)


def _moments(stream: Stream) -> Iterator[tuple[Line, str, Moment | None]]:
    """Each date or time outside of VTIMEZONE (whose times are local by nature), with its text and what it reads as."""
    for component in stream.components:
        if component.name in ("STANDARD", "DAYLIGHT"):
            continue
        for line in component.properties:
            if line.name in _MOMENTS and line.parameter("VALUE") != "PERIOD" and not line.fault:
                for text in line.value.split(",") if line.name in _LISTS else [line.value]:
                    yield line, text, parse_moment(text, line.parameter("TZID"))


def _spans(stream: Stream) -> Iterator[tuple[Line, Moment, Moment]]:
    """The DTEND line of each event that has both ends, and the two."""
    for event in stream.events:
        end_line = event.first("DTEND")
        start, end = moment_of(event, "DTSTART"), moment(end_line)
        if end_line and start and end:
            yield end_line, start, end


@check("uid-missing")
def uid_missing(stream: Stream) -> Iterator[Hit]:
    for component in _identified(stream):
        uid = component.first("UID")
        if not uid or not uid.value.strip():
            yield hit(component.line, component=component.name)


@check("uid-duplicate")
def uid_duplicate(stream: Stream) -> Iterator[Hit]:
    seen: dict[tuple[str, str, str], int] = {}
    for component in _identified(stream):
        uid, recurrence = component.first("UID"), component.first("RECURRENCE-ID")
        if uid and uid.value.strip():
            key = component.name, uid.value, recurrence.value if recurrence else ""
            if key in seen:
                yield hit(uid.number, uid=uid.value, first=seen[key])
            seen.setdefault(key, uid.number)


@check("uid-long")
def uid_long(stream: Stream) -> Iterator[Hit]:
    for component in _identified(stream):
        for uid in component.every("UID"):
            if (octets := len(uid.value.encode("utf-8", "replace"))) >= UID_OCTETS:
                yield hit(uid.number, octets=octets)


@check("dtstamp-missing")
def dtstamp_missing(stream: Stream) -> Iterator[Hit]:
    for component in _identified(stream):
        if not component.first("DTSTAMP"):
            yield hit(component.line, component=component.name)


@check("stamp-not-utc")
def stamp_not_utc(stream: Stream) -> Iterator[Hit]:
    for line, _, when in _moments(stream):
        if line.name in _STAMPS and when and when.zone != "Z":
            yield hit(line.number, name=line.name)


@check("modified-before-created")
def modified_before_created(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        line = component.first("LAST-MODIFIED")
        created, modified = moment_of(component, "CREATED"), moment(line)
        if line and created and modified and modified.comparable(created) and modified.precedes(created):
            yield hit(line.number)


@check("sequence")
def sequence(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        for line in component.every("SEQUENCE"):
            if whole_number(line.value) is None:
                yield hit(line.number, value=line.value or "empty")


@check("dtstart-missing")
def dtstart_missing(stream: Stream) -> Iterator[Hit]:
    for event in stream.events:
        if not event.first("DTSTART"):
            yield hit(event.line)


@check("dtend-missing")
def dtend_missing(stream: Stream) -> Iterator[Hit]:
    for event in stream.events:
        if event.first("DTSTART") and not event.first("DTEND") and not event.first("DURATION"):
            yield hit(event.line)


@check("dtend-equals-dtstart")
def dtend_equals_dtstart(stream: Stream) -> Iterator[Hit]:
    for line, start, end in _spans(stream):
        if start.is_date and end.is_date and start.day == end.day:
            yield hit(line.number)


@check("dtend-not-later")
def dtend_not_later(stream: Stream) -> Iterator[Hit]:
    for line, start, end in _spans(stream):
        equal_days = start.is_date and start.day == end.day
        if start.comparable(end) and not start.precedes(end) and not equal_days:
            yield hit(line.number, start=start.time or start.day, end=end.time or end.day)


@check("dtend-and-duration")
def dtend_and_duration(stream: Stream) -> Iterator[Hit]:
    for event in stream.events:
        duration = event.first("DURATION")
        if duration and event.first("DTEND"):
            yield hit(duration.number)


@check("mixed-date-types")
def mixed_date_types(stream: Stream) -> Iterator[Hit]:
    for line, start, end in _spans(stream):
        if start.is_date != end.is_date:
            yield hit(line.number, start=_type_name(start), end=_type_name(end))


@check("date-without-value")
def date_without_value(stream: Stream) -> Iterator[Hit]:
    for line, text, when in _moments(stream):
        if when and when.is_date and line.name not in _STAMPS and line.parameter("VALUE") is None:
            yield hit(line.number, name=line.name, value=text)


@check("bad-date")
def bad_date(stream: Stream) -> Iterator[Hit]:
    for line, text, when in _moments(stream):
        declared = line.parameter("VALUE")
        contradicts = when is not None and declared is not None and declared.upper() != _type_name(when)
        if when is None or contradicts:
            yield hit(line.number, name=line.name, value=text or "empty", type=declared or "date or time")


@check("bad-duration")
def bad_duration(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        for line in component.properties:
            if line.name in _DURATIONS and not line.fault and not is_duration(line.value):
                yield hit(line.number, name=line.name, value=line.value or "empty")


@check("improbable-span")
def improbable_span(stream: Stream) -> Iterator[Hit]:
    for line, start, end in _spans(stream):
        if (years := end.day.year - start.day.year) > SPAN_YEARS:
            yield hit(line.number, years=years)


@check("tzid-undeclared")
def tzid_undeclared(stream: Stream) -> Iterator[Hit]:
    zones = {
        line.value
        for component in stream.components
        if component.name == "VTIMEZONE"
        for line in component.every("TZID")
    }
    for component in stream.components:
        for line in component.properties:
            zone = line.parameter("TZID")
            # A leading slash names a zone of a registry, which needs no declaration (section 3.2.19).
            if zone and zone not in zones and not zone.startswith("/") and not line.value.endswith("Z"):
                yield hit(line.number, zone=zone)


@check("tzid-on-utc")
def tzid_on_utc(stream: Stream) -> Iterator[Hit]:
    for line, text, when in _moments(stream):
        if line.parameter("TZID") and when and when.zone == "Z":
            yield hit(line.number, name=line.name, value=text)


@check("floating-time")
def floating_time(stream: Stream) -> Iterator[Hit]:
    for line, _, when in _moments(stream):
        if line.name not in _STAMPS and when and when.time and not when.zone:
            yield hit(line.number, name=line.name)


@check("rrule")
def rrule(stream: Stream) -> Iterator[Hit]:
    for line in _recurrences(stream):
        if reason := _recurrence_fault(recurrence_parts(line.value)):
            yield hit(line.number, reason=reason)


@check("rrule-absurd")
def rrule_absurd(stream: Stream) -> Iterator[Hit]:
    for line in _recurrences(stream):
        parts = dict(recurrence_parts(line.value))
        count = whole_number(parts.get("COUNT", ""))
        if parts.get("FREQ") in ("SECONDLY", "MINUTELY"):
            yield hit(line.number, reason=f"an occurrence {parts['FREQ'].lower()}")
        elif count and count > OCCURRENCES:
            yield hit(line.number, reason=f"{count:,} occurrences")


def _recurrences(stream: Stream) -> Iterator[Line]:
    for component in stream.components:
        if component.name not in ("STANDARD", "DAYLIGHT"):
            yield from component.every("RRULE")


def _recurrence_fault(parts: list[tuple[str, str]]) -> str | None:
    names = [name for name, _ in parts]
    values = dict(parts)
    if unknown := [name for name in names if name not in RECURRENCE_PARTS]:
        return f"{unknown[0]} is unknown" if unknown[0] else "it has an empty part"
    if len(values) < len(names):
        return "a part stands twice"
    if values.get("FREQ") not in FREQUENCIES:
        return f"FREQ is {values['FREQ']}" if "FREQ" in values else "FREQ is missing"
    if "COUNT" in values and "UNTIL" in values:
        return "COUNT and UNTIL exclude each other"
    for name in ("COUNT", "INTERVAL"):
        if not whole_number(values.get(name, "1")):
            return f"{name} is {values[name] or 'empty'}"
    if "UNTIL" in values and parse_moment(values["UNTIL"]) is None:
        return f"UNTIL is {values['UNTIL'] or 'empty'}"
    return None


def _type_name(when: Moment) -> str:
    return "DATE" if when.is_date else "DATE-TIME"
