"""Where in a text the date expressions stand.

Expressions are tried from left to right. One that could be something else (a bare year, "May", "monthly") counts
only where dates stand: at the start, after a colon, comma, dash, bracket or preposition, and before an end.
"""

from __future__ import annotations

from typing import NamedTuple

from calfeed.dates.atom_grammar import read_atom
from calfeed.dates.clause import Clause
from calfeed.dates.deadlines import is_closing
from calfeed.dates.grammar import read_expression
from calfeed.dates.holidays import NOTE as HOLIDAY
from calfeed.dates.lexemes import Lexemes, is_bare_number
from calfeed.dates.units import ROMAN
from calfeed.model import Precision

_OPENERS = frozenset(
    (
        "colon",
        "open",
        "comma",
        "semicolon",
        "dash",
        "dot",
        "in",
        "during",
        "from",
        "until",
        "by",
        "before",
        "after",
        "between",
        "lead",
        "starting",
        "qualifier",
        "status",
        "ongoing",
        "each",
        "question",
        "slash",
        "tilde",
        "of",
        "the",
        "close",
        "former",
        "renewed",
    )
)
_CLOSERS = frozenset(
    ("", "close", "comma", "semicolon", "colon", "dot", "dash", "open", "question", "mark", "slash", "and")
)
_CONNECTORS = frozenset(
    (
        "in",
        "from",
        "until",
        "by",
        "before",
        "after",
        "between",
        "lead",
        "starting",
        "during",
        "the",
        "of",
        "qualifier",
        "ongoing",
        "status",
        "each",
        "part",
        "former",
        "renewed",
    )
)
_DATE_LIKE = frozenset(("month", "season", "three", "monthyear", "isoweek", "stamp", "decade"))
# Kinds that no expression begins with; connectors before one are taken in afterwards.
_NEVER_FIRST = frozenset(
    (
        "comma",
        "close",
        "colon",
        "semicolon",
        "mark",
        "dash",
        "slash",
        "and",
        "to",
        "event",
        "in",
        "the",
        "lead",
        "of",
        "during",
        "dot",
        "question",
        "plus",
        "tilde",
    )
)
# Marks that make a number something else than a date when they stand right before it.
SYMBOLS = frozenset("#§№$€£¥/=_@%^\\")
# Words that are a month and something else: a date only with a capital and in a date's place.
DOUBLE = frozenset(("may", "march", "mar", "sun", "sat", "mon", "wed", "dec", "jan", "sep"))


class Found(NamedTuple):
    """An expression: its clauses, and its lexemes from `first` to `last` (not included), connectors too."""

    clauses: tuple[Clause, ...]
    first: int
    last: int
    anchor: tuple[int, int] | None = None
    unresolved: bool = False


def expressions(t: Lexemes, whole: bool) -> list[Found]:
    """All date expressions of a text, in order."""
    found: list[Found] = []
    k = t.k
    size = len(t.x)
    i = 0
    while i < size:
        kind = k[i]
        if kind in _NEVER_FIRST or (kind == "open" and i > 0) or (kind == "word" and t.x[i].text not in ROMAN):
            i += 1
            continue
        unresolved = _unresolved(t, i) if kind in ("number", "unit", "anchor", "after", "before") else None
        if unresolved and (whole or i == 0 or k[i - 1] in _OPENERS) and not (kind == "unit" and read_atom(t, i)):
            found.append(unresolved)
            i = unresolved.last
            continue
        if kind == "anchor" and t.x[i].value != "project":
            anchored = _anchor(t, i)
            if anchored:
                found.append(anchored)
                i = anchored.last
                continue
        passed = _is_label(t, i) or _is_adjective(t, i) or refused(t, i) or is_closing(t, i)
        clauses = [] if passed else read_expression(t, i)
        if clauses:
            first = _widened(t, i)
            expression = Found(tuple(clauses), first, clauses[-1].last)
            if _stands(t, expression, i, whole):
                led = k[0] == "by" and first > 1 and not found and "colon" in (k[1], k[first - 1])
                if led and clauses[0].bound is None:
                    # "Deadline for comments: 31 March"
                    clauses[0].bound = "by"
                found.append(expression)
            # No part of a refused expression is tried again: reading stays linear.
            i = max(expression.last, i + 1)
        else:
            i += 1
    return found


def refused(t: Lexemes, i: int) -> bool:
    """What is no date though it begins like one: COP-12, RC-3/6, +41 22 917, 12 %, $ 2014, v1.2, No. 5."""
    x, k = t.x, t.k
    lexeme = x[i]
    if k[i] in ("number", "three", "two", "monthyear", "eight", "clock", "isoweek"):
        if i > 1 and lexeme.near and k[i - 1] == "colon" and x[i - 1].near and k[i - 2] == "number":
            return True
        if (
            i
            and lexeme.near
            and (x[i - 1].kind in ("word", "plus", "event") or x[i - 1].text in SYMBOLS or _of_symbol(t, i))
        ):
            return True
        if i and k[i - 1] == "mark" and x[i - 1].text in "$€£#§№":
            return True
        if k[i + 1] == "mark" and x[i + 1].text in "%$€£°":
            return True
        if k[i + 1] == "word" and x[i + 1].near and k[i] == "number":
            return True
    return (
        k[i] == "month" and lexeme.text == "may" and lexeme.text == _raw(t, i) and k[i + 1] in ("word", "event", "lead")
    )


def _of_symbol(t: Lexemes, i: int) -> bool:
    """Whether a number belongs to a symbol that begins with letters: "RC-3/6", "CHW.11/24"."""
    x = t.x
    for j in range(i, max(i - 8, 1), -2):
        joined = x[j].near and x[j - 1].kind in ("dash", "slash", "dot") and x[j - 1].near
        if not joined or x[j - 2].kind not in ("number", "word", "mark"):
            return False
        if x[j - 2].kind != "number":
            return True
    return False


def _is_label(t: Lexemes, i: int) -> bool:
    """A number after a word and before a comma numbers that word: "Room 5, 12 May", "Phase 2, June 2014"."""
    k = t.k
    return (
        k[i] == "number"
        and i > 0
        and k[i - 1] in ("word", "event")
        and k[i + 1] in ("comma", "and", "colon")
        and not t.is_year(i)
    )


def _is_adjective(t: Lexemes, i: int) -> bool:
    """A word for how often that belongs to the noun before it: "Rencontre annuelle : fin 2015"."""
    return (
        t.k[i] == "frequency"
        and t.lang in ("fr", "es", "ar")
        and i > 0
        and t.k[i - 1] in ("word", "event")
        and t.k[i + 1] == "colon"
    )


def _raw(t: Lexemes, i: int) -> str:
    return t.text[t.x[i].start : t.x[i].end]


def _anchor(t: Lexemes, i: int) -> Found | None:
    """The event that the text refers to. Its name ends at a bracket, comma, colon or semicolon, or at a date."""
    k = t.k
    j = first = i + 1
    while k[first] in ("the", "of", "with") and first - i < 4:
        first += 1
    while k[j] and k[j] not in ("open", "close", "comma", "semicolon", "colon") and j - i < 20:
        if k[j] in ("in", "during") and j + 1 < len(t.x) and read_atom(t, j + 1) is not None:
            break
        j += 1
    if t.x[i].value == "symbolic":
        first = i
        while k[j] == "number" and t.is_year(j):
            j += 1
    j = max(j, first)
    return Found((), i, j, (first, j)) if j > first else None


def _beyond(t: Lexemes, i: int) -> set[str]:
    """The kinds of the lexemes from `i` on that do not belong to a symbol such as COP-12."""
    return {kind for j, kind in enumerate(t.k[i : len(t.x)], i) if not refused(t, j)}


def _unresolved(t: Lexemes, i: int) -> Found | None:
    """What counts from the start of a project or from another event: "M3-M6", "Year 2", "one month after adoption"."""
    x, k = t.x, t.k
    if k[i] in ("after", "before") and i == 0:
        first = t.skip(i + 1, 2)
        named = k[first] in ("word", "event") and first + 1 < len(x)
        return Found((), i, len(x), (first, len(x))) if named and not {"number", "month"} & _beyond(t, first) else None
    if (
        k[i] == "number"
        and k[i + 1] == "unit"
        and k[i + 2] in ("after", "before", "from", "by", "of", "in")
        and not t.is_year(i)
    ):
        j = i + 3
        while k[j] == "the":
            j += 1
        if k[j] not in ("word", "event"):
            return None
        first = j
        while k[j] in ("word", "event", "of", "the", "dash", "number") and j - i < 20:
            j += 1
        return Found((), i, j, (first, j))
    named = (k[i] == "unit" and x[i].value in ("year", "month", "week", "quarter")) or (
        k[i] == "anchor" and x[i].value == "project"
    )
    if not named or k[i + 1] != "number" or x[i + 1].digits > 2:
        return None
    j = i + 2
    while k[j] in ("dash", "to", "and", "slash") and j - i < 20:
        after = j + 1 + (k[j + 1] in ("unit", "anchor"))
        if k[after] != "number" or t.is_year(after):
            break
        j = after + 1
    return Found((), i, j, (i, j), unresolved=True) if k[j] in _CLOSERS else None


def _widened(t: Lexemes, i: int) -> int:
    """The first of the connectors before a date that belong to its words: "to be held in"."""
    k = t.k
    while (
        i > 0
        and (
            k[i - 1] in ("lead", "in", "the", "during")
            or (k[i - 1] in ("of", "to") and t.lang in ("fr", "es"))
            or _led(k, i)
        )
        and not (k[i - 1] == "the" and i > 1 and k[i - 2] not in _OPENERS)
    ):
        i -= 1
    return i


def _led(k: list[str], i: int) -> bool:
    """ "Date: 12 May" """
    return i > 1 and k[i - 1] == "colon" and k[i - 2] in ("lead", "during")


def _strength(clause: Clause) -> int:
    """2: surely a date; 1: a date where dates stand."""
    if not clause.atoms:
        return 1
    best = 0
    for atom in clause.atoms:
        units = (atom.year is not None) + (atom.month is not None) + (atom.day is not None)
        units += (atom.division is not None) + (atom.week is not None) + (atom.nth is not None)
        if atom.fixed:
            units = 1
        if atom.part and units:
            units += 1
        if atom.spell or atom.week is not None or atom.week_of or (atom.decade):
            units += 1
        best = max(best, units)
    if clause.bound or clause.ongoing or clause.frequency:
        best += 1 if best else 0
    return 2 if best >= 2 else 1


def _stands(t: Lexemes, found: Found, i: int, whole: bool) -> bool:
    """Whether an expression is one: by itself, or by where it stands."""
    k, x = t.k, t.x
    atoms = [atom for clause in found.clauses for atom in clause.atoms]
    if atoms and all(is_bare_number(atom) and atom.weekday is None for atom in atoms):
        if t.bare:
            return (not found.first or k[found.first - 1] in _OPENERS) and k[found.last] in _CLOSERS
        # "5-9" is a date under a heading that names the month, "on the 5th" of the month of reading is not.
        return (
            whole
            and found.first == 0
            and found.last >= len(x)
            and (len(atoms) > 1 or atoms[0].ordinal or t.under_month)
        )
    if atoms and atoms[0].note == "pair" and all(atom.note == "pair" for atom in atoms):
        # "12.05." alone is a day in German; "1.1." after a word is a section. So with "22/04" and "1/10".
        if t.bare or any(atom.weekday is not None for atom in atoms):
            return True
        alone = found.last >= len(x) and (k[found.first - 1] == "colon" if found.first else whole)
        return alone and ((whole and t.lang == "de" and x[-1].text.endswith(".")) or "slash" in k[i : found.last])
    if not whole and any(atom.note == HOLIDAY and atom.year is None for atom in atoms):
        # "Christmas concert" names no day; "closed on Christmas Day" does.
        alone = found.first == 0 or k[found.first - 1] in ("colon", "comma", "open", "dash", "semicolon")
        if k[found.last] not in _CLOSERS or not (alone or k[i] in _CONNECTORS or found.first < i):
            return False
    in_title = not whole and found.first > 0 and k[found.first - 1] != "colon"
    if in_title and any(atom.precision is Precision.CENTURY for atom in atoms):
        return False
    opened = found.first == 0 or k[found.first - 1] in _OPENERS or k[i] in _CONNECTORS or found.first < i
    closed = k[found.last] in _CLOSERS
    if max(map(_strength, found.clauses)) == 2:
        if len(atoms) == 1 and atoms[0].year is None and not opened and not closed:
            return False
        return opened or not atoms or _is_capital(t, i)
    if atoms and all(atom.precision is Precision.YEAR and atom.year is not None for atom in atoms):
        return (opened or len(atoms) > 1) and closed if opened or len(atoms) > 1 else _ends_title(t, found)
    if not (opened and closed):
        return False
    if atoms:
        return _is_capital(t, i)
    # "Tentative programme", "regular meeting": what is said without a date stands in a field of its own.
    alone = found.first == 0 and found.last >= len(x)
    return whole or alone or k[found.first - 1] in ("colon", "comma", "open", "dash", "semicolon", "close")


def _ends_title(t: Lexemes, found: Found) -> bool:
    """Whether a year without a mark before it, as in "Regional workshop 2014", is one; "Horizon 2020" is a name."""
    before = t.x[found.first - 1]
    if before.kind not in ("word", "event") or t.k[found.last] not in ("", "close", "dot", "comma", "open"):
        return False
    named = t.text[before.start : before.start + 1].isupper() and before.kind != "event"
    return not named


def lone_status(t: Lexemes, used: set[int]) -> tuple[int, str] | None:
    """A word such as "CANCELLED" that has a field of its own beside the title: its lexeme and the status."""
    if "status" not in t.k:
        return None
    for i, kind in enumerate(t.k[: len(t.x)]):
        starts = i == 0 or t.k[i - 1] in ("open", "dash", "comma", "colon", "semicolon")
        if kind == "status" and i not in used and starts and t.k[i + 1] in ("close", "dash", "colon", "comma", ""):
            return i, str(t.x[i].value)
    return None


def is_doubtful(t: Lexemes, found: Found) -> bool:
    """Whether only its place at the end of a title makes a number a year that the document's years do not confirm."""
    atoms = [atom for clause in found.clauses for atom in clause.atoms]
    if len(atoms) != 1 or _strength(found.clauses[0]) == 2 or atoms[0].precision is not Precision.YEAR:
        return False
    if not found.first or t.k[found.first - 1] not in ("word", "event"):
        return False
    if t.k[found.first] != "number" or t.span is None:
        return t.k[found.first] == "number"
    return not t.span[0] <= (atoms[0].year or 0) <= t.span[1]


def _is_capital(t: Lexemes, i: int) -> bool:
    """Whether words that could be others begin with a capital, as names of months do in English."""
    lexeme = t.x[i]
    if t.lang != "en" or lexeme.text not in DOUBLE:
        return True
    return t.text[lexeme.start].isupper()


def chosen_expressions(found: list[Found], t: Lexemes) -> list[Found]:
    """Those that say when the entry is: from the first that follows a colon on, else all."""
    k = t.k
    dated = [one for one in found if any(clause.atoms for clause in one.clauses)]
    if len(dated) < 2:
        return found
    for index in range(len(dated)):
        first = dated[index].first
        if first and k[first - 1] == "colon" and (index == 0 or dated[index - 1].first > 0):
            kept = dated[index:]
            return [one for one in found if one in kept or not any(clause.atoms for clause in one.clauses)]
    return found
