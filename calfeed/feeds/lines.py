"""Values -> content lines of iCalendar. The one module that speaks to icalendar's types: `vText` escapes,
`Contentline` folds, `vDate` and `vDatetime` write dates."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache

from icalendar import vDate, vDatetime, vText
from icalendar.parser import Contentline, Parameters

from calfeed.feeds.text import unescapable


def line(name: str, value: str, **parameters: str) -> bytes:
    """A content line of TEXT, escaped and folded (RFC 5545, 3.1 and 3.3.11)."""
    return raw_line(name, text_value(value), **parameters)


def raw_line(name: str, value: str, **parameters: str) -> bytes:
    """A content line of any other type; `value` must already be as RFC 5545 has it."""
    return folded(f"{name};{Parameters(parameters).to_ical().decode()}:{value}" if parameters else f"{name}:{value}")


def folded(text: str) -> bytes:
    """A whole content line, folded at 75 octets, with CRLF (rule 15)."""
    return bytes(Contentline(text).to_ical()) + b"\r\n"  # type: ignore[no-untyped-call]


def text_value(text: str) -> str:
    return str(vText(unescapable(text)).to_ical().decode())


@lru_cache(maxsize=65536)
def day_value(day: date) -> bytes:
    return bytes(vDate(day).to_ical())  # type: ignore[no-untyped-call]


@lru_cache(maxsize=8192)
def instant_value(instant: datetime) -> bytes:
    """UTC, whole seconds (rules 4 and 11)."""
    told = instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    return bytes(vDatetime(told.replace(microsecond=0)).to_ical())  # type: ignore[no-untyped-call]
