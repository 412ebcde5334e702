"""The forms that values of calfeed.toml have, and what an editor is told where one has another."""

from __future__ import annotations

from functools import cache
from typing import Annotated
from urllib.parse import urlsplit

from babel.localedata import locale_identifiers
from msgspec import Meta, Struct

from calfeed.zones import zone

Slug = Annotated[str, Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", max_length=120)]
Word = Annotated[str, Meta(pattern="^[a-z0-9]+([ -][a-z0-9]+)*$", max_length=120)]
Colour = Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]
# A BCP 47 tag: a language's two or three letters, and what follows.
Language = Annotated[str, Meta(pattern="^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$", max_length=35)]
MAILBOX = r"^[^\s@,;<>]+@[^\s@,;<>]+$"
# What an editor is told instead of a pattern.
FORMS = {
    "^[a-z0-9]+(-[a-z0-9]+)*$": "small letters, digits and hyphens, such as `e-waste`",
    "^[a-z0-9]+([ -][a-z0-9]+)*$": "small letters and digits, with spaces or hyphens between, such as `pilot project`",
    "^#[0-9a-fA-F]{6}$": "a colour such as `#1d5b8f`",
    r"^[^\x00-\x1f]+$": "a path such as `data/events.toml`",
    r"^[^\s;,]+$": "an address such as `https://*.example.org`, or `*`",
    "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$": "a language tag such as `en` or `pt-BR`",
    "^(north|south)$": "`north` or `south`",
    MAILBOX: "a mail address such as `calendar@example.org`",
    r"^\d\d-\d\d$": "a month and a day such as `07-01`",
    "^[A-Z]{2}$": "a country's two letters such as `CH` (ISO 3166-1)",
}
FilePath = Annotated[str, Meta(pattern=r"^[^\x00-\x1f]+$", max_length=1000)]
Days = Annotated[int, Meta(ge=0)]
# A source of frame-ancestors (Content-Security-Policy): "*", "https://*.example.org". What could end it is refused.
Partner = Annotated[str, Meta(pattern=r"^[^\s;,]+$", max_length=200)]


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of every settings table: an unknown key is an error, never ignored."""


def public_address(url: str) -> str | None:
    """An http or https address without user name, query and fragment: a token may stand in any of them (fault 68).

    None for what is no such address."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"


def check_language(tag: str) -> None:
    """Raise ValueError for a tag whose language CLDR does not know."""
    if tag.replace("_", "-").partition("-")[0].lower() not in _known_languages():
        raise ValueError(f'{tag!r} is no language; a BCP 47 tag such as "en" or "pt-BR" is expected')


@cache
def _known_languages() -> frozenset[str]:
    return frozenset(name.partition("_")[0] for name in locale_identifiers())


def check_zone(name: str | None) -> None:
    try:
        zone(name or "UTC")
    except ValueError as error:
        raise ValueError(f"timezone: {error}") from error
