"""Values of the file that have the right type and cannot be published."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from dateutil.rrule import rrulestr

from calfeed.model import Event

_FREQUENCY = re.compile(r"FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)(;[A-Z]+=[^;=\s]+)*")
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
    rule = event.period.rrule if event.period else None
    if rule is not None and not _is_rule(rule):
        return Misfit(
            ("period", "rrule"), f'a recurrence is written like "FREQ=WEEKLY;BYDAY=TU" (RFC 5545), not {rule!r}'
        )
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
