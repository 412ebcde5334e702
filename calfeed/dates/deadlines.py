"""Dates that a noun makes deadlines: "Deadline for abstracts: 1 March", "Abstract submission deadline - 1 March"."""

from __future__ import annotations

from calfeed.dates.clause import Clause
from calfeed.dates.lexemes import Lexemes

# How many lexemes may say what is due.
_MOST = 8
_WHAT = frozenset(("word", "event", "of", "the", "and", "in", "during", "lead", "to", "or", "from", "starting", "mark"))


def is_closing(t: Lexemes, j: int) -> bool:
    """Whether a deadline's word tells what kind of event it is: "Atelier de clôture", "Taller de cierre"."""
    return j > 1 and t.k[j] == "by" and t.k[j - 1] == "of" and t.k[j - 2] in ("word", "event")


def mark_deadlines(t: Lexemes, i: int, clauses: list[Clause]) -> None:
    """Bind the single dates of an expression that begins at lexeme `i` if words before it name a deadline.

    Between the deadline and the colon or dash stands what is due; it is no part of the date expression.
    """
    k = t.k
    while i and k[i - 1] in ("the", "in"):
        i -= 1
    if i < 2 or k[i - 1] not in ("colon", "dash"):
        return
    j = i - 2
    while j >= 0 and i - j < _MOST and k[j] in _WHAT:
        j -= 1
    if j < 0 or k[j] != "by" or t.x[j].value != "deadline" or is_closing(t, j):
        return
    for clause in clauses:
        if clause.atoms and clause.bound is None and clause.joined is None:
            clause.bound = "by"
