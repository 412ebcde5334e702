"""Which entry of the old edition is which of the new one, and which event is which of its periods."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from calfeed.model import Draft, Entry, Event, Period, Proposal
from calfeed.reconcile.results import Proposer

_EDGES = " \t.,:;()[]-–—•"


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """A text without what re-typing changes: case, width, spacing, the punctuation around it."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s+", " ", folded).strip(_EDGES)


@lru_cache(maxsize=65536)
def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text))


@lru_cache(maxsize=65536)
def _pairs(text: str) -> frozenset[str]:
    text = f" {plain(text)} "
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def likeness(one: str, other: str) -> float:
    """Sørensen's coefficient of the two sets of character pairs: 0 for nothing in common, 1 for the same."""
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


ALIKE = 0.6
RENAMED = 0.5
REWORDED = 0.3
# Above so many pairs within one activity, only entries of nearly the same place in it are compared.
MOST_PAIRS = 250_000
# Entries whose titles begin alike that are looked at for one.
_FEW = 200
# Old outline -> the new outline that it was renamed to.
Renames = dict[tuple[str, ...], tuple[str, ...]]


class Item(NamedTuple):
    """An entry as matching sees it: `head` is its text without the words of its date, `title` what is left of that
    when nothing is said of its standing ("CANCELLED: ..."). `first` is its first day, where it has one."""

    outline: tuple[str, ...]
    text: str
    head: str
    title: str
    date_text: str
    first: date | None

    @property
    def names(self) -> set[tuple[str, ...]]:
        """The words of its title and of its head."""
        return {words for words in (_words(self.title), _words(self.head)) if words}


def item(outline: Sequence[str], text: str, draft: Draft | None) -> Item:
    words = draft.provenance if draft else None
    date_text = words.date_text if words else ""
    head = text
    # The words of a date may stand in several places: "12 May 2027; postponed from 5 May 2027".
    for part in (date_text, *date_text.split("; ")):
        head = head.replace(part, " ", 1) if part else head
    period = draft.period if draft else None
    first = (period.start or period.end) if period else None
    title = draft.title if draft and "title" not in getattr(draft, "edited", ()) else head
    place = tuple(plain(name) for name in outline)
    return Item(place, plain(text), plain(head), plain(title), plain(date_text), first)


def match(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Old index -> new index: each entry at most once, the surest pairs first.

    Same place and text; same place and head or title (its date or its standing changed); the same under a renamed
    heading; the same text elsewhere; a title that begins with the other, such as before a date that cannot be read any
    more; alike in the same place; the only one without a partner between two neighbours,
    with the same date; and the same title with the same first day elsewhere.
    """
    pairs = _Pairs(old, new)
    pairs.by_key(lambda item: (item.outline, item.text))
    pairs.by_key(lambda item: (item.outline, item.head))
    pairs.by_key(lambda item: (item.outline, item.title))
    renamed = _renamed(pairs)
    for key in (_text, _head, _title):
        pairs.by_key(key, within=renamed)
    pairs.by_key(_text)
    pairs.by_title_within(renamed)
    pairs.by_likeness(renamed)
    pairs.by_neighbours(renamed)
    pairs.by_key(lambda item: (item.title, item.first))
    return pairs.found


def same_entries(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Old index -> new index of entries that are word for word the same."""
    pairs = _Pairs(old, new)
    pairs.by_key(lambda item: (item.outline, item.text))
    pairs.by_key(_text)
    return pairs.found


def _text(item: Item) -> Hashable:
    return item.text


def _head(item: Item) -> Hashable:
    return item.head


def _title(item: Item) -> Hashable:
    return item.title


class _Pairs:
    def __init__(self, old: Sequence[Item], new: Sequence[Item]) -> None:
        self.old, self.new = old, new
        self.found: dict[int, int] = {}
        self.taken: set[int] = set()

    def add(self, old: int, new: int) -> None:
        self.found[old] = new
        self.taken.add(new)

    def left(self) -> tuple[list[int], list[int]]:
        return (
            [index for index in range(len(self.old)) if index not in self.found],
            [index for index in range(len(self.new)) if index not in self.taken],
        )

    def by_key(self, key: Callable[[Item], Hashable], within: Renames | None = None) -> None:
        """Pair those of the same key, of several the nearest in time, else in order; `within` maps an old outline to
        the new one that must hold it."""
        left_old, left_new = self.left()
        old: dict[Hashable, list[int]] = defaultdict(list)
        new: dict[Hashable, list[int]] = defaultdict(list)
        for index in left_new:
            new[key(self.new[index]), self.new[index].outline if within is not None else None].append(index)
        for index in left_old:
            place = None if within is None else within.get(self.old[index].outline)
            if within is None or place is not None:
                old[key(self.old[index]), place].append(index)
        for name, waiting in old.items():
            if name in new:
                self._nearest(waiting, new[name])

    def _nearest(self, old: list[int], new: list[int]) -> None:
        several = len(old) > 1 or len(new) > 1
        if several and len(old) * len(new) <= MOST_PAIRS and len(old) != len(new):
            apart = sorted((self._apart(a, b), i, j) for i, a in enumerate(old) for j, b in enumerate(new))
            order = [(old[i], new[j]) for _, i, j in apart]
        else:
            order = list(zip(old, new, strict=False))
        for a, b in order:
            if a not in self.found and b not in self.taken:
                self.add(a, b)

    def _apart(self, a: int, b: int) -> int:
        """Days between two entries; where one has no day, more than any."""
        one, other = self.old[a].first, self.new[b].first
        return abs((one - other).days) if one and other else date.max.toordinal()

    def by_place(self, renamed: Renames) -> Iterable[tuple[list[int], list[int]]]:
        """What is left in each outline: the old entries and the new ones."""
        left_old, left_new = self.left()
        old: dict[tuple[str, ...], list[int]] = defaultdict(list)
        new: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for index in left_old:
            outline = self.old[index].outline
            old[renamed.get(outline, outline)].append(index)
        for index in left_new:
            new[self.new[index].outline].append(index)
        return [(old[outline], new[outline]) for outline in old if outline in new]

    def by_title_within(self, renamed: Renames) -> None:
        """In each outline: all words of one title are the first ones of the other. The most words first, then the
        nearest."""
        for old, new in self.by_place(renamed):
            at = {index: place for place, index in enumerate(new)}
            # By each beginning of a title, the entries that have it.
            beginnings: dict[tuple[str, ...], list[int]] = defaultdict(list)
            whole: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for index in new:
                for words in self.new[index].names:
                    whole[words].append(index)
                    for length in range(1, len(words)):
                        beginnings[words[:length]].append(index)
            scored = []
            for i, a in enumerate(old):
                for words in self.old[a].names:
                    found = [(len(words), b) for b in beginnings.get(words, ())[:_FEW]]
                    for length in range(1, len(words)):
                        found += [(length, b) for b in whole.get(words[:length], ())[:_FEW]]
                    scored += [(-length, abs(i - at[b]), a, b) for length, b in found]
            for _, _, a, b in sorted(scored):
                if a not in self.found and b not in self.taken:
                    self.add(a, b)

    def by_likeness(self, renamed: Renames) -> None:
        """In each outline the most alike first; of the same likeness, the nearest."""
        for old, new in self.by_place(renamed):
            longest = max(len(old), len(new))
            reach = longest if len(old) * len(new) <= MOST_PAIRS else MOST_PAIRS // longest
            scored = []
            for i, a in enumerate(old):
                for j in range(max(0, i - reach), min(len(new), i + reach + 1)):
                    score = self._alike(self.old[a], self.new[new[j]])
                    if score >= ALIKE:
                        scored.append((-score, abs(i - j), a, new[j]))
            for _, _, a, b in sorted(scored):
                if a not in self.found and b not in self.taken:
                    self.add(a, b)

    def by_neighbours(self, renamed: Renames) -> None:
        """An entry that was worded anew: it has its date and its neighbours, and something of its words."""
        ends = {-1: -1, len(self.old): len(self.new)}
        for old, new in self.by_place(renamed):
            if len(old) != 1 or len(new) != 1:
                continue
            a, b = old[0], new[0]
            around = {**self.found, **ends}
            stays = around.get(a - 1) == b - 1 and around.get(a + 1) == b + 1
            same_date = self.old[a].date_text == self.new[b].date_text
            if stays and same_date and likeness(self.old[a].head, self.new[b].head) >= REWORDED:
                self.add(a, b)

    @staticmethod
    def _alike(a: Item, b: Item) -> float:
        head = max(likeness(a.head, b.head), likeness(a.title, b.title))
        return 0.0 if head < ALIKE / 2 else 0.7 * head + 0.3 * likeness(a.text, b.text)


def _renamed(pairs: _Pairs) -> Renames:
    """Old outline -> new outline, where an activity that is gone has become one that was not there.

    Told by the entries they share, else by the headings' own likeness."""
    gone = {item.outline for item in pairs.old} - {item.outline for item in pairs.new}
    fresh = {item.outline for item in pairs.new} - {item.outline for item in pairs.old}
    texts: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for item in (*pairs.old, *pairs.new):
        if item.outline in gone or item.outline in fresh:
            texts[item.outline].add(item.text)
    if len(gone) * len(fresh) > MOST_PAIRS:
        return {}
    scored = []
    for old in gone:
        for new in fresh:
            shared = len(texts[old] & texts[new]) / min(len(texts[old]), len(texts[new]))
            heading = likeness(" ".join(old), " ".join(new))
            if (shared >= RENAMED and heading >= RENAMED / 2) or heading >= ALIKE + 0.2:
                scored.append((-(shared + heading), old, new))
    found: Renames = {}
    for _, old, new in sorted(scored):
        if old not in found and new not in found.values():
            found[old] = new
    return found


class Group(NamedTuple):
    """The events of one entry, by their part. All have a provenance."""

    events: tuple[Event, ...]

    @property
    def item(self) -> Item:
        words = self.events[0].provenance
        assert words is not None
        return item(words.outline, words.entry, self.events[0])


def groups(events: Iterable[Event]) -> list[Group]:
    """The entries of `events`, in the order in which they come; equal entries in two places of a source are two."""
    found: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        words = event.provenance
        if words:
            key = (words.source, words.outline, words.entry, words.where.lines, words.where.pages)
            found.setdefault(key, []).append(event)
    return [Group(tuple(sorted(group, key=_part))) for group in found.values()]


def item_of(proposal: Proposal) -> Item:
    drafts = next(iter(proposal.drafts.values()))
    return item(proposal.entry.outline, proposal.entry.text, drafts[0] if drafts else None)


def stored_entry(event: Event) -> Entry:
    """The entry of an event as it was when it was read, for a proposer to read again."""
    words = event.provenance
    assert words is not None
    theme_and_activity = words.outline[:-1]
    headings = tuple(name for joined in theme_and_activity for name in joined.split("; "))
    return Entry(
        source=words.source,
        outline=words.outline,
        text=words.entry,
        where=words.where,
        headings=headings,
        lang=event.lang,
        when=words.date_text,
        lent=words.inferred,
        title=words.told.get("title"),
        place=words.told.get("place"),
        country=event.country if words.told.get("place") else None,
    )


def said_before(event: Event, rule: str | None, base: Proposer | None) -> Draft | None:
    """What the stored entry of `event` says by itself, read by the rule `rule`; None where that cannot be told."""
    if base is None or event.provenance is None:
        return None
    drafts = base(stored_entry(event)).drafts
    chosen = drafts.get(rule or "") or next(iter(drafts.values()), ())
    part = event.provenance.part
    return chosen[part - 1] if part <= len(chosen) else None


def _part(event: Event) -> int:
    return event.provenance.part if event.provenance else 0


# An event of a list that finds no period so near is another one: a programme that rolls on from 2013-2015 to
# 2014-2016 has lost its 2013 and gained a 2016.
NEAR = 400


def pair(events: Sequence[Event], drafts: Sequence[Draft]) -> dict[int, int]:
    """Index of event -> index of draft: same part of the same text, then same period, overlap, nearness."""
    found: dict[int, int] = {}
    if _same_text(events, drafts):
        parts = {draft.provenance.part: at for at, draft in enumerate(drafts) if draft.provenance}
        for at, event in enumerate(events):
            part = event.provenance.part if event.provenance else 0
            if part in parts and parts[part] not in found.values():
                found[at] = parts[part]
    for at, event in enumerate(events):
        for to, draft in enumerate(drafts):
            if at not in found and to not in found.values() and event.period == draft.period:
                found[at] = to
    for _, at, to in sorted(_overlaps(events, drafts)):
        if at not in found and to not in found.values():
            found[at] = to
    alone = len(events) == len(drafts) == 1
    for distance, at, to in sorted(_distances(events, drafts)):
        if at not in found and to not in found.values() and (alone or distance <= NEAR):
            found[at] = to
    return found


def _same_text(events: Sequence[Event], drafts: Sequence[Draft]) -> bool:
    """Whether both were read from the same words in the same way, so that parts can be told by their number."""
    old = {(plain(e.provenance.entry), e.provenance.parts, e.reading) if e.provenance else None for e in events}
    new = {(plain(d.provenance.entry), d.provenance.parts, d.reading) if d.provenance else None for d in drafts}
    return len(old) == 1 and old == new


def _overlaps(events: Sequence[Event], drafts: Sequence[Draft]) -> Iterator[tuple[float, int, int]]:
    for at, event in enumerate(events):
        for to, draft in enumerate(drafts):
            if event.period and draft.period:
                share = overlap(event.period, draft.period)
                if share > 0:
                    yield -share, at, to


def _distances(events: Sequence[Event], drafts: Sequence[Draft]) -> Iterator[tuple[int, int, int]]:
    for at, event in enumerate(events):
        for to, draft in enumerate(drafts):
            if event.period and draft.period:
                yield abs((_days(event.period)[0] - _days(draft.period)[0]).days), at, to
            else:
                yield NEAR, at, to


def overlap(one: Period, other: Period) -> float:
    """The days that two periods share, as a part of all the days they cover; an open side ends at its other day."""
    (a, b), (c, d) = _days(one), _days(other)
    shared = (min(b, d) - max(a, c)).days + 1
    return max(0, shared) / ((max(b, d) - min(a, c)).days + 1)


def _days(period: Period) -> tuple[date, date]:
    start = period.start or period.end or date.min
    return start, period.end or start
