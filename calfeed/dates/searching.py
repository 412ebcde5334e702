"""Every date expression of a text, each where it stands."""

from __future__ import annotations

import re

from msgspec import structs

from calfeed.dates.atoms import Atom
from calfeed.dates.clause import Clause
from calfeed.dates.context import Context
from calfeed.dates.expressions import Found, expressions
from calfeed.dates.finding import _told, day_first_of
from calfeed.dates.lexemes import Lexemes
from calfeed.dates.masking import masked
from calfeed.dates.partial import Dated, Field
from calfeed.dates.periods import times_of
from calfeed.dates.tongue import lexemes_of
from calfeed.model import Interpretation

_LINE = re.compile(r"[^\n]+")


def search(text: str, context: Context, *, bare: bool = False) -> tuple[Dated, ...]:
    """Every date expression of a text, in order, not overlapping.

    `bare`: the caller knows that days stand here (a cell, an item under a month): a number alone, a weekday alone and
    "the 3rd Thursday" are dates too. What `masked` tells is never one.
    """
    if len(text) > 4000:
        return tuple(
            _moved(one, line.start(), text)
            for line in _LINE.finditer(text)
            for one in search(line[0][:4000], context, bare=bare)
        )
    letters = list(text)
    for hidden in masked(text, context.lang):
        letters[hidden.start : hidden.end] = "x" * (hidden.end - hidden.start)
    plain = "".join(letters)
    lexemes, chosen = lexemes_of(plain, context.lang)
    day_first = day_first_of(context, context.lang, chosen)
    t = Lexemes(lexemes, chosen, context.reference, day_first, plain, context.span)
    t.bare = bare
    found = []
    for one in expressions(t, whole=False):
        if not one.clauses:
            continue
        found.append(_dated(text, plain, chosen, t, one, context))
    taken = {i for one in expressions(t, whole=False) for i in range(one.first, one.last)}
    return tuple(sorted([*found, *_times(text, chosen, t, taken)], key=lambda one: one.start))


def _moved(one: Dated, offset: int, text: str) -> Dated:
    return structs.replace(one, start=one.start + offset, end=one.end + offset)


def _dated(text: str, plain: str, lang: str, t: Lexemes, one: Found, context: Context) -> Dated:
    atoms = [atom for clause in one.clauses for atom in clause.atoms]
    has = frozenset(field for atom in atoms for field in _has(atom))
    needs = frozenset(field for atom in atoms for field in _needs(atom))
    weekdays = tuple(dict.fromkeys(d for atom in atoms for d in (atom.weekday, atom.weekday_to) if d is not None))
    told = _told(plain, lang, t, [one], context, False)
    first, last = told.spans[0] if told.spans else (t.x[one.first].start, t.x[one.last - 1].end)
    words = text[first:last]
    times = next((found for clause in one.clauses if (found := _times_of(clause, t))), None)
    return Dated(
        start=first,
        end=last,
        interpretation=structs.replace(told, text=words, spans=((0, len(words)),), tokens=()),
        lacks=needs - has,
        has=has,
        weekdays=weekdays,
        times=times,
    )


def _times_of(clause: Clause, t: Lexemes) -> str | None:
    return times_of(clause, t.x) if clause.atoms or clause.times else None


def _times(text: str, lang: str, t: Lexemes, taken: set[int]) -> list[Dated]:
    found = []
    i = 0
    while i < len(t.x):
        if t.k[i] == "clock" and i not in taken:
            clause = Clause(i, i + 1)
            clause.times.append(i)
            if t.k[i + 1] in ("dash", "to", "until") and t.k[i + 2] == "clock":
                clause.times.append(i + 2)
                i += 2
            start, end = t.x[clause.first].start, t.x[i].end
            told = Interpretation(text=text[start:end], lang=lang)
            found.append(Dated(start=start, end=end, interpretation=told, times=times_of(clause, t.x)))
        i += 1
    return found


def _has(atom: Atom) -> list[Field]:
    if atom.fixed is not None:
        return [] if atom.note == "relative" else [Field.YEAR]
    told = ((Field.YEAR, atom.year), (Field.MONTH, atom.month), (Field.DAY, atom.day))
    return [field for field, value in told if value is not None]


def _needs(atom: Atom) -> list[Field]:
    if atom.fixed is not None:
        return [Field.YEAR, Field.MONTH, Field.DAY] if atom.note == "relative" else []
    return [Field.YEAR, Field.MONTH] if atom.day is not None else [Field.YEAR]
