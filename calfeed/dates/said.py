"""What is said of dates: connectors, qualifiers, status, durations, hours, open ends. The tables BEFORE and AFTER say
what each word means before a date and behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec import structs

from calfeed.dates.lexemes import Lexeme
from calfeed.dates.notation import Item, Node, Scene
from calfeed.dates.partial import NOTHING_SAID, Said, Span
from calfeed.dates.recurrence import joined_said
from calfeed.dates.vocabulary import K, kinds

DATES = kinds("A_DAY A_MONTH A_YEAR A_UNIT A_PAIR A_NUMBER")
NEUTRAL = kinds("IN THE LEAD OF DURING")


class Line:
    """Items in order, with their kinds; beyond the last there are none."""

    __slots__ = ("items", "k", "scene", "size")

    def __init__(self, scene: Scene, items: list[Item]) -> None:
        self.scene = scene
        self.items = items
        self.size = len(items)
        self.k: list[K | None] = [*[item.kind for item in items], *[None] * 8]

    def value(self, at: int) -> str:
        """The value of a lexeme, as text."""
        item = self.items[at]
        return str(item.value) if isinstance(item, Lexeme) else ""

    def node(self, at: int) -> Node:
        """The node at a place whose kind says that it is one."""
        item = self.items[at]
        assert isinstance(item, Node)
        return item

    def near(self, at: int) -> bool:
        """Whether no white space stands before an item."""
        item = self.items[at]
        return isinstance(item, Lexeme) and item.near

    def lexemes(self, first: int, last: int) -> tuple[int, int]:
        """The lexemes of some items."""
        start, end = self.items[first], self.items[last - 1]
        return (
            start.index if isinstance(start, Lexeme) else start.first,
            end.index + 1 if isinstance(end, Lexeme) else end.last,
        )


# What is said before a date. Each function is given what has been said, the line and the place of the word; it returns
# what is said with it, or None where the word does not belong.

_BOUNDS = {
    K.FROM: "from", K.BETWEEN: "between", K.UNTIL: "until", K.BY: "by", K.DEADLINE: "by", K.BEFORE: "before",
    K.AFTER: "after", K.STARTING: "starting",
}  # fmt: skip
# Two bounds together: "no later than before" is the first, "from after" the second, any other pair none.
_BOTH = {
    **{(one, other): one for one in ("until", "by") for other in ("until", "by", "before")},
    **{(one, other): other for one in ("from", "starting") for other in ("before", "after")},
    ("starting", "starting"): "starting", ("from", "starting"): "from", ("from", "from"): "from",
    ("starting", "from"): "from", ("between", "between"): "between", ("before", "before"): "before",
    ("after", "after"): "after",
}  # fmt: skip


def _bound(said: Said, line: Line, at: int) -> Said | None:
    bound = _BOUNDS[line.k[at]]  # type: ignore[index]
    if bound == "from" and at and line.value(at) == "of" and line.k[at - 1] in (K.WORD, K.EVENT):
        # "Sitzung vom 12. Mai"
        return said
    if bound in ("from", "between", "starting") and line.k[at + 1] is K.A_TIME:
        return said
    if said.bound is not None:
        both = _BOTH.get((said.bound, bound))
        return structs.replace(said, bound=both) if both else None
    return structs.replace(said, bound=bound)


def _qualified(said: Said, line: Line, at: int) -> Said:
    value = line.value(at)
    tentative = "tentative" in (said.qualifier, value)
    if said.qualifier not in (None, "tentative"):
        return said
    return structs.replace(said, qualifier=value, status="tentative" if tentative else said.status)


def _status(said: Said, line: Line, at: int) -> Said:
    value = line.value(at)
    former = value == "postponed" and line.k[at + 1] in (K.FROM, K.OF)
    return structs.replace(said, status=value, former=former)


_BEFORE_WAS = kinds("OPEN COMMA DASH SEMICOLON")


def _was(said: Said, line: Line, at: int) -> Said | None:
    """ "12 May (was 5 May)": only behind another day."""
    behind = at > 1 and line.k[at - 1] in _BEFORE_WAS and line.k[at - 2] in (*DATES, K.A_TIME)
    return structs.replace(said, former=True) if behind else None


def _of_node(said: Said, line: Line, at: int) -> Said:
    return joined_said(said, line.node(at).said)


def _beginning(said: Said, line: Line, at: int) -> Said | None:
    """ "beginning 5 May": a verb before a day."""
    if at and line.k[at - 1] in (K.WORD, K.EVENT):
        # "Examen final: 10 de diciembre"
        return None
    bound = {"beginning": "starting", "end": "until"}.get(line.value(at))
    following = line.k[at + 2] if line.k[at + 1] in NEUTRAL or line.k[at + 1] is K.COLON else line.k[at + 1]
    if bound is None or not (following in (K.A_DAY, K.A_PAIR) or line.k[at + 1] is K.COLON):
        return None
    return structs.replace(said, bound=bound)


def _tilde(said: Said, line: Line, at: int) -> Said | None:
    return structs.replace(said, qualifier="about") if line.k[at + 1] in DATES else None


def _unchanged(said: Said, line: Line, at: int) -> Said:
    return said


def _leading_to(said: Said, line: Line, at: int) -> Said | None:
    """ "au 5 mai" begins with what joins two ends elsewhere; "到2015年底" is until then."""
    if "to_is_until" in line.scene.words.flags and said.bound is None:
        return structs.replace(said, bound="until")
    return said if "to_leads" in line.scene.words.flags else None


BEFORE: dict[K, Callable[[Said, Line, int], Said | None]] = {
    **dict.fromkeys(NEUTRAL, _unchanged),
    **dict.fromkeys(_BOUNDS, _bound),
    K.PLURIENNIUM: _unchanged,
    K.DAY_PART: _unchanged,
    K.EACH: lambda said, line, at: said if line.k[at + 1] in DATES else None,
    K.TO: _leading_to,
    K.QUALIFIER: _qualified,
    K.STATUS: _status,
    K.ONGOING: lambda said, line, at: structs.replace(said, ongoing=True),
    K.FORMER: lambda said, line, at: structs.replace(said, former=True),
    K.WAS: _was,
    K.EXCEPT: lambda said, line, at: None if said.rule else structs.replace(said, excepted=True),
    K.RENEWED: lambda said, line, at: structs.replace(said, renews=True),
    K.PART: _beginning,
    K.OFTEN: lambda said, line, at: said if line.k[at + 1] is K.A_RULE and line.value(at) == "1" else None,
    K.TILDE: _tilde,
    K.A_RULE: _of_node,
    K.A_COUNT: _of_node,
    K.A_LENGTH: _of_node,
    K.A_TIME: _of_node,
}
_LONGEST = 12
_AFTER_COMMA = kinds("QUALIFIER STATUS ONGOING A_RULE A_TIME A_LENGTH")
_AFTER_COLON = kinds(
    "BY DEADLINE LEAD QUALIFIER STATUS STARTING DURING PART A_RULE PLURIENNIUM FORMER RENEWED WAS EXCEPT A_COUNT "
    "A_LENGTH"
)


class Before(NamedTuple):
    """What is said before a date: up to item `at`; `last` is the item after the last word that says something."""

    said: Said
    at: int
    last: int


def read_before(line: Line, i: int) -> Before:
    """Everything that is said before a date, from item `i` on."""
    k, said, j, last, opened = line.k, NOTHING_SAID, i, i, False
    while j < i + _LONGEST:
        kind = k[j]
        if kind is K.STATUS and (moved := _moved(line, j)):
            return Before(joined_said(said, moved.said), moved.at, moved.last)
        effect = BEFORE.get(kind) if kind else None
        if effect:
            changed = effect(said, line, j)
            if changed is None:
                break
            said = changed
            j += 1
            last = last if kind in NEUTRAL else j
        elif kind is K.OPEN and k[j + 1] in (K.QUALIFIER, K.STATUS) and k[j + 2] is K.CLOSE:
            opened = True
            j += 1
        elif kind is K.CLOSE and opened:
            opened = False
            j += 1
        elif j > i and (
            (kind in (K.COMMA, K.DASH) and k[j - 1] in _AFTER_COMMA) or (kind is K.COLON and k[j - 1] in _AFTER_COLON)
        ):
            j += 1
        else:
            break
    return Before(said, j, last)


def _moved(line: Line, at: int) -> Before | None:
    """ "postponed to November", "postponed from May to November 2014": what follows is the new date."""
    k = line.k
    if line.value(at) != "postponed":
        return None
    said = Said(status="postponed")
    if k[at + 1] in (K.TO, K.UNTIL, K.IN, K.BY):
        renews = k[at + 1] in (K.TO, K.UNTIL) or (k[at + 1] is K.IN and "moved_in" in line.scene.words.flags)
        end = at + 2 + (k[at + 2] in NEUTRAL)
        return Before(structs.replace(said, renews=renews), end, end)
    if k[at + 1] not in (K.FROM, K.OF):
        return None
    end = at + 2 + (k[at + 2] in NEUTRAL)
    if k[end] not in DATES:
        return None
    end += 3 if k[end + 1] is K.DASH and k[end + 2] in DATES else 1
    comma = k[end] is K.COMMA
    if k[end + comma] in (K.TO, K.UNTIL) or (k[end] is K.IN):
        return Before(said, end + comma + 1, end + comma + 1)
    return None


# What is said after a date, by kind, where a comma, a dash or a bracket may stand before it.


def _closes(line: Line, at: int, bracket: bool) -> bool:
    """Whether a word said of a date ends here, and is not the first of more."""
    return line.k[at] is K.CLOSE if bracket else line.k[at] in _ENDS


_ENDS = frozenset(
    (None, K.CLOSE, K.COMMA, K.SEMICOLON, K.DOT, K.AND, K.DASH, K.HYPHEN, K.OPEN, K.COLON, K.QUESTION, K.MARK, K.A_TIME)
)


_CLOSING = kinds("STATUS ONGOING EXCEPT")


def _closed(said: Said, line: Line, at: int) -> Said:
    """ "cancelled", "ongoing", "15. April ausgenommen": what is said by a word that ends an expression."""
    if line.k[at] is K.STATUS:
        return structs.replace(said, status=line.value(at))
    return structs.replace(said, ongoing=True) if line.k[at] is K.ONGOING else structs.replace(said, excepted=True)


def _said_after(line: Line, at: int, bracket: bool, span: Span) -> Said | None:
    """What a word after a date says; None where it begins something else."""
    kind, said = line.k[at], span.said
    if kind is K.QUALIFIER:
        value = line.value(at)
        if value == "about" or not _closes(line, at + 1, bracket):
            return None
        status = "tentative" if value == "tentative" else said.status
        return structs.replace(said, qualifier=said.qualifier or value, status=status)
    if kind in _CLOSING and _closes(line, at + 1, bracket):
        return _closed(said, line, at)
    if kind is K.EARLIER or (kind is K.BY and _closes(line, at + 1, bracket)):
        return structs.replace(said, bound="by")
    if bracket and kind is K.A_UNIT and span.ends[0].day is not None and line.node(at).spans[0].ends[0].step("week"):
        # "20. bis 26. April (KW 17)"
        return said
    if kind is K.QUESTION:
        return structs.replace(said, qualifier=said.qualifier or "uncertain")
    if kind in (K.INCLUSIVE, K.PLURIENNIUM, K.DAY_PART, K.MERIDIEM):
        return said
    if kind is K.DURING and "during_follows" in line.scene.words.flags:
        return said
    if kind is K.A_TIME:
        return joined_said(said, line.node(at).said)
    if kind is K.A_COUNT and bracket:
        return joined_said(said, line.node(at).said)
    return None


def _length_after(line: Line, at: int, bracket: bool, said: Said) -> tuple[Said, int] | None:
    """ "(2 weeks)", ", for 2 weeks", "(3-day event)": a duration behind a date, and the item after it."""
    k = line.k
    start = at + (k[at] in (K.IN, K.DURING))
    if said.length is not None or k[start] not in (K.UPTO12, K.UPTO31, K.UPTO99, K.SPELLED, K.NUMBER):
        return None
    unit = start + 1 + (k[start + 1] in (K.HYPHEN, K.DASH))
    name = _LENGTHS.get(k[unit])
    item = line.items[start]
    if name is None or not isinstance(item, Lexeme):
        return None
    after = unit + 1
    if bracket and k[after] in (K.EVENT, K.WORD):
        after += 1
    if (bracket and k[after] is not K.CLOSE) or (
        not bracket and k[after] in (K.FROM, K.STARTING, K.IN, K.AFTER, K.BEFORE)
    ):
        return None
    return structs.replace(said, length=(item.number, name), anchored=True), after


_LENGTHS: dict[K | None, str] = {
    K.DAYS: "day", K.WEEK: "week", K.FORTNIGHT: "fortnight", K.MONTHS: "month", K.QUARTER: "quarter", K.HALF: "half",
    K.YEARS: "year", K.DECADES: "decade",
}  # fmt: skip


def read_after(line: Line, j: int, span: Span) -> tuple[Span, int]:
    """The span with all that is said after it, and the item after that."""
    k = line.k
    for _ in range(8):
        if k[j] is None:
            break
        lead = 1 if k[j] in (K.COMMA, K.DASH, K.OPEN, K.SEMICOLON) else 0
        bracket = k[j] is K.OPEN
        at = j + lead
        opened = _open_end(line, j, at, span)
        if opened:
            span, j = opened
            continue
        said = _said_after(line, at, bracket, span)
        after = at + 1
        if said is None:
            lasting = _length_after(line, at, bracket, span.said) if lead or k[at] in (K.IN, K.DURING) else None
            if lasting is None:
                break
            said, after = lasting
        if k[at] is K.QUESTION:
            while k[after] is K.QUESTION:
                after += 1
        if bracket:
            if k[after] is not K.CLOSE:
                break
            after += 1
        span, j = structs.replace(span, said=said), after
    return span, j


_OPENING = frozenset((K.ONWARDS, K.PLUS, K.DASH, K.IN))


def _open_end(line: Line, j: int, at: int, span: Span) -> tuple[Span, int] | None:
    """ "onwards", "2014+", "June 2013 -": the end is open."""
    k = line.k
    if k[at] not in _OPENING and k[j] not in _OPENING:
        return None
    starting = structs.replace(span.said, bound="starting")
    if k[at] is K.ONWARDS and k[j] is not K.OPEN:
        ends = span.ends[:1] if span.joined == "range" else span.ends
        joined = None if span.joined == "range" else span.joined
        return structs.replace(span, ends=ends, joined=joined, said=starting), at + 1
    if k[j] is K.PLUS and line.near(j) and k[j + 1] not in DATES:
        return structs.replace(span, said=starting), j + 1
    if k[j] is K.DASH and k[at] in (None, K.CLOSE):
        return structs.replace(span, said=starting), j + 1
    if k[j] is K.IN and span.said.bound in ("starting", "from") and _closes(line, j + 1, False):
        # "from June on"
        return structs.replace(span, said=starting), j + 1
    return None
