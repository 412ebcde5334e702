"""Which entry of the old edition is which of the new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from calfeed.model import Provenance
from calfeed.reconcile.similar import likeness, plain

ALIKE = 0.6
RENAMED = 0.5
REWORDED = 0.3
# Above so many pairs within one activity, only entries of nearly the same place in it are compared.
MOST_PAIRS = 250_000
# Old outline -> the new outline that it was renamed to.
Renames = dict[tuple[str, ...], tuple[str, ...]]


class Item(NamedTuple):
    """An entry as matching sees it: `head` is its text without the words of its date."""

    outline: tuple[str, ...]
    text: str
    head: str
    date: str


def item(outline: Sequence[str], text: str, provenance: Provenance | None) -> Item:
    date_text = provenance.date_text if provenance else ""
    head = text.replace(date_text, " ", 1) if date_text else text
    return Item(tuple(plain(name) for name in outline), plain(text), plain(head), plain(date_text))


def match(old: Sequence[Item], new: Sequence[Item]) -> dict[int, int]:
    """Old index -> new index: each entry at most once, the surest pairs first.

    Same place and text; same place and head (its date changed); the same under a renamed heading; the same text
    elsewhere; alike in the same place; and the only one without a partner between two neighbours, with the same date.
    """
    pairs = _Pairs(old, new)
    pairs.by_key(lambda item: (item.outline, item.text))
    pairs.by_key(lambda item: (item.outline, item.head))
    renamed = _renamed(pairs)
    pairs.by_key(lambda item: item.text, within=renamed)
    pairs.by_key(lambda item: item.head, within=renamed)
    pairs.by_key(lambda item: item.text)
    pairs.by_likeness(renamed)
    pairs.by_neighbours(renamed)
    return pairs.found


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
        """Pair those of the same key, in order; `within` maps an old outline to the new one that must hold it."""
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        left_old, left_new = self.left()
        for index in left_new:
            waiting[key(self.new[index]), self.new[index].outline if within is not None else None].append(index)
        for index in left_old:
            place = None if within is None else within.get(self.old[index].outline)
            if within is not None and place is None:
                continue
            same = waiting.get((key(self.old[index]), place))
            if same:
                self.add(index, same.pop(0))

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
            same_date = self.old[a].date == self.new[b].date
            if stays and same_date and likeness(self.old[a].head, self.new[b].head) >= REWORDED:
                self.add(a, b)

    @staticmethod
    def _alike(a: Item, b: Item) -> float:
        head = likeness(a.head, b.head)
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
