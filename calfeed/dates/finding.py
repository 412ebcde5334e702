"""Where in a text the dates stand, and what the whole text says about when.

Expressions are tried from left to right. One that could be something else (a bare year, "May", "monthly") counts
only where dates stand: at the start, after a colon, comma, dash, bracket or preposition, and before an end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from calfeed.dates.context import Context
from calfeed.dates.grammar import Clause, Grammar
from calfeed.dates.lexer import Lexeme
from calfeed.dates.readings import Read, read
from calfeed.dates.tongue import choose, detect, lexemes_of
from calfeed.errors import DateTextError
from calfeed.model import Interpretation, Precision, Status, Token

MAX_LENGTH = 10_000

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
    )
)
_CLOSERS = frozenset(("", "close", "comma", "semicolon", "colon", "dot", "dash", "open", "question", "mark", "slash"))
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
    )
)
_DATE_LIKE = frozenset(("month", "season", "three", "monthyear", "isoweek", "stamp", "decade"))
_STATUSES = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "completed": Status.COMPLETED,
    "tentative": Status.TENTATIVE,
}
# Words that are a month and something else: a date only with a capital and in a date's place.
_DOUBLE = frozenset(
    (
        "may",
        "march",
        "mar",
        "sun",
        "sat",
        "mon",
        "wed",
        "fall",
        "spring",
        "dec",
        "mars",
        "mai",
        "set",
        "second",
        "ene",
        "jan",
        "sep",
        "mer",
        "dom",
    )
)


@dataclass(frozen=True)
class Found:
    """An expression: its clauses, and its lexemes from `first` to `last` (not included), connectors too."""

    clauses: tuple[Clause, ...]
    first: int
    last: int
    anchor: tuple[int, int] | None = None
    unresolved: bool = False


def interpret(text: str, context: Context) -> Interpretation:
    """Read a text that is a date expression, or an entry with one. Every word that was not used is in `unread`.

    Raises DateTextError for a text over MAX_LENGTH characters.
    """
    return _interpret(text, context, whole=True)


def find(text: str, context: Context) -> Interpretation:
    """Find the dates in an entry such as "Workshop in Manama, 2013"; `spans` are the offsets of their words.

    Words outside the spans are the title. `unread` holds what beside the dates looks like a part of one. Raises
    DateTextError for a text over MAX_LENGTH characters.
    """
    return _interpret(text, context, whole=False)


def _interpret(text: str, context: Context, *, whole: bool) -> Interpretation:
    if len(text) > MAX_LENGTH:
        raise DateTextError(
            f"the text has {len(text):,} characters; a date is looked for in {MAX_LENGTH:,} at most.",
            mend="Give the entry alone.",
        )
    result = _in_language(text, context, context.lang, whole)
    if not result.readings and not result.review and context.lang is not None:
        told, detected = choose(text, context.lang), detect(text)
        if detected != told:
            other = _in_language(text, context, detected, whole)
            if other.readings:
                return other
    return result


def _in_language(text: str, context: Context, lang: str | None, whole: bool) -> Interpretation:
    lexemes, chosen = lexemes_of(text, lang)
    grammar = Grammar(lexemes, chosen, context.reference, day_first_of(context, lang, chosen), text, context.span)
    found = chosen_expressions(expressions(grammar, whole), grammar)
    return _told(text, chosen, grammar, found, context, whole)


def day_first_of(context: Context, lang: str | None, chosen: str) -> bool | None:
    """Whether 05/12/2014 is 5 December: the document's evidence, else its language or region, else the settings."""
    if context.day_first is not None:
        return context.day_first
    if context.settings.day_first is not None:
        return context.settings.day_first
    tag = (lang or "").replace("_", "-").lower()
    if tag in ("en-us", "en-ph"):
        return False
    return (
        True
        if chosen in ("fr", "es", "de", "ru", "ar") or tag in ("en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za")
        else None
    )


def expressions(grammar: Grammar, whole: bool) -> list[Found]:
    """All date expressions of a text, in order."""
    found: list[Found] = []
    k = grammar.k
    size = len(grammar.x)
    i = 0
    while i < size:
        kind = k[i]
        if kind in ("word", "comma", "close", "colon", "semicolon", "mark", "dash", "slash", "and", "to", "event"):
            if kind == "word" and k[i] not in grammar.rules:
                i += 1
                continue
            if kind != "word":
                i += 1
                continue
        unresolved = _unresolved(grammar, i) if kind in ("number", "unit", "anchor") else None
        if unresolved and (whole or i == 0 or k[i - 1] in _OPENERS) and not (kind == "unit" and grammar.atom(i)):
            found.append(unresolved)
            i = unresolved.last
            continue
        if kind == "anchor" and grammar.x[i].value != "project":
            anchored = _anchor(grammar, i)
            if anchored:
                found.append(anchored)
                i = anchored.last
                continue
        clauses = grammar.expression(i) if not _refused(grammar, i) else []
        if clauses:
            first = _widened(grammar, i)
            expression = Found(tuple(clauses), first, clauses[-1].last)
            if _stands(grammar, expression, i, whole):
                found.append(expression)
                i = max(expression.last, i + 1)
                continue
        i += 1
    return found


def _refused(grammar: Grammar, i: int) -> bool:
    """What is no date though it begins like one: COP-12, RC-3/6, +41 22 917, 12 %, $ 2014, v1.2, No. 5."""
    x, k = grammar.x, grammar.k
    lexeme = x[i]
    if k[i] in ("number", "three", "two", "monthyear", "eight", "clock", "isoweek"):
        if i and lexeme.near:
            before = x[i - 1]
            if before.kind in ("word", "mark", "plus", "event") or (
                before.kind in ("dash", "slash", "dot", "apostrophe")
                and i > 1
                and before.near
                and x[i - 2].kind in ("word", "mark")
                and before.kind != "apostrophe"
            ):
                return True
        if i and k[i - 1] == "mark" and x[i - 1].text in "$€£#§№":
            return True
        if k[i + 1] == "mark" and x[i + 1].text in "%$€£°":
            return True
        if k[i + 1] == "word" and x[i + 1].near and k[i] == "number":
            return True
    return (
        k[i] == "month"
        and lexeme.text == "may"
        and lexeme.text == _raw(grammar, i)
        and k[i + 1] in ("word", "event", "lead")
    )


def _raw(grammar: Grammar, i: int) -> str:
    return grammar.text[grammar.x[i].start : grammar.x[i].end]


def _anchor(grammar: Grammar, i: int) -> Found | None:
    """The event that the text refers to. Its name ends at a bracket, comma, colon or semicolon, or at a date."""
    k = grammar.k
    j = first = i + 1
    while k[first] in ("the", "of", "with") and first - i < 4:
        first += 1
    while k[j] and k[j] not in ("open", "close", "comma", "semicolon", "colon") and j - i < 20:
        if k[j] in ("in", "during") and j + 1 < len(grammar.x) and grammar.atom(j + 1) is not None:
            break
        j += 1
    if grammar.x[i].value == "symbolic":
        first = i
        while k[j] == "number" and grammar.is_year(j):
            j += 1
    j = max(j, first)
    return Found((), i, j, (first, j)) if j > first else None


def _unresolved(grammar: Grammar, i: int) -> Found | None:
    """What counts from the start of a project or from another event: "M3-M6", "Year 2", "one month after adoption"."""
    x, k = grammar.x, grammar.k
    if (
        k[i] == "number"
        and k[i + 1] == "unit"
        and k[i + 2] in ("after", "before", "from", "by", "of", "in")
        and not grammar.is_year(i)
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
    while k[j] in ("dash", "to", "and", "slash", "comma") and j - i < 20:
        after = j + 1 + (k[j + 1] in ("unit", "anchor"))
        if k[after] != "number":
            break
        j = after + 1
    return Found((), i, j, (i, j), unresolved=True) if k[j] in _CLOSERS else None


def _widened(grammar: Grammar, i: int) -> int:
    """The first of the connectors before a date that belong to its words: "to be held in"."""
    k = grammar.k
    while (
        i > 0
        and k[i - 1] in ("lead", "in", "the", "during")
        and not (k[i - 1] == "the" and i > 1 and k[i - 2] not in ("in", "lead", "during", "of", "from", "by"))
    ):
        i -= 1
    return i


def _strength(clause: Clause) -> int:
    """2: surely a date; 1: a date where dates stand."""
    if not clause.atoms:
        return 1
    best = 0
    for atom in clause.atoms:
        units = sum(
            field is not None for field in (atom.year, atom.month, atom.day, atom.division, atom.week, atom.nth)
        )
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


def _stands(grammar: Grammar, found: Found, i: int, whole: bool) -> bool:
    """Whether an expression is one: by itself, or by where it stands."""
    k, x = grammar.k, grammar.x
    clauses = found.clauses
    atoms = [atom for clause in clauses for atom in clause.atoms]
    only_days = bool(atoms) and all(atom.day is not None and atom.month is None and not atom.fixed for atom in atoms)
    if only_days:
        return whole and found.first == 0 and found.last >= len(x) and (len(atoms) > 1 or atoms[0].ordinal)
    if all(atom.note == "pair" for atom in atoms) and atoms:
        return False
    if not atoms and any(clause.frequency == "IRREGULAR" for clause in clauses) and not whole:
        pass
    strong = any(_strength(clause) == 2 for clause in clauses)
    opened = found.first == 0 or k[found.first - 1] in _OPENERS or k[i] in _CONNECTORS or found.first < i
    closed = k[found.last] in _CLOSERS
    if strong:
        if len(atoms) == 1 and atoms[0].year is None and not opened and not closed:
            return False
        return not (atoms and not _is_capital(grammar, found, i) and not opened)
    years = [atom for atom in atoms if atom.precision is Precision.YEAR and atom.year is not None]
    if years and len(years) == len(atoms):
        listed = len(atoms) > 1
        if opened and closed:
            return True
        if found.first == 0 and k[found.last] in ("", "colon", "comma", "dash", "semicolon", "close"):
            return True
        if listed and closed:
            return True
        if not closed or k[found.last] in ("dash", "slash"):
            return False
        before = x[found.first - 1]
        capital = grammar.text[before.start : before.start + 1].isupper()
        year = years[0].year
        return before.kind in ("word", "event") and (
            not capital
            or (
                grammar.span is not None
                and year is not None
                and grammar.span[0] <= year <= grammar.span[1]
                and found.first == 1
            )
        )
    if not (opened and closed):
        return False
    if atoms and any(x[found.first].text in _DOUBLE or x[i].text in _DOUBLE for _ in (0,)) and len(x) > 1:
        return _is_capital(grammar, found, i)
    if not atoms and not whole:
        # "Tentative programme", "regular meeting": words that are said of other things too.
        return (found.first > 0 and k[found.first - 1] in ("colon", "comma", "open", "dash", "semicolon", "close")) or (
            found.last >= len(x) and found.first == 0
        )
    return True


def _is_capital(grammar: Grammar, found: Found, i: int) -> bool:
    """Whether words that could be others begin with a capital, as names of months do in English."""
    lexeme = grammar.x[i]
    if grammar.lang != "en" or lexeme.text not in _DOUBLE:
        return True
    return grammar.text[lexeme.start].isupper() or all(one.kind != "word" for one in grammar.x)


def chosen_expressions(found: list[Found], grammar: Grammar) -> list[Found]:
    """Those that say when the entry is: what stands after the last colon that a date follows, else all."""
    k = grammar.k
    dated = [one for one in found if any(clause.atoms for clause in one.clauses)]
    if len(dated) < 2:
        return found
    for index in range(len(dated) - 1, 0, -1):
        first = dated[index].first
        if first and k[first - 1] == "colon" and dated[index - 1].first > 0:
            kept = dated[index:]
            return [one for one in found if one in kept or not any(clause.atoms for clause in one.clauses)]
    return found


def _told(text: str, lang: str, grammar: Grammar, found: list[Found], context: Context, whole: bool) -> Interpretation:
    x = grammar.x
    clauses = [clause for one in found for clause in _joined(one, found)]
    result = read(clauses, x, context) if clauses else Read((), ())
    reasons = list(result.reasons)
    if _is_ancient(grammar):
        result, reasons = Read((), ()), ["Years before the common era are not read."]
    status, ongoing, count = None, False, None
    for clause in clauses:
        status = _STATUSES.get(clause.status or "", status)
        if clause.qualifier == "tentative" and status is None:
            status = Status.TENTATIVE
        ongoing = ongoing or clause.ongoing
        count = clause.count if count is None else count
    anchors = [text[x[one.anchor[0]].start : x[one.anchor[1] - 1].end] for one in found if one.anchor]
    used = set(grammar.used)
    for one in found:
        used.update(range(one.first, one.last))
        if one.anchor:
            grammar.used.update(dict.fromkeys(range(one.first, one.last), "anchor"))
    spans = tuple(
        (x[one.first].start, x[one.last - 1].end) for one in found if one.last > one.first and (whole or one.clauses)
    )
    unread = _unread(text, grammar, found, used, whole)
    suspicious = _suspicious(grammar, used)
    if suspicious and (found or whole):
        reasons += [
            f"“{text[x[i].start : x[i].end]}” looks like a part of a date and was not used." for i in suspicious[:3]
        ]
    if not result.readings and any(one.unresolved or _is_symbolic(grammar, one) for one in found):
        reasons.append("The date depends on another event or on a calendar that is not at hand.")
    return Interpretation(
        text=text,
        lang=lang,
        readings=result.readings,
        review=bool(reasons),
        reasons=tuple(dict.fromkeys(reasons)),
        unread=unread,
        status=status,
        ongoing=ongoing,
        anchor=anchors[0] if anchors else None,
        count=count,
        spans=spans,
        tokens=_tokens(text, grammar, used),
    )


def _joined(one: Found, found: list[Found]) -> list[Clause]:
    """An expression's clauses; a second expression of the same text continues the list."""
    if one.clauses and found and one is not found[0] and one.clauses[0].separator == "":
        first = one.clauses[0]
        first.separator = "semicolon"
    return list(one.clauses)


def _is_ancient(grammar: Grammar) -> bool:
    """Whether a number with BC or BCE stands in the text."""
    return any(
        lexeme.kind == "spell" and lexeme.value == "bce" and i and grammar.k[i - 1] == "number"
        for i, lexeme in enumerate(grammar.x)
    )


def _is_symbolic(grammar: Grammar, found: Found) -> bool:
    return found.anchor is not None and grammar.x[found.first].value == "symbolic"


def _suspicious(grammar: Grammar, used: set[int]) -> list[int]:
    """Lexemes beside the dates that look like a part of one: months, seasons, numeric dates, years."""
    found = []
    for i, kind in enumerate(grammar.k[: len(grammar.x)]):
        if i in used:
            continue
        beside = i - 1 in used or i + 1 in used or i - 2 in used
        if kind in ("three", "monthyear", "isoweek", "stamp") or (
            kind == "month" and (beside or not used) and grammar.x[i].text not in _DOUBLE
        ):
            if not _refused(grammar, i):
                found.append(i)
        elif (
            kind == "number"
            and beside
            and not _refused(grammar, i)
            and (grammar.is_year(i) or grammar.x[i].digits in (1, 2))
            and grammar.k[i + 1] not in ("word", "event")
        ):
            found.append(i)
    return found


def _unread(text: str, grammar: Grammar, found: list[Found], used: set[int], whole: bool) -> tuple[str, ...]:
    x = grammar.x
    if not whole:
        return tuple(text[x[i].start : x[i].end] for i in _suspicious(grammar, used)) if found else ()
    return tuple(
        text[lexeme.start : lexeme.end] for i, lexeme in enumerate(x) if i not in used and grammar.k[i] not in _MARKS
    )


_MARKS = frozenset(
    ("comma", "colon", "semicolon", "dash", "dot", "open", "close", "mark", "apostrophe", "slash", "question", "tilde")
)


def _tokens(text: str, grammar: Grammar, used: set[int]) -> tuple[Token, ...]:
    return tuple(
        Token(
            text=text[one.start : one.end],
            start=one.start,
            end=one.end,
            role=grammar.used.get(i, one.kind) if i in used else "title",
        )
        for i, one in enumerate(grammar.x)
    )


__all__ = ["MAX_LENGTH", "Lexeme", "find", "interpret", "replace"]
