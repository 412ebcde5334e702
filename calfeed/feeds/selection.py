"""What a feed contains: facets, words and days; and the same as the query of an address."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from urllib.parse import urlencode

from calfeed.errors import QueryError
from calfeed.feeds.text import clean_line, hyphened
from calfeed.model import Event, FormerFeed
from calfeed.occurrences import exact, occurrences
from calfeed.settings import Settings

FLAVOURS = ("all", "exact", "starts", "rich")
# Asked for, and never published: what has no date, and what had none until it got one.
UNDATED = "undated"
ASKED = (*FLAVOURS, UNDATED)
MAX_VALUES = 8
MAX_QUERY = 100  # characters of q


class SelectionError(QueryError):
    """A query asks for something that does not exist; the message names what is nearest to it."""

    code = "selection"


class Query(Protocol):
    """What is needed of a request's query: werkzeug's MultiDict has it, and so has `Pairs`."""

    def keys(self) -> Iterable[str]: ...
    def getlist(self, key: str, /) -> list[str]: ...


class Pairs(dict[str, list[str]]):
    """The simplest query: each name with its values."""

    def getlist(self, key: str, /) -> list[str]:
        return self.get(key, [])


@dataclass(frozen=True)
class Selection:
    """A filter: within a facet any of the values, and all of the facets, words and days at once.

    `facets` maps a facet's name to ids of its values; `none` maps the name of a facet to the word that stands for "no
    value", and events without a value of such a facet are in the selections of all its values too. `q` are words that
    must all occur. `from_` and `to` are days, both included, that an event must touch; with either, undated events
    are left out. `flavour` is one of `ASKED`; `lang` None is the site's language."""

    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    q: str = ""
    from_: date | None = None
    to: date | None = None
    flavour: str = "all"
    lang: str | None = None
    none: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((canonical_query(self), tuple(sorted(self.none.items()))))


def select(events: Iterable[Event], selection: Selection) -> tuple[Event, ...]:
    """The events that a selection contains, in the order given.

    The flavour "exact" leaves out what has no exact days, "undated" what was read with a date; the others say only how
    events are written."""
    needles = selection.q.casefold().split()
    return tuple(event for event in events if _selected(event, selection, needles))


def _selected(event: Event, selection: Selection, needles: list[str]) -> bool:
    for name, wanted in selection.facets.items():
        if not _touches(event.facets.get(name, ()), wanted, selection.none.get(name)):
            return False
    if selection.flavour == "exact" and not exact(event):
        return False
    if selection.flavour == UNDATED and not waited(event):
        return False
    if (selection.from_ or selection.to) and not _within(event, selection.from_ or date.min, selection.to or date.max):
        return False
    return not needles or all(needle in searched(event) for needle in needles)


def waited(event: Event) -> bool:
    """Whether an event has no date, or had none until it got one."""
    steps = (change.fields.get("period") for change in event.history)
    return not occurrences(event) or any(step and not step[0] for step in steps)


def _touches(values: tuple[str, ...], wanted: tuple[str, ...], none: str | None) -> bool:
    if not values:
        return none is not None
    return any(value in wanted for value in values)


def _within(event: Event, first: date, last: date) -> bool:
    return any(one.first <= last and first <= one.last for one in occurrences(event))


def searched(event: Event) -> str:
    """The text of an event that `q` is looked for in, case folded."""
    told = event.provenance
    texts = [event.title, event.place, event.note, *((told.date_text, *told.outline) if told else ())]
    return "\n".join(text for text in texts if text).casefold()


class Vocabulary(dict[str, tuple[str, ...]]):
    """The known values of every facet. `former` maps what a value was called, as an address has it, to the value."""

    former: dict[str, dict[str, str]]


def vocabulary(events: Iterable[Event], settings: Settings, former: Iterable[FormerFeed] = ()) -> Vocabulary:
    """The known values of every facet: those of the settings, then those that only events have, sorted."""
    found: dict[str, set[str]] = {facet.name: set() for facet in settings.facets}
    for event in events:
        for name, values in event.facets.items():
            if name in found:
                found[name].update(values)
    known = {facet.name: tuple(term.id for term in facet.values) for facet in settings.facets}
    made = Vocabulary({name: (*ids, *sorted(found[name] - set(ids))) for name, ids in known.items()})
    made.former = {name: {} for name in made}
    for record in former:
        if record.now is not None:
            made.former.setdefault(record.facet, {})[hyphened(record.value)] = record.now
    return made


def parse_selection(
    query: Query | Mapping[str, Iterable[str]], settings: Settings, known: Mapping[str, Iterable[str]]
) -> Selection:
    """A query such as convention=basel&kind=webinar&q=&from=2014-01-01&flavour=starts -> Selection.

    `known` are the values of each facet (`vocabulary`). A value is written with hyphens or spaces, several of a facet
    by repeating it or with commas. Raises SelectionError for what is unknown, malformed, or more than 8 values."""
    facets = {facet.name: facet for facet in settings.facets}
    parameters = (*facets, "q", "from", "to", "flavour", "lang")
    asked = {key: _texts(query, key) for key in query.keys()}  # noqa: SIM118 - a MultiDict iterates differently
    for key in asked:
        if key not in parameters:
            raise _unknown("parameter", key, parameters)
    if sum(len(_split(asked.get(name, []))) for name in facets) > MAX_VALUES:
        raise SelectionError(f"a selection has at most {MAX_VALUES} values.", mend="Leave some out.")
    chosen: dict[str, tuple[str, ...]] = {}
    for name, facet in facets.items():
        former = known.former.get(name, {}) if isinstance(known, Vocabulary) else {}
        by_slug = former | {hyphened(value): value for value in known.get(name, ())}
        if facet.none:
            by_slug[facet.none] = facet.none
        values = {_known(value, name, by_slug) for value in _split(asked.get(name, []))}
        if values:
            chosen[name] = tuple(sorted(values))
    q = clean_line(_single(asked, "q") or "", MAX_QUERY + 1)
    if len(q) > MAX_QUERY:
        raise SelectionError(f"q is at most {MAX_QUERY} characters long.", mend="Search for fewer words.")
    from_, to = _day(asked, "from"), _day(asked, "to")
    if from_ and to and to < from_:
        raise SelectionError(f"to ({to}) is before from ({from_}).", mend="Exchange them.")
    flavour = _single(asked, "flavour") or "all"
    if flavour not in ASKED:
        raise _unknown("flavour", flavour, ASKED)
    lang = _single(asked, "lang")
    if lang is not None and lang not in settings.site.languages:
        raise _unknown("lang", lang, settings.site.languages)
    return Selection(
        facets=chosen, q=q, from_=from_, to=to, flavour=flavour,
        lang=None if lang == settings.site.language else lang,
        none={name: facet.none for name, facet in facets.items() if facet.none},
    )  # fmt: skip


def canonical_query(selection: Selection) -> str:
    """The one query of a selection: known order, values sorted, defaults left out, no empty parameter."""
    pairs = [
        (name, hyphened(value)) for name in sorted(selection.facets) for value in sorted(set(selection.facets[name]))
    ]
    told = (
        ("q", " ".join(selection.q.split())),
        ("from", selection.from_.isoformat() if selection.from_ else ""),
        ("to", selection.to.isoformat() if selection.to else ""),
        ("flavour", "" if selection.flavour == "all" else selection.flavour),
        ("lang", selection.lang or ""),
    )
    return urlencode([*pairs, *((name, value) for name, value in told if value)])


def _texts(query: Query | Mapping[str, Iterable[str]], key: str) -> list[str]:
    if hasattr(query, "getlist"):
        return list(query.getlist(key))
    found = query[key]
    return [found] if isinstance(found, str) else list(found)


def _split(values: list[str]) -> list[str]:
    return [part for value in values for part in _parts(value)]


def _parts(value: str) -> Iterator[str]:
    for part in value.split(","):
        if part.strip():
            yield hyphened(" ".join(part.lower().split()))


def _known(value: str, facet: str, by_slug: Mapping[str, str]) -> str:
    if value not in by_slug:
        raise _unknown(facet, value, by_slug)
    return by_slug[value]


def _single(asked: Mapping[str, list[str]], key: str) -> str | None:
    values = [value for value in asked.get(key, []) if value]
    if len(values) > 1:
        raise SelectionError(f"{key} stands {len(values)} times.", mend="Give it once.")
    return values[0] if values else None


def _day(asked: Mapping[str, list[str]], key: str) -> date | None:
    text = _single(asked, key)
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        shown = clean_line(text, 40)
        raise SelectionError(f"{key} is a day such as 2014-03-01, not {shown!r}.") from None


def _unknown(what: str, value: str, known: Iterable[str]) -> SelectionError:
    """Names what is nearest: a subscriber's link breaks by a letter more often than by a wrong idea."""
    names = list(known)
    near = difflib.get_close_matches(value[:80], names, 1, 0.5)
    mend = f"The nearest is {near[0]!r}." if near else f"Known: {', '.join(names[:20]) or 'none'}."
    return SelectionError(f"there is no {what} {clean_line(value, 80)!r}.", mend=mend)
