"""Rules on content lines, components and the calendar as a whole (RFC 5545, sections 3.2, 3.6 and 3.7)."""

from __future__ import annotations

from collections.abc import Iterator

from calfeed.lint.stream import Line, Stream
from calfeed.lint.table import Hit, check, counted, hit

EVENTS = 1000

# Where a component may stand (section 3.6; RFC 9073, section 7, adds those that nest anywhere).
_HOMES: dict[str, dict[str | None, str]] = {
    "VCALENDAR": {None: "a file"},
    "VEVENT": {"VCALENDAR": "VCALENDAR"},
    "VTODO": {"VCALENDAR": "VCALENDAR"},
    "VJOURNAL": {"VCALENDAR": "VCALENDAR"},
    "VFREEBUSY": {"VCALENDAR": "VCALENDAR"},
    "VTIMEZONE": {"VCALENDAR": "VCALENDAR"},
    "VALARM": {"VEVENT": "VEVENT", "VTODO": "VTODO"},
    "STANDARD": {"VTIMEZONE": "VTIMEZONE"},
    "DAYLIGHT": {"VTIMEZONE": "VTIMEZONE"},
}

# "MUST NOT occur more than once" in sections 3.6 and 3.6.1, RFC 7986 section 4; the X- names are read the same way.
_ONCE = {
    "VCALENDAR": {
        "CALSCALE", "METHOD", "UID", "LAST-MODIFIED", "URL", "REFRESH-INTERVAL", "SOURCE", "COLOR", "X-WR-CALNAME",
        "X-WR-CALDESC", "X-WR-TIMEZONE", "X-PUBLISHED-TTL",
    },
    "VEVENT": {
        "CLASS", "CREATED", "DESCRIPTION", "DTSTART", "DTEND", "DTSTAMP", "DURATION", "GEO", "LAST-MODIFIED",
        "LOCATION", "ORGANIZER", "PRIORITY", "RECURRENCE-ID", "RRULE", "SEQUENCE", "STATUS", "SUMMARY", "TRANSP",
        "UID", "URL", "COLOR",
    },
}  # fmt: skip

# Properties without a default value type, and the type that is meant most (RFC 7986, RFC 9073, RFC 9253).
_VALUE_TYPES = {
    "REFRESH-INTERVAL": "DURATION",
    "SOURCE": "URI",
    "IMAGE": "URI",
    "CONFERENCE": "URI",
    "LINK": "URI",
    "STRUCTURED-DATA": "TEXT",
    "STYLED-DESCRIPTION": "TEXT",
}


def _properties(stream: Stream) -> Iterator[Line]:
    for component in stream.components:
        yield from component.properties


@check("content-line")
def content_line(stream: Stream) -> Iterator[Hit]:
    for line in _properties(stream):
        if line.fault == "name":
            yield hit(line.number, text=repr(line.value))


@check("parameter")
def parameter(stream: Stream) -> Iterator[Hit]:
    for line in _properties(stream):
        if line.fault == "parameters":
            yield hit(line.number, name=line.name)


@check("lower-case-name")
def lower_case_name(stream: Stream) -> Iterator[Hit]:
    for line in stream.lines:
        if line.fault != "name" and line.written != line.name:
            yield hit(line.number, name=line.written, upper=line.name)


@check("unbalanced")
def unbalanced(stream: Stream) -> Iterator[Hit]:
    for number, which, component in stream.unbalanced:
        yield hit(number, which=which, component=component, other="END" if which == "BEGIN" else "BEGIN")


@check("misplaced-component")
def misplaced_component(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        homes = _HOMES.get(component.name)
        if homes and component.parent not in homes:
            yield hit(
                component.line,
                component=component.name,
                parent=component.parent or "no calendar",
                home=" or ".join(homes.values()),
            )


@check("property-after-component")
def property_after_component(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        for line in component.late:
            if line.fault != "name":
                yield hit(line.number, name=line.name)


@check("duplicate-property")
def duplicate_property(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        once = _ONCE.get(component.name, set())
        seen: set[str] = set()
        for line in component.properties:
            if line.name in seen:
                yield hit(line.number, name=line.name, component=component.name)
            if line.name in once:
                seen.add(line.name)


@check("value-missing")
def value_missing(stream: Stream) -> Iterator[Hit]:
    for line in _properties(stream):
        if line.name in _VALUE_TYPES and not line.fault and line.parameter("VALUE") is None:
            yield hit(line.number, name=line.name, type=_VALUE_TYPES[line.name])


@check("linkrel-missing")
def linkrel_missing(stream: Stream) -> Iterator[Hit]:
    for line in _properties(stream):
        if line.name == "LINK" and not line.fault and line.parameter("LINKREL") is None:
            yield hit(line.number)


@check("version-missing")
def version_missing(stream: Stream) -> Iterator[Hit]:
    yield from _missing(stream, "VERSION")


@check("version-duplicate")
def version_duplicate(stream: Stream) -> Iterator[Hit]:
    yield from _again(stream, "VERSION")


@check("version-unknown")
def version_unknown(stream: Stream) -> Iterator[Hit]:
    for line in _calendar_lines(stream, "VERSION"):
        if line.value != "2.0":
            yield hit(line.number, value=line.value)


@check("prodid-missing")
def prodid_missing(stream: Stream) -> Iterator[Hit]:
    yield from _missing(stream, "PRODID")


@check("prodid-duplicate")
def prodid_duplicate(stream: Stream) -> Iterator[Hit]:
    yield from _again(stream, "PRODID")


@check("calscale")
def calscale(stream: Stream) -> Iterator[Hit]:
    for line in _calendar_lines(stream, "CALSCALE"):
        if line.value.upper() != "GREGORIAN":
            yield hit(line.number, value=line.value)


@check("method-without-organizer")
def method_without_organizer(stream: Stream) -> Iterator[Hit]:
    for line, without in _methods(stream):
        if without:
            yield hit(line.number, events=counted(without, "event"))


@check("method")
def method(stream: Stream) -> Iterator[Hit]:
    for line, without in _methods(stream):
        if not without:
            yield hit(line.number, value=line.value)


@check("calendar-uid")
def calendar_uid(stream: Stream) -> Iterator[Hit]:
    for line in _calendar_lines(stream, "UID"):
        yield hit(line.number)


@check("empty-calendar")
def empty_calendar(stream: Stream) -> Iterator[Hit]:
    for calendar in stream.calendars:
        if all(component.name == "VTIMEZONE" for component in calendar.components):
            yield hit(calendar.line)


@check("too-many-events")
def too_many_events(stream: Stream) -> Iterator[Hit]:
    if len(stream.events) > EVENTS:
        yield hit(stream.events[EVENTS].line, count=f"{len(stream.events):,}")


@check("no-events")
def no_events(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        if component.name in ("VTODO", "VJOURNAL", "VFREEBUSY"):
            yield hit(component.line, component=component.name)


@check("alarm")
def alarm(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        if component.name == "VALARM":
            yield hit(component.line)


@check("name-punctuation")
def name_punctuation(stream: Stream) -> Iterator[Hit]:
    for line in _calendar_lines(stream, "NAME", "X-WR-CALNAME"):
        if any(escape in line.value for escape in ("\\,", "\\;", "\\\\")):
            yield hit(line.number)


@check("color")
def color(stream: Stream) -> Iterator[Hit]:
    for line in _properties(stream):
        if line.name == "COLOR" and not line.value.isalpha():
            yield hit(line.number, value=line.value)


def _calendar_lines(stream: Stream, *names: str) -> Iterator[Line]:
    for calendar in stream.calendars:
        yield from (line for line in calendar.properties if line.name in names)


def _missing(stream: Stream, name: str) -> Iterator[Hit]:
    for calendar in stream.calendars:
        if not calendar.first(name):
            yield hit(calendar.line)


def _again(stream: Stream, name: str) -> Iterator[Hit]:
    for calendar in stream.calendars:
        for line in calendar.every(name)[1:]:
            yield hit(line.number)


def _methods(stream: Stream) -> Iterator[tuple[Line, int]]:
    """The METHOD of each calendar, with the number of its events that have no ORGANIZER."""
    for calendar in stream.calendars:
        for line in calendar.every("METHOD"):
            events = [component for component in calendar.components if component.name == "VEVENT"]
            yield line, sum(not event.first("ORGANIZER") for event in events)
