"""Tree -> parts with anchors: every date expression of a document, where it stands.

In: a `Tree`, and what is known around it. Out: `Part`s, the tree's nodes with what the passes learn of each. There is
one date reader, `calfeed.dates`; this module only decides which texts it sees, and drops what cannot be a date here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from calfeed.dates import Context, Dated, Field, Lent, day_first_evidence, find, search
from calfeed.documents.tree import Node, NodeKind, Tree
from calfeed.errors import DateTextError
from calfeed.model import Interpretation, Period, Precision, Reading
from calfeed.settings import Dates

# A year alone that lies so far from the years of the document is a number or history.
FAR = 60
_WORD = re.compile(r"[^\W_]+")
# A line that only joins those over and under it: "5", "to", "11".
_JOINT = re.compile(r"\d\s*\n\s*(?:[^\W\d]{1,3}|[-–—])\s*\n\s*\d")
# A day and a month in numbers at the start of a text, or days of one month.
_SLASHED = re.compile(r"\W*(?:\d{1,2}\s*(?:[^\W\d]{1,3}|[-–—])\s*)?(\d{1,2})/(\d{1,2})(?![\d/])")
_TEXT_KINDS = (NodeKind.PARAGRAPH, NodeKind.ITEM, NodeKind.CELL)


class Anchor(Struct, frozen=True, kw_only=True):
    """A date expression where it stands: `start` and `end` are offsets in its part's text. `lent` are the fields that
    it was given, `doubt` says why a person should look at them."""

    start: int
    end: int
    found: Interpretation
    has: frozenset[Field] = frozenset()
    lacks: frozenset[Field] = frozenset()
    weekdays: tuple[int, ...] = ()
    times: str | None = None
    zone: str | None = None
    lent: tuple[Lent, ...] = ()
    doubt: str = ""

    @property
    def periods(self) -> tuple[Period, ...]:
        """The periods of the default reading that have days."""
        readings = self.found.readings
        return tuple(one for one in readings[0].periods if one.start or one.end) if readings else ()

    @property
    def day(self) -> date | None:
        """The first day of it."""
        return next((period.start or period.end for period in self.periods), None)

    @property
    def exact(self) -> bool:
        return bool(self.periods) and all(period.precision is Precision.DAY for period in self.periods)


class Part(Struct, eq=False, kw_only=True):
    """A node, and what the passes learn of it. `outcome`: what became of its text: "record", "scope", or why it was
    left. `numeric`: it stands in a column of days and months in numbers, `day_first` their order."""

    node: Node
    above: Part | None = None
    children: list[Part] = []
    anchors: tuple[Anchor, ...] = ()
    lent: tuple[Lent, ...] = ()
    outcome: str = ""
    numeric: bool = False
    day_first: bool | None = None

    @property
    def text(self) -> str:
        return self.node.text

    @property
    def kind(self) -> NodeKind:
        return self.node.kind

    @property
    def dated(self) -> tuple[Anchor, ...]:
        """The anchors that have days; a time of day alone has none."""
        return tuple(anchor for anchor in self.anchors if anchor.periods)

    def walk(self) -> Iterator[Part]:
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))

    def ancestors(self) -> Iterator[Part]:
        part = self.above
        while part is not None:
            yield part
            part = part.above

    @property
    def heading(self) -> Part | None:
        """The heading of a section."""
        first = self.children[0] if self.children and self.kind is NodeKind.SECTION else None
        return first if first is not None and first.kind is NodeKind.HEADING else None


# A text that is longer is no item of a programme, and no reader of dates should be led through it (fault 45).
MAX_TEXT = 10_000


class Reader:
    """The date reader, with what is the same for all texts of a document."""

    def __init__(
        self,
        tree: Tree,
        *,
        reference: date,
        lang: str | None,
        settings: Dates,
        zone: str | None = None,
        tick: Callable[[], None] | None = None,
    ) -> None:
        self._tick = tick or (lambda: None)
        self.lang = lang or tree.lang
        texts = "\n".join(node.text for node in tree.root.walk() if any(letter.isdigit() for letter in node.text))
        self._context = Context(
            reference=reference,
            lang=self.lang,
            settings=settings,
            day_first=day_first_evidence(texts),
            zone=zone,
        )
        self.reference = reference

    def context(self, lent: Sequence[Lent] = (), day_first: bool | None = None) -> Context:
        known = self._context if day_first is None else replace(self._context, day_first=day_first)
        return replace(known, lent=tuple(lent)) if lent else known

    def search(
        self, text: str, lent: Sequence[Lent] = (), *, bare: bool = False, day_first: bool | None = None
    ) -> tuple[Anchor, ...]:
        """The anchors of a text; with `bare`, a day alone counts at its start or where it is all there is. `day_first`
        wins over what the document tells."""
        if not text or len(text) > MAX_TEXT or not (bare or _may_hold_a_date(text)):
            return ()
        self._tick()
        if names_its_month(text, lent):
            lent = tuple(one for one in lent if one.field is not Field.MONTH)
        context = self.context(lent, day_first)
        if _JOINT.search(text):
            text = text.replace("\n", " ")
        whole = self._search(text, context, bare=bare)
        if "\n" not in text:
            return whole
        # Lines that each hold a day of their own are not one expression.
        lines: list[Anchor] = []
        at = 0
        for line in text.split("\n"):
            lines += [_shifted(one, at) for one in self._search(line, context, bare=bare)]
            at += len(line) + 1
        best = tuple(lines) if _days(lines) >= _days(whole) else whole
        # A weekday over its day is one expression with it.
        joined = self._search(text.replace("\n", " "), context, bare=bare)
        weekdays = [sum(bool(one.weekdays) for one in each) for each in (best, joined)]
        return joined if _days(joined) == _days(best) and weekdays[0] < weekdays[1] else best

    def find(self, text: str, lent: Sequence[Lent] = ()) -> Interpretation:
        """All that a text says about when, as a whole: its state ("cancelled"), what it refers to."""
        try:
            return find(text, self.context(lent))
        except DateTextError as error:
            return Interpretation(text=text, lang=self.lang, review=True, reasons=(str(error),))

    def _search(self, text: str, context: Context, *, bare: bool) -> tuple[Anchor, ...]:
        try:
            found = search(text, context, bare=bare)
        except DateTextError:
            return ()
        anchors = [_anchor(one, context.lent) for one in found]
        if bare:
            anchors = [one for one in anchors if Field.MONTH not in one.lacks or _stands_first(text, one)]
        return tuple(one for one in anchors if not _no_date(text, one))


def names_its_month(text: str, lent: Sequence[Lent]) -> bool:
    """Whether a text under a month begins with a day and a month of its own ("21/04"), not with two days ("21/22")."""
    month = next((one.value for one in lent if one.field is Field.MONTH), None)
    match = _SLASHED.match(text)
    if month is None or match is None:
        return False
    first, last = int(match[1]), int(match[2])
    return month in (first, last) or (0 < min(first, last) <= 12 and last != first + 1)


def _days(anchors: Sequence[Anchor]) -> int:
    return sum(bool(one.periods) and Field.DAY in one.has for one in anchors)


def _may_hold_a_date(text: str) -> bool:
    return len(text) >= 3


def _shifted(anchor: Anchor, by: int) -> Anchor:
    return replace(anchor, start=anchor.start + by, end=anchor.end + by)


def _no_date(text: str, anchor: Anchor) -> bool:
    """Whether an expression is a piece of a longer number ("2.6.2"), or only counts from the day of reading
    ("Friday")."""
    if text[anchor.end : anchor.end + 1].isdigit() and text[anchor.end - 1 : anchor.end] in ".-/":
        return True
    counted = not anchor.has and Field.DAY in anchor.lacks
    return counted and bool(anchor.periods) and not any(period.rrule for period in anchor.periods)


def _anchor(one: Dated, lent: tuple[Lent, ...]) -> Anchor:
    year = next((each for each in lent if each.field is Field.YEAR), None)
    day = _as_day(one, year) if year is not None and one.has == {Field.MONTH, Field.YEAR} else None
    return Anchor(
        start=one.start,
        end=one.end,
        found=day or one.interpretation,
        has=one.has if day is None else frozenset((Field.MONTH, Field.DAY)),
        lacks=one.lacks if day is None else frozenset((Field.YEAR,)),
        weekdays=one.weekdays,
        times=one.times,
        zone=one.zone,
        lent=tuple(each for each in lent if each.field in one.lacks or (day and each is year)),
    )


def _as_day(one: Dated, year: Lent) -> Interpretation | None:
    """ "Sep. 11" under a year that is not 2011: its reading as a day of that year, None where it has none."""
    readings = one.interpretation.readings
    near = range(year.value, (year.until or year.value) + 1)
    if len(readings) < 2 or any(_near(reading, near) for reading in readings[:1]):
        return None
    days = [each for each in readings[1:] if each.periods and all(p.precision is Precision.DAY for p in each.periods)]
    fit = next((each for each in days if _near(each, near)), None)
    if fit is None:
        return None
    others = tuple(each for each in readings if each is not fit)
    return replace(one.interpretation, readings=(fit, *others), review=False, reasons=())


def _near(reading: Reading, years: range) -> bool:
    days = [day for period in reading.periods for day in (period.start, period.end) if day]
    return all(day.year in years for day in days)


def _stands_first(text: str, anchor: Anchor) -> bool:
    return not _WORD.search(text[: anchor.start])


def parts_of(node: Node, above: Part | None = None) -> Part:
    """The tree as parts; a text of several lines that stand for themselves is not cut here."""
    root = Part(node=node, above=above)
    waiting = [root]
    while waiting:
        part = waiting.pop()
        part.children = [Part(node=child, above=part) for child in part.node.children]
        waiting.extend(part.children)
    return root


def implausible(anchor: Anchor, years: Counter[int]) -> str:
    """Why an expression is no date here, in words; "" where it may be one."""
    day = anchor.day
    if day is None or not years:
        return ""
    near = min(abs(day.year - year) for year in years)
    if near > FAR and Field.DAY not in anchor.has:
        return f"{day.year} is far from the years of the document"
    return ""


def words_in(text: str) -> int:
    """How many words a text has; an ideograph counts as half of one."""
    han = sum("\u3040" <= letter <= "\u9fff" for letter in text)
    return len(_WORD.findall(text)) + han // 2 if han else len(_WORD.findall(text))


def covered(text: str, anchors: Sequence[Anchor]) -> float:
    """The share of a text's letters and digits that its date expressions cover."""
    letters = sum(map(str.isalnum, text))
    inside = sum(str.isalnum(text[at]) for anchor in anchors for at in range(anchor.start, min(anchor.end, len(text))))
    return inside / letters if letters else 0.0
