"""Values of properties: dates and times, durations, recurrences, text (RFC 5545, section 3.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from calfeed.lint.stream import Component, Line

_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_DATE_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)", re.ASCII)
_DURATION = re.compile(r"[+-]?P(?:\d+W|(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)", re.ASCII)
UNESCAPED = re.compile(r"(?<!\\)(?:\\\\)*([,;])")
BAD_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\(?:[^\\;,nN]|$))")

# Section 3.3.10; BYEASTER and the like are inventions of single programs. SKIP and RSCALE are RFC 7529.
RECURRENCE_PARTS = {
    "FREQ", "UNTIL", "COUNT", "INTERVAL", "BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY",
    "BYWEEKNO", "BYMONTH", "BYSETPOS", "WKST", "SKIP", "RSCALE",
}  # fmt: skip
FREQUENCIES = {"SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"}


@dataclass(frozen=True, slots=True)
class Moment:
    """A DATE, or a DATE-TIME in UTC (`zone` "Z"), in a named zone, or floating (`zone` empty)."""

    day: date
    time: datetime | None = None
    zone: str = ""

    @property
    def is_date(self) -> bool:
        return self.time is None

    def comparable(self, other: Moment) -> bool:
        """Whether which comes first can be told without a time zone database."""
        return self.is_date == other.is_date and self.zone == other.zone

    def precedes(self, other: Moment) -> bool:
        if self.time and other.time:
            return self.time < other.time
        return self.day < other.day


def parse_moment(text: str, zone: str | None = None) -> Moment | None:
    """A DATE or DATE-TIME; None where it is neither, or names a day or time that does not exist."""
    try:
        if found := _DATE.fullmatch(text):
            return Moment(date(*map(int, found.groups())))
        if found := _DATE_TIME.fullmatch(text):
            # Second 60 is a leap second (section 3.3.12), which Python has not.
            year, month, day, hour, minute, second = map(int, found.groups()[:6])
            time = datetime(year, month, day, hour, minute, min(second, 59) if second <= 60 else second)
            return Moment(time.date(), time, found[7] or zone or "")
    except ValueError:
        pass
    return None


def moment(line: Line | None) -> Moment | None:
    """The value of a property that has one date or time; None where it is absent or cannot be read."""
    return parse_moment(line.value, line.parameter("TZID")) if line else None


def moment_of(component: Component, name: str) -> Moment | None:
    return moment(component.first(name))


def is_duration(text: str) -> bool:
    return _DURATION.fullmatch(text) is not None


def whole_number(text: str) -> int | None:
    """A number from 0 in ASCII digits; None where it is none. Longer ones than 18 digits count as 10 ** 18."""
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) <= 18 else 10**18


def is_http_address(text: str) -> bool:
    scheme, separator, rest = text.partition("://")
    return bool(separator) and scheme.lower() in ("http", "https") and bool(rest) and not re.search(r"\s", text)


def recurrence_parts(text: str) -> list[tuple[str, str]]:
    """The parts of an RRULE in order: FREQ=DAILY;COUNT=2 gives [("FREQ", "DAILY"), ("COUNT", "2")]."""
    return [(name.upper(), value.upper()) for name, _, value in (part.partition("=") for part in text.split(";"))]
