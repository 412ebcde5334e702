"""Values of the file that have the right type and cannot be published."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from dateutil.rrule import rrulestr

from calfeed.model import Event, Period
from calfeed.zones import zone

_FREQUENCY = re.compile(r"FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)(;[A-Z]+=[^;=\s]+)*")
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"
_TIMES = re.compile(rf"{_CLOCK}(/({_CLOCK}|24:00))?")
_UID = re.compile(r"[^\s\x00-\x1f\x7f]+")


class Misfit(NamedTuple):
    """A field's path in its event, and what is wrong with its value."""

    path: tuple[str, ...]
    what: str


def misfit(event: Event) -> Misfit | None:
    """The first value of `event` that no calendar could carry, None where all are fit."""
    if not _UID.fullmatch(event.uid):
        return Misfit(("uid",), f"a UID has no spaces and no line ends, not {event.uid!r}")
    if event.url is not None and not _is_address(event.url):
        return Misfit(("url",), f"an address begins with http://, https:// or mailto:, not {event.url!r}")
    return _period_misfit(event.period) if event.period else None


def _period_misfit(period: Period) -> Misfit | None:
    if period.rrule is not None and not _is_rule(period.rrule):
        what = f'a recurrence is written like "FREQ=WEEKLY;BYDAY=TU" (RFC 5545), not {period.rrule!r}'
        return Misfit(("period", "rrule"), what)
    if period.times is not None and not _TIMES.fullmatch(period.times):
        return Misfit(("period", "times"), f'times are written like "09:00/17:30" or "09:00", not {period.times!r}')
    if period.zone is not None:
        try:
            zone(period.zone)
        except ValueError as error:
            return Misfit(("period", "zone"), str(error))
    return None


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if any(letter.isspace() for letter in url):
        return False
    return bool(parts.hostname) if parts.scheme in ("http", "https") else parts.scheme == "mailto" and "@" in parts.path


def _is_rule(rule: str) -> bool:
    if not _FREQUENCY.fullmatch(rule):
        return False
    try:
        rrulestr(rule)
    except (ValueError, TypeError):
        # UNTIL needs a zone where the start has one; its form alone counts here.
        return "UNTIL" in rule
    return True
