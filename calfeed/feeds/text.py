"""The one place where foreign text is made fit for a feed: titles, notes, names, addresses, UIDs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, urlsplit

from calfeed.errors import FeedError

TITLE_LIMIT = 200  # characters; a longer SUMMARY fills a phone's screen
LINE_LIMIT = 500
NOTE_LIMIT = 4000
URL_LIMIT = 2000

# Line breaks of every kind: RFC 5545 knows only one, which icalendar writes as \n.
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# C0 but newline and tab, DEL, C1, invisible spaces and BOM, bidi embeddings, overrides and isolates, lone
# surrogates, noncharacters. Joiners and single direction marks stay: Arabic, Persian and emoji need them.
_STRIPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u200b\u2060-\u2064\u202a-\u202e\u2066-\u206f\ufeff\ufff9-\uffff"
    "\ud800-\udfff]"
)
_UNSAFE = re.compile(_BREAKS.pattern + "|" + _STRIPPED.pattern)
_SPACES = re.compile(r"\s+")
# Rule 3: visible ASCII that needs no escape in iCalendar, in a path or in an attribute.
_UID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~+=@:-]*")


def clean_text(text: str, limit: int = NOTE_LIMIT) -> str:
    """`text` of several lines without control characters and direction overrides, cut at `limit` characters.

    Rule 13; a cut ends with an ellipsis. Line breaks of any kind become newlines."""
    if _UNSAFE.search(text):
        text = _STRIPPED.sub("", _BREAKS.sub("\n", text))
    return _cut(text.strip(), limit)


@lru_cache(maxsize=8192)
def clean_line(text: str, limit: int = LINE_LIMIT) -> str:
    """`text` as one line, each run of white space one space."""
    return _cut(_SPACES.sub(" ", clean_text(text, max(limit * 4, NOTE_LIMIT))).strip(), limit)


def clean_title(text: str) -> str:
    return clean_line(text, TITLE_LIMIT) or "?"


@lru_cache(maxsize=8192)
def clean_name(text: str) -> str:
    """A name without the characters that clients fail to unescape in NAME and CATEGORIES: , ; and backslash."""
    return clean_line(_SPACES.sub(" ", re.sub(r"[,;\\]", " ", text)))


def unescapable(text: str) -> str:
    """`text` with slashes for backslashes: parsers disagree about a backslash before n or N (rule 14)."""
    return text.replace("\\", "/")


@lru_cache(maxsize=1024)
def clean_url(url: str | None) -> str | None:
    """An http or https address in ASCII, or None where `url` is anything else (rule 19)."""
    if not url:
        return None
    text = clean_text(url, URL_LIMIT + 1)
    if len(text) > URL_LIMIT or _SPACES.search(text):
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    return quote(text, safe="%/:=&?~#+!$,;'@()*[]")


def checked_uid(uid: str) -> str:
    """`uid`, if it can stand in a feed as it is. Raises FeedError: a UID is never repaired, it would be another."""
    if _UID.fullmatch(uid):
        return uid
    raise FeedError(
        f"the UID {clean_line(uid, 60)!r} has characters that do not belong in one (rule 3 of feeds).",
        mend="Use letters, digits and . _ ~ + = @ : - only.",
    )


def hyphened(value: str) -> str:
    """A facet's value as it stands in addresses and file names: pilot project -> pilot-project."""
    return value.replace(" ", "-")


def tidy(values: Iterable[str | None]) -> list[str]:
    return [value for value in values if value]


def is_clean(text: str) -> bool:
    """Whether `text` has no line break and nothing that is stripped."""
    return not _UNSAFE.search(text)


def scrubbed(value: object) -> object:
    """JSON-like `value` with every string in it cleaned (strings only get shorter, never longer)."""
    match value:
        case str():
            return _STRIPPED.sub("", _BREAKS.sub("\n", value)) if _UNSAFE.search(value) else value
        case dict():
            return {scrubbed(key): scrubbed(item) for key, item in value.items()}
        case list() | tuple():
            return [scrubbed(item) for item in value]
        case _:
            return value


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
