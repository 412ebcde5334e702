"""Request headers that choose or spare an answer: Accept-Encoding, preconditions, Range (RFC 9110).

Everything here takes a header as it was sent and never raises: what cannot be understood is as if it were absent.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

IDENTITY = "identity"

_ENTITY_TAG = re.compile(r'\s*(W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)')
_BYTE_RANGE = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


def encoding_wanted(header: str, offered: tuple[str, ...]) -> str:
    """The content coding that Accept-Encoding asks for: the one with the highest weight among `offered`, the earliest
    of those where they tie, else identity (section 12.5.3).

    Where even identity is refused, identity it is: an answer that a client can read serves it better than none.
    """
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        coding, _, parameter = part.partition(";")
        weights[coding.strip().replace("x-gzip", "gzip")] = _weight(parameter)
    rest = weights.get("*", 0.0)
    best, heaviest = IDENTITY, 0.0
    for coding in offered:
        if (weight := weights.get(coding, rest)) > heaviest:
            best, heaviest = coding, weight
    # Identity needs no mention to be acceptable, and is taken before a coding only where it is given more weight.
    return IDENTITY if weights.get(IDENTITY, 0.0) > heaviest else best


def _weight(parameter: str) -> float:
    """The q of "q=0.5"; 1 without one, 0 where it makes no sense (section 12.4.2)."""
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    found = re.fullmatch(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?", value.strip(), re.ASCII)
    return float(found[0]) if found else 0.0


def tag_matches(header: str, tag: str, *, weak: bool) -> bool:
    """Whether a list of entity tags (If-None-Match, If-Match) holds `tag`, a strong tag with its quotes, or is "*".

    `weak` compares as If-None-Match does: W/"a" is "a"; without it a weak tag matches nothing (section 8.8.3.2).
    """
    if header == tag or header.strip() == "*":
        return True
    at = 0
    while found := _ENTITY_TAG.match(header, at):
        if found[2] == tag and (weak or not found[1]):
            return True
        at = found.end()
        if at == len(header):
            break
    return False


def parse_http_date(header: str) -> datetime | None:
    """An HTTP date in UTC; None where it is none (section 5.6.7)."""
    try:
        found = parsedate_to_datetime(header)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def http_date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def byte_range(header: str, length: int) -> tuple[int, int] | None:
    """The one range of bytes that Range asks for, as first and last (included) of `length` (section 14.2).

    None where the header is to be ignored: another unit, several ranges, or no sense. Where no byte of it exists, which
    is 416, the last is before the first.
    """
    found = _BYTE_RANGE.fullmatch(header)
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        return length - min(int(found[2]), length), length - 1
    first = int(found[1])
    last = int(found[2]) if found[2] else length - 1
    if found[2] and last < first:
        return None
    return first, min(last, length - 1)
