"""Everything that pages need to know of a generation, computed once for it.

Selections are answered with sets of events as bits of one integer: a count for each value of each facet is then an
`and` and a population count, also at 10,000 events. What a selection contains is as `calfeed.feeds.select` says.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from calfeed.feeds.selection import UNDATED, Selection, searched, vocabulary, waited
from calfeed.feeds.text import clean_line, hyphened
from calfeed.feeds.wording import cancelled, slug_of
from calfeed.model import Catalogue, Event
from calfeed.occurrences import LONG, exact, local, occurrences
from calfeed.settings import Settings
from calfeed.web.pages.shapes import is_loose, opens, shape

NO_ACCENT = "c-0"


@dataclass(frozen=True, eq=False, slots=True)
class Item:
    """An event with what pages ask of it. `spans` are its days, both ends included; none where it has no date.

    `hours` are the first and last instant of the one occurrence that has some, by the clock of its place.
    `shape`, `loose` and `opens` as in `shapes`; `accent` is the class of its colour; `row` is the entry that it was
    read from, which a timeline draws as one line; `theme` and `activity` are the headings above it, "" for none.
    """

    event: Event
    number: int
    title: str
    spans: tuple[tuple[date, date], ...]
    hours: tuple[datetime, datetime] | None
    shape: str
    loose: bool
    opens: tuple[bool, bool]
    exact: bool
    cancelled: bool
    accent: str
    row: tuple[object, ...]
    theme: str
    activity: str
    place: str | None
    searched: str

    @property
    def first(self) -> date | None:
        return self.spans[0][0] if self.spans else None

    @property
    def last(self) -> date | None:
        return max(last for _, last in self.spans) if self.spans else None

    @property
    def context(self) -> str:
        """The activity, where the title does not say it."""
        return "" if self.title.startswith(f"{self.activity}: ") else self.activity

    @property
    def short(self) -> str:
        """The title where the activity is its heading."""
        return self.title.removeprefix(f"{self.activity}: ") if self.activity else self.title

    @property
    def look(self) -> tuple[object, ...]:
        """Events of the same look are one bar where only bars are shown."""
        return self.spans, self.shape, self.loose, self.opens, self.cancelled, self.accent


@dataclass(frozen=True, eq=False, slots=True)
class Headed:
    """The dated events under one heading, as bits, and of them those of each look, by one event of that look."""

    theme: str
    activity: str
    bits: int
    looks: tuple[tuple[Item, int], ...]


class Index:
    """The events of a catalogue, by date and title, those without a date last."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self.settings = settings
        self.accents = accents = accents_of(settings)
        made = [_item(event, accents, settings) for event in catalogue.events]
        made.sort(key=lambda item: (item.first or date.max, item.last or date.max, item.title, item.event.uid))
        self.items = tuple(replace(item, number=number) for number, item in enumerate(made))
        self.by_uid = {item.event.uid: item for item in self.items}
        self.all = (1 << len(self.items)) - 1
        self.vocabulary = vocabulary(catalogue.events, settings, catalogue.former)
        self.having = self._values()
        self.dated = _bits(item.number for item in self.items if item.spans)
        self.exact = _bits(item.number for item in self.items if item.exact)
        self.waited = _bits(item.number for item in self.items if waited(item.event))
        self.long = _bits(item.number for item in self.items if any(last - first >= LONG for first, last in item.spans))
        self.rows: dict[tuple[object, ...], list[Item]] = {}
        for item in self.items:
            self.rows.setdefault(item.row, []).append(item)
        # An Index lives as long as its generation, and the cache with it.
        self._found = lru_cache(maxsize=64)(self._searched)
        self._between = lru_cache(maxsize=128)(self._within)
        self._starts = [item.first for item in self.items if item.first]
        self.years = self._years()
        self.headed = self._headed(catalogue.events)

    def members(self, bits: int, start: int = 0, most: int | None = None) -> list[Item]:
        """The events of a set in order, from number `start` of them on, at most `most`."""
        # Reading the digits is linear; shifting the integer event by event would be quadratic.
        digits = bin(bits)[:1:-1]
        found: list[Item] = []
        at = digits.find("1")
        while at >= 0 and (most is None or len(found) < most):
            if start:
                start -= 1
            else:
                found.append(self.items[at])
            at = digits.find("1", at + 1)
        return found

    def touching(self, first: date, last: date) -> int:
        """The events that take any day from `first` to `last`, both included."""
        return self._between(first, last)

    def years_of(self, bits: int) -> list[int]:
        """The years that the events of a set touch."""
        return [year for year, touching in self.years.items() if bits & touching]

    def select(self, selection: Selection) -> int:
        """The events of `selection`, as bits."""
        bits = self._without_facets(selection)
        for name in selection.facets:
            bits &= self._facet(selection, name)
        return bits

    def counts(self, selection: Selection, name: str) -> dict[str, int]:
        """How many events each value of a facet would have, everything else in `selection` staying as it is."""
        bits = self._without_facets(selection)
        for other in selection.facets:
            if other != name:
                bits &= self._facet(selection, other)
        none = self.having[name][None] if name in selection.none else 0
        return {value: (bits & (self.having[name].get(value, 0) | none)).bit_count() for value in self.vocabulary[name]}

    def year_counts(self, selection: Selection) -> dict[int, int]:
        """The same for the years that events touch."""
        bits = self.select(replace(selection, from_=None, to=None))
        return {year: (bits & touching).bit_count() for year, touching in self.years.items()}

    def _without_facets(self, selection: Selection) -> int:
        bits = self.all
        if selection.flavour == "exact":
            bits &= self.exact
        if selection.flavour == UNDATED:
            bits &= self.waited
        if selection.from_ or selection.to:
            bits &= self._between(selection.from_ or date.min, selection.to or date.max)
        if needles := tuple(selection.q.casefold().split()):
            bits &= self._found(needles)
        return bits

    def _facet(self, selection: Selection, name: str) -> int:
        having = self.having.get(name, {None: self.all})
        bits = having[None] if selection.none.get(name) is not None else 0
        for value in selection.facets[name]:
            bits |= having.get(value, 0)
        return bits

    def _searched(self, needles: tuple[str, ...]) -> int:
        return _bits(item.number for item in self.items if all(needle in item.searched for needle in needles))

    def _within(self, first: date, last: date) -> int:
        # Items stand by their first day: none from `stop` on can touch.
        stop = bisect_right(self._starts, last)
        return _bits(
            item.number
            for item in self.items[:stop]
            if any(start <= last and first <= end for start, end in item.spans)
        )

    def _values(self) -> dict[str, dict[str | None, int]]:
        numbers: dict[str, dict[str | None, list[int]]] = {facet.name: {None: []} for facet in self.settings.facets}
        for item in self.items:
            for name, by_value in numbers.items():
                for value in item.event.facets.get(name, ()) or (None,):
                    by_value.setdefault(value, []).append(item.number)
        return {name: {value: _bits(found) for value, found in by_value.items()} for name, by_value in numbers.items()}

    def _years(self) -> dict[int, int]:
        """The events that touch each year; at most 60 years, the latest ones."""
        numbers: dict[int, set[int]] = {}
        for item in self.items:
            for first, last in item.spans:
                for year in range(max(first.year, last.year - 60), last.year + 1):
                    numbers.setdefault(year, set()).add(item.number)
        return {year: _bits(numbers[year]) for year in sorted(numbers)[-60:]}

    def _headed(self, events: Iterable[Event]) -> tuple[Headed, ...]:
        """The headings with dated events, in the order of the source."""
        order = _outline_order(events)
        numbers: dict[tuple[str, str], dict[tuple[object, ...], list[int]]] = {}
        for item in self.items:
            if item.spans:
                looks = numbers.setdefault((item.theme, item.activity), {})
                looks.setdefault(item.look, []).append(item.number)
        found = []
        for theme, activity in sorted(numbers, key=lambda heading: (order[heading[0]], order[heading])):
            drawn = tuple((self.items[alike[0]], _bits(alike)) for alike in numbers[theme, activity].values())
            found.append(
                Headed(theme, activity, _bits(n for alike in numbers[theme, activity].values() for n in alike), drawn)
            )
        return tuple(found)


def _bits(numbers: Iterable[int]) -> int:
    """A set of small numbers as one integer; built in bytes, since shifting copies the whole integer each time."""
    found = list(numbers)
    octets = bytearray(max(found, default=0) // 8 + 1)
    for number in found:
        octets[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def _item(event: Event, accents: dict[tuple[str, str], str], settings: Settings) -> Item:
    told = event.provenance
    theme, activity = _headings(event)
    period = event.period
    days = [one for one in occurrences(event) if not one.removed]
    named = {
        accents[name, value] for name, values in event.facets.items() for value in values if (name, value) in accents
    }
    return Item(
        event=event,
        number=0,
        title=clean_line(event.title) or "?",
        spans=tuple((one.first, one.last) for one in days),
        hours=local(days[0], settings) if len(days) == 1 else None,
        shape=shape(period) if period else "",
        loose=is_loose(period) if period else False,
        opens=opens(period) if period else (False, False),
        exact=exact(event),
        cancelled=cancelled(event),
        accent=named.pop() if len(named) == 1 else NO_ACCENT,
        row=(told.source, told.where, told.entry) if told else (event.uid,),
        theme=theme,
        activity=activity,
        place=clean_line(event.place) if event.place else None,
        searched=searched(event),
    )


def _headings(event: Event) -> tuple[str, str]:
    """Theme and activity; an outline of two headings has no theme, the last one is the calendar section itself."""
    outline = event.provenance.outline if event.provenance else ()
    if len(outline) > 2:
        return clean_line(outline[0]), clean_line(outline[1])
    return "", clean_line(outline[0]) if len(outline) == 2 else ""


def _outline_order(events: Iterable[Event]) -> dict[object, int]:
    """Where each theme, and each theme with an activity, first stands in the catalogue (which keeps their order)."""
    order: dict[object, int] = {}
    for event in events:
        theme, activity = _headings(event)
        order.setdefault(theme, len(order))
        order.setdefault((theme, activity), len(order))
    return order


def accents_of(settings: Settings) -> dict[tuple[str, str], str]:
    """The class of each coloured value, of the first facet that has colours."""
    coloured = next((facet for facet in settings.facets if any(term.colour for term in facet.values)), None)
    if coloured is None:
        return {}
    return {
        (coloured.name, term.id): f"c-{slug_of(coloured.name)}-{hyphened(term.id)}"
        for term in coloured.values
        if term.colour
    }
