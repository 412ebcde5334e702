"""The years of dates that have none: a group decides together.

For each group (the dates of one list, table or section, in order) the cheapest years are chosen: those that the nearest
scope lends, that fit the weekdays which the text names, that let the dates grow from one to the next, and that stand in
full dates around. The day of reading decides last. Where the choice contradicts a weekday or a scope, it is in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from calfeed.dates import Field, Lent
from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Anchor, Part, Reader
from calfeed.extract.records import is_prose

# What each contradiction costs; only their order and sums matter.
AGAINST_SCOPE, AGAINST_TITLE, WEEKDAY, JUMP, BACKWARDS, A_LITTLE_BACK = 4.0, 2.0, 3.0, 0.7, 1.2, 0.3
OF_OTHERS, OF_READING, PAST = 0.8, 0.05, 0.85
# Going back by so many months is a turn of the year rather than disorder.
TURN = 5


class _Place(Struct, eq=False):
    """A dated anchor in its part; `years` are its candidates with their costs."""

    part: Part
    at: int
    anchor: Anchor
    years: dict[int, float] = {}


def settle(root: Part, reader: Reader) -> Counter[int]:
    """Give each anchor that lacks a year the one that its group decides for; the years that the document names in
    full."""
    told = [(part, anchor) for part in root.walk() for anchor in part.dated if Field.YEAR in anchor.has]
    full = [anchor for _, anchor in told if anchor.has & {Field.DAY, Field.MONTH}]
    # A year alone in a sentence ("born in 1981") is mostly history.
    full = full or [anchor for part, anchor in told if not is_prose(part.text)]
    known = Counter(period.start.year for anchor in full for period in anchor.periods if period.start)
    for group in _groups(root):
        if any(Field.YEAR in place.anchor.lacks for place in group):
            _decide(group, known, reader)
    return known


def _groups(root: Part) -> Iterator[list[_Place]]:
    """The dated anchors of the document by the section (or the outermost list or table in it) that they stand in."""
    groups: dict[int, list[_Place]] = {}
    owner: dict[int, int] = {id(root): id(root)}
    for part in root.walk():
        over = owner[id(part.above)] if part.above is not None and id(part) not in owner else id(root)
        owner[id(part)] = id(part) if part.kind in (NodeKind.SECTION, NodeKind.DOCUMENT) else over
        if (
            part.kind in (NodeKind.TABLE, NodeKind.LIST)
            and part.above is not None
            and part.above.kind not in (NodeKind.ITEM, NodeKind.CELL)
        ):
            owner[id(part)] = id(part)
        for at, anchor in enumerate(part.anchors):
            if anchor.periods:
                groups.setdefault(owner[id(part)], []).append(_Place(part, at, anchor))
    yield from groups.values()


def _decide(group: list[_Place], known: Counter[int], reader: Reader) -> None:
    for place in group:
        place.years = _candidates(place, known, reader.reference)
    chosen = _cheapest(group, descending=_descends(group))
    for place, year in zip(group, chosen, strict=True):
        if Field.YEAR in place.anchor.lacks:
            _lend(place, year, reader)


def _candidates(place: _Place, known: Counter[int], reference: date) -> dict[int, float]:
    anchor = place.anchor
    day = anchor.day
    assert day is not None
    if Field.YEAR not in anchor.lacks:
        return {day.year: 0.0}
    scopes = [lent for lent in place.part.lent if lent.field is Field.YEAR]
    strong = next((lent for lent in scopes if lent.origin != "document"), None)
    weak = next((lent for lent in scopes if lent.origin == "document"), None)
    if strong and weak and (strong.until or strong.value) - strong.value > 3:
        strong = None
    years = set(known) if not strong else set()
    years |= {reference.year, reference.year + 1} if not (strong or weak) else set()
    costs: dict[int, float] = {}
    for scope in (strong, weak):
        if scope is not None:
            last = scope.until or scope.value
            years |= {scope.value - 1, *range(scope.value, last + 1), last + 1} if last - scope.value < 20 else set()
    for year in sorted(years) or [reference.year]:
        costs[year] = _cost(year, anchor, strong, weak, known, reference)
    return costs


def _cost(
    year: int, anchor: Anchor, strong: Lent | None, weak: Lent | None, known: Counter[int], reference: date
) -> float:
    day = anchor.day
    assert day is not None
    cost = 0.0
    if strong is not None:
        cost += 0.0 if strong.value <= year <= (strong.until or strong.value) else AGAINST_SCOPE
    elif weak is not None:
        cost += 0.0 if weak.value <= year <= (weak.until or weak.value) else AGAINST_TITLE
    elif known:
        # The years named most are near to all others.
        share = known[year] / known.most_common(1)[0][1]
        cost += OF_OTHERS * (1 - share)
    if strong is None and weak is None:
        cost += OF_READING * min(5, abs(year - reference.year))
        # The fewer full dates there are in a document of today, the more likely does a date lie ahead.
        current = not known or abs(known.most_common(1)[0][0] - reference.year) <= 1
        cost += PAST / max(1, known.total()) if current and _moved(day, year) < reference else 0.0
    if anchor.weekdays and Field.DAY in anchor.has and _moved(day, year).weekday() != anchor.weekdays[0]:
        cost += WEEKDAY
    return cost


def _moved(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _descends(group: Sequence[_Place]) -> bool:
    """Whether most dates of a group are earlier than the one before: the newest come first."""
    days = [place.anchor.day for place in group if place.anchor.day]
    steps = [(b.month, b.day) < (a.month, a.day) for a, b in pairwise(days) if a != b]
    return len(steps) > 2 and sum(steps) * 3 > len(steps) * 2


def _step(a: date, b: date, *, descending: bool) -> float:
    if descending:
        a, b = b, a
    months = (b.year - a.year) * 12 + b.month - a.month
    cost = JUMP * abs(b.year - a.year)
    if b < a:
        cost += BACKWARDS if months <= -TURN else A_LITTLE_BACK
    elif months > 12 - 2:
        cost += A_LITTLE_BACK
    return cost


def _cheapest(group: Sequence[_Place], *, descending: bool) -> list[int]:
    """The years with the least cost in all: shortest path through the candidates of each place (Viterbi)."""
    best: list[dict[int, tuple[float, int | None]]] = []
    for at, place in enumerate(group):
        day = place.anchor.day
        assert day is not None
        here: dict[int, tuple[float, int | None]] = {}
        for year, cost in place.years.items():
            if not at:
                here[year] = (cost, None)
                continue
            before = group[at - 1].anchor.day
            assert before is not None
            here[year] = min(
                (total + cost + _step(_moved(before, old), _moved(day, year), descending=descending), old)
                for old, (total, _) in best[-1].items()
            )
        best.append(here)
    last: int | None = min(best[-1], key=lambda each: best[-1][each][0])
    chosen = []
    for here in reversed(best):
        assert last is not None
        chosen.append(last)
        last = here[last][1]
    return chosen[::-1]


def _lend(place: _Place, year: int, reader: Reader) -> None:
    """Read the anchor again with its year, and note what speaks against it."""
    anchor, part = place.anchor, place.part
    scope = next((one for one in part.lent if one.field is Field.YEAR), None)
    inside = scope is not None and scope.value <= year <= (scope.until or scope.value)
    if scope is not None and inside:
        year_lent = replace(scope, value=year, until=None)
    else:
        year_lent = Lent(field=Field.YEAR, value=year, origin="sibling" if scope is None else "reference")
    lent = (year_lent, *anchor.lent)
    bare = Field.MONTH in anchor.lacks or part.numeric
    found = reader.search(part.text, lent, bare=bare, day_first=part.day_first)
    again = next((one for one in found if one.start == anchor.start), None)
    if again is None:
        return
    doubt = ""
    day = again.day
    if scope is not None and not inside:
        doubt = f"“{scope.words}” stands over it, but its place speaks for {year}"
    elif day and anchor.weekdays and Field.DAY in anchor.has and day.weekday() != anchor.weekdays[0]:
        doubt = f"the weekday that it names does not fit {year}"
    anchors = list(part.anchors)
    anchors[place.at] = replace(again, lent=lent, doubt=doubt)
    part.anchors = tuple(anchors)
