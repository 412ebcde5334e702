"""Clauses -> a date expression: lists of them, years over lists, what frames a recurrence or is left out of it.

expression = clause {("," | ";" | "and" | "or" | "except") clause}
"""

from __future__ import annotations

from msgspec import structs

from calfeed.dates.recurrence import joined_said, yearly_rule
from calfeed.dates.said import DATES, Line
from calfeed.dates.spans import Clause, excepted, read_clause
from calfeed.dates.vocabulary import K, kinds

_LIST = {
    K.COMMA: "comma", K.SEMICOLON: "semicolon", K.AND: "and", K.PLUS: "plus", K.OR: "or", K.SLASH: "slash",
    K.DOT: "dot",
}  # fmt: skip
_FRAME = kinds("FROM STARTING UNTIL IN DURING BETWEEN")
_SAID = kinds("STATUS QUALIFIER ONGOING A_RULE")


def read_expression(line: Line, i: int) -> list[Clause]:
    """The clauses of the expression that begins at item `i`; none where no date begins."""
    clause = read_clause(line, i)
    if clause is None:
        return []
    clauses = [clause]
    while following := _next_clause(line, clauses):
        separator, found = following
        framed = separator in ("comma", "open", "frame") and _frames(clauses[-1], found)
        if separator == "open" and found.dated and not framed:
            clauses[-1] = _specified(clauses[-1], found)
        elif framed or separator == "frame":
            clauses[-1] = _take_frame(clauses[-1], found)
        elif separator == "comma" and (dated := _final_year(clauses[-1], found)):
            clauses[-1] = dated
        else:
            clauses.append(_separated(found, separator))
    return clauses


def _separated(clause: Clause, separator: str) -> Clause:
    return clause._replace(spans=(structs.replace(clause.spans[0], separator=separator), *clause.spans[1:]))


def _next_clause(line: Line, clauses: list[Clause]) -> tuple[str, Clause] | None:
    """The next clause of a list and what stands before it; None where the list ends."""
    k, before = line.k, clauses[-1]
    joint = _joint(line, before)
    if joint is None:
        return None
    separator, j = joint
    found = read_clause(line, j)
    if found is None or (separator in _BEFORE_A_DATE and not found.dated):
        return None
    if separator == "open":
        dated = found.dated and not _frames(before, found) and not _specifies(before, found)
        if k[found.last] is not K.CLOSE or dated:
            return None
        return separator, found._replace(last=found.last + 1)
    if found.dated and before.said.excepted:
        # "except 5 and 12 May"
        found = found._replace(spans=excepted(found.spans))
    return separator, found


_BEFORE_A_DATE = frozenset(("or", "slash", "frame", "except"))


def _joint(line: Line, before: Clause) -> tuple[str, int] | None:
    """What stands between a clause and the next, and the item after it; None where the list ends."""
    k, j = line.k, before.last
    kind = k[j]
    if separator := _LIST.get(kind, "") if kind else "":
        j += 1
        if separator in ("comma", "semicolon") and k[j] in (K.AND, K.OR):
            separator = _LIST[k[j]]  # type: ignore[index]
            j += 1
        if separator == "dot" and not (before.dated and k[j] in DATES and k[j] is not K.A_YEAR):
            return None
        return separator, j
    if kind is K.COLON and _heads_a_list(line, before):
        return "colon", j + 1
    if kind is K.OPEN and before.dated:
        return "open", j + 1
    if before.said.rule and kind in _FRAME:
        return "frame", j
    if kind is K.EXCEPT and (before.said.rule or before.dated):
        return "except", j
    return _said_next(line, before, j)


def _said_next(line: Line, before: Clause, j: int) -> tuple[str, int] | None:
    """ "12 May, TBC", "12 May - cancelled": what is said behind a clause."""
    k = line.k
    if not (k[j] in _SAID or (k[j] is K.DASH and k[j + 1] in (K.STATUS, K.QUALIFIER))):
        return None
    j += k[j] is K.DASH
    if k[j] is K.A_RULE and (k[j + 1] in (K.EVENT, K.WORD) or any(end.relative for end in before.spans[-1].ends)):
        # "Autumn 2014 Annual meeting", "Market Saturday: first Saturday of each month"
        return None
    return "said", j


def _specifies(clause: Clause, following: Clause) -> bool:
    """ "Q2 2014 (April-June)", "week 20 (12-16 May 2014)": whether a bracket says which days a unit has."""
    unit = all(end.step("quarter", "season", "half", "week") and end.month is None for end in clause.spans[-1].ends)
    return unit and len(following.spans) == 1 and all(end.month is not None for end in following.spans[0].ends)


def _specified(clause: Clause, following: Clause) -> Clause:
    """The days of a bracket in place of the unit before it, in its year."""
    year = clause.spans[-1].ends[-1].year
    span = following.spans[0]
    ends = tuple(structs.replace(end, year=year) if end.year is None else end for end in span.ends)
    told = structs.replace(clause.spans[-1], ends=ends, joined=span.joined)
    return Clause((*clause.spans[:-1], told), clause.first, following.last)


def _heads_a_list(line: Line, clause: Clause) -> bool:
    """ "2013: June, September; 2014: May" """
    k, after = line.k, clause.last + 1
    while k[after] in (K.THE, K.IN, K.PART):
        after += 1
    opened = clause.first == 0 or k[clause.first - 1] in (K.SEMICOLON, K.COMMA, K.DOT, K.COLON, K.OPEN)
    span = clause.spans[0]
    year = len(clause.spans) == 1 and len(span.ends) == 1 and span.ends[0].is_bare_year and span.said.bound is None
    return year and opened and k[after] in DATES and k[after] is not K.A_YEAR


def _frames(clause: Clause, following: Clause) -> bool:
    """ "each Tuesday, starting 6 May": whether a clause only says when another's recurrence happens."""
    framing = following.dated and not following.said.rule and not following.said.excepted
    return bool(clause.said.rule and not clause.dated and framing)


def _take_frame(clause: Clause, following: Clause) -> Clause:
    """ "annually in March from 2014": the second clause bounds what the first repeats."""
    span, frame = clause.spans[-1], following.spans[0]
    said = span.said
    if span.ends and all(one.year is None for one in span.ends) and said.rule == "FREQ=YEARLY":
        said = structs.replace(said, rule=yearly_rule(span.ends[0]))
        span = structs.replace(span, ends=())
    told = structs.replace(frame.said, bound=None if span.ends else frame.said.bound)
    said = joined_said(told, structs.replace(said, bound=None))
    if span.ends:
        span = structs.replace(span, ends=(*span.ends, frame.ends[-1]), joined="range", said=said)
    else:
        span = structs.replace(span, ends=frame.ends, joined=frame.joined, said=said)
    return Clause((*clause.spans[:-1], span, *following.spans[1:]), clause.first, following.last)


def _final_year(clause: Clause, following: Clause) -> Clause | None:
    """ "5 May, 9:00, 2014": a year after a comma belongs to the day before it."""
    year, span = following.spans[0], clause.spans[-1]
    if (
        year.said.excepted
        or len(following.spans) > 1
        or len(year.ends) != 1
        or not year.ends[0].is_bare_year
        or not span.ends
    ):
        return None
    last = span.ends[-1]
    if last.day is None or last.year is not None or following.last - following.first > 1:
        return None
    ends = (*span.ends[:-1], structs.replace(last, year=year.ends[0].year))
    said = joined_said(year.said, span.said)
    return Clause((*clause.spans[:-1], structs.replace(span, ends=ends, said=said)), clause.first, following.last)
