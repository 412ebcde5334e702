"""The query of an address: what it asks of the answer itself, and the rest, which is the selection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from enum import EnumType
from typing import Annotated, TypeVar, get_type_hints

import msgspec
from msgspec import Meta, Struct
from werkzeug.datastructures import MultiDict

from calfeed.errors import QueryError, Spot
from calfeed.feeds.selection import Selection, parse_selection
from calfeed.feeds.text import clean_line
from calfeed.web.site import Site

T = TypeVar("T", bound=Struct)

WORDS = ("q", "from", "to", "flavour", "lang")


class Nothing(Struct, frozen=True):
    """An address that takes no parameters of its own."""


class Language(Struct, frozen=True, kw_only=True):
    """The language of dates in words and of names."""

    lang: str | None = None


class Paging(Struct, frozen=True, kw_only=True):
    """A stretch of a list."""

    page: Annotated[int, Meta(ge=1, le=100_000, description="The page, from 1.")] = 1
    limit: Annotated[int, Meta(ge=1, le=500, description="The most events on a page.")] = 100


_MOMENT = {"anyOf": [{"format": "date"}, {"format": "date-time"}]}


class Window(Struct, frozen=True, kw_only=True):
    """What FullCalendar sends: the events that overlap `start` (included) to `end` (excluded), each a day or an instant
    as ISO 8601 has it."""

    start: Annotated[
        str, Meta(description="Only what ends after this day or instant.", extra_json_schema=_MOMENT, max_length=40)
    ] = ""
    end: Annotated[
        str, Meta(description="Only what begins before this day or instant.", extra_json_schema=_MOMENT, max_length=40)
    ] = ""
    timeZone: Annotated[str, Meta(max_length=100, description="Taken and not used: days have no zone.")] = ""  # noqa: N815

    def bounds(self) -> tuple[datetime, datetime]:
        """Begin and end on the clock of the offsets given, which the reader's calendar shows. Raises QueryError."""
        return _moment("start", self.start) or datetime.min, _moment("end", self.end) or datetime.max


def _moment(name: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        # A plus sign that nobody encoded has become a space.
        return datetime.fromisoformat(text.replace(" ", "+")).replace(tzinfo=None)
    except ValueError:
        mend = "Write 2014-03-01 or 2014-03-01T00:00:00Z."
        raise QueryError(
            f"{clean_line(text, 40)!r} is no day or instant.", spot=Spot("query", field=name), mend=mend
        ) from None


def read_query(args: MultiDict[str, str], own: type[T], site: Site) -> tuple[T, Selection]:
    """The parameters of the type `own`, and the selection that the others make.

    Raises QueryError or SelectionError that names the parameter, what it takes and what is nearest to it."""
    known = (*own.__struct_fields__, *(facet.name for facet in site.settings.facets), *WORDS)
    refuse_unknown(args, known)
    rest = MultiDict((name, value) for name, value in args.items(multi=True) if name not in own.__struct_fields__)
    return own_part(args, own), parse_selection(rest, site.settings, site.vocabulary)


def read_own(args: MultiDict[str, str], own: type[T]) -> T:
    """The parameters of the type `own`, where an address takes no others."""
    refuse_unknown(args, own.__struct_fields__)
    return own_part(args, own)


def read_language(args: MultiDict[str, str], site: Site) -> str:
    """The parameter lang alone, the site's language where it is missing."""
    read_own(args, Language)
    selection = parse_selection(args, site.settings, {})
    return selection.lang or site.settings.site.language


def own_part(args: MultiDict[str, str], own: type[T]) -> T:
    """The parameters of the type `own`, each at most once; an empty one counts as not given."""
    asked: dict[str, str] = {}
    hints = get_type_hints(own)
    for name in own.__struct_fields__:
        values = [value for value in args.getlist(name) if value]
        if len(values) > 1:
            raise QueryError(f"{name} stands {len(values)} times.", mend="Give it once.")
        if values and isinstance(hints[name], EnumType) and values[0] not in set(hints[name]):
            raise _unknown(name, values[0], [str(one) for one in hints[name]])
        if values:
            asked[name] = values[0]
    try:
        return msgspec.convert(asked, own, strict=False)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$.")
        raise QueryError(f"{what}.", spot=Spot("query", field=place.rstrip("`") or None)) from error


def refuse_unknown(args: MultiDict[str, str], known: tuple[str, ...]) -> None:
    """Raise QueryError for the first parameter that is not `known`: a mistyped filter must not widen an answer."""
    for name in args:
        if name not in known:
            raise _unknown("parameter", name, known)


def _unknown(what: str, value: str, known: Sequence[str]) -> QueryError:
    near = get_close_matches(value[:80], known, 1, 0.5)
    mend = f"The nearest is {near[0]!r}." if near else f"Known: {', '.join(known) or 'none'}."
    return QueryError(f"There is no {what} {clean_line(value, 80)!r}.", mend=mend)
