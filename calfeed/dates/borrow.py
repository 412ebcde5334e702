"""Missing fields are borrowed once, here: from a sibling, from what is lent, from the document or the day of reading.

A sibling is another end of the same expression: first the other end of the same range, then to the right, then to the
left. What was borrowed, and from where, is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta

from msgspec import Struct, structs

from calfeed.dates.calendar import days_of
from calfeed.dates.context import Context
from calfeed.dates.partial import DayError, Field, Lent, Partial, Span
from calfeed.model import Inferred

_YEAR = re.compile(r"(?<![\w/-])(?:1[5-9]|2[0-4])\d\d(?![\w/-])")
# Years that a day of such a weekday is looked for in, around the day of reading.
_YEARS_AROUND = 1


class Borrowed(Struct):
    """Spans whose dates lack nothing, with what was borrowed and what is doubtful about it.

    `given` tells of each end whether the text has its year; `turned` which ends were moved over the turn of a year.
    """

    spans: list[Span]
    given: list[tuple[bool, ...]]
    inferred: list[Inferred]
    reasons: list[str]
    turned: frozenset[int] = frozenset()

    def note(self, name: str, value: int, origin: str) -> None:
        """Record that a field was borrowed, and from where."""
        entry = Inferred(field=name, value=str(value), origin=origin)
        if entry not in self.inferred:
            self.inferred.append(entry)


def lends(context: Context, month_of: Callable[[str], tuple[int, int | None] | None]) -> tuple[Lent, ...]:
    """All that a context lends, nearest first: what it says it lends, then what its headings and document say.

    `month_of` finds the one month of a heading, with its year."""
    found = list(context.lent)
    for heading in context.headings:
        if named := month_of(heading[:200]):
            found.append(Lent(field=Field.MONTH, value=named[0], origin="heading", words=heading))
            if named[1] is not None:
                found.append(Lent(field=Field.YEAR, value=named[1], origin="heading", words=heading))
                continue
        years = {int(year) for year in _YEAR.findall(heading)}
        if len(years) == 1:
            found.append(Lent(field=Field.YEAR, value=years.pop(), origin="heading", words=heading))
    if context.span is not None:
        first, last = context.span
        found.append(Lent(field=Field.YEAR, value=first, until=last if last > first else None, origin="document"))
    return tuple(found)


def borrow(spans: list[Span], context: Context, lent: Callable[[], tuple[Lent, ...]]) -> Borrowed:
    """The spans with every field filled. Raises DayError where a day has no month."""
    result = Borrowed(spans, [tuple(end.year is not None for end in span.ends) for span in spans], [], [])
    if all(map(all, result.given)) and not any(_lacks_month(end) for span in spans for end in span.ends):
        if len(spans) > 1:
            result.spans, result.given = _under_year_heads(spans, result.given)
        return result
    spans, result.given = _under_year_heads(spans, result.given)
    monthless = [all(_lacks_month(end) for end in span.ends) for span in spans]
    ends = [end for span in spans for end in span.ends]
    owners = [at for at, span in enumerate(spans) for _ in span.ends]
    _borrow_units(ends, owners)
    _borrow_months(ends, result, context, lent)
    _borrow_years(ends, owners, result, context, lent)
    filled = iter(ends)
    result.spans = [structs.replace(span, ends=tuple(next(filled) for _ in span.ends)) for span in spans]
    _wrap_all(result, context, monthless)
    _turn(result)
    return result


def _lacks_month(end: Partial) -> bool:
    return end.month is None and (end.day is not None or _of_month(end))


def _of_month(end: Partial) -> bool:
    return bool(end.steps) and end.steps[0].name == "of month"


def _under_year_heads(spans: list[Span], given: list[tuple[bool, ...]]) -> tuple[list[Span], list[tuple[bool, ...]]]:
    """ "2013: June, September; 2014: May" and "2014, June and September": a year over what follows it."""
    if not any(span.separator == "colon" for span in spans):
        first = spans[0]
        heads = (
            len(spans) > 1
            and is_bare_year(first)
            and first.said.qualifier is None
            and first.said.bound is None
            and first.said.rule is None
            and all(span.separator in ("comma", "and", "semicolon", "or") for span in spans[1:])
            and all(span.ends and all(_may_stand_under(end) for end in span.ends) for span in spans[1:])
        )
        return ([_with_year(span, first.ends[0].year) for span in spans[1:]], given[1:]) if heads else (spans, given)
    kept: list[Span] = []
    told: list[tuple[bool, ...]] = []
    year: int | None = None
    for at, span in enumerate(spans):
        following = spans[at + 1] if at + 1 < len(spans) else None
        if following is not None and following.separator == "colon" and is_bare_year(span):
            year = span.ends[0].year
            continue
        kept.append(span if is_bare_year(span) else _with_year(span, year))
        told.append(given[at])
    return kept, told


def _may_stand_under(end: Partial) -> bool:
    return end.year is None and not any(step.unit in ("weekday", "week", "day", "weekend") for step in end.steps)


def _with_year(span: Span, year: int | None) -> Span:
    ends = tuple(structs.replace(end, year=year) if end.year is None else end for end in span.ends)
    return structs.replace(span, ends=ends)


def is_bare_year(span: Span) -> bool:
    """Whether a span is one year and nothing more."""
    return len(span.ends) == 1 and span.ends[0].is_bare_year


def _borrow_units(ends: list[Partial], owners: list[int]) -> None:
    """A number takes its neighbour's unit: "Q1 and 2", "week 20 or 22", not beside a day of a month."""
    of_month = {owners[at] for at, end in enumerate(ends) if end.month is not None and end.day is not None}
    for step, places in ((1, range(len(ends) - 2, -1, -1)), (-1, range(1, len(ends)))):
        for at in places:
            end, beside = ends[at], ends[at + step]
            if end.day is None or end.month is not None or beside.day is not None or owners[at] in of_month:
                continue
            unit = beside.steps[-1] if beside.steps else None
            if unit is None or unit.unit not in ("quarter", "half", "week") or step == 1:
                continue
            steps = (*beside.steps[:-1], structs.replace(unit, number=end.day))
            ends[at] = structs.replace(beside, year=end.year, steps=steps, others=())


def _borrow_months(
    ends: list[Partial], result: Borrowed, context: Context, lent: Callable[[], tuple[Lent, ...]]
) -> None:
    size = len(ends)
    right: list[Partial | None] = [None] * size
    nearest: Partial | None = None
    for at in range(size - 1, -1, -1):
        right[at] = nearest
        nearest = ends[at] if ends[at].month is not None else nearest
    left: Partial | None = None
    for at, end in enumerate(ends):
        if _lacks_month(end):
            source = left if left is not None and left.year_first else right[at] or left
            if source is not None and source.month is not None:
                year = source.year if source is left and end.year is None else end.year
                ends[at] = structs.replace(end, month=source.month, year=year)
                result.note("month", source.month, "sibling")
            else:
                ends[at] = _month_from_around(end, result, context, lent())
        if ends[at].month is not None:
            left = ends[at]


def _month_from_around(end: Partial, result: Borrowed, context: Context, lent: tuple[Lent, ...]) -> Partial:
    month = next((one for one in lent if one.field is Field.MONTH), None)
    if month is not None:
        result.note("month", month.value, month.origin)
        year = next((one for one in lent if one.field is Field.YEAR and one.words and one.words == month.words), None)
        if year is None or end.year is not None or year.until is not None:
            return structs.replace(end, month=month.value)
        result.note("year", year.value, year.origin)
        return structs.replace(end, month=month.value, year=year.value)
    if end.weekday is not None and end.day is not None and (day := _next_fitting(context.reference, end)):
        result.note("month", day.month, "reference")
        result.note("year", day.year, "reference")
        result.reasons.append("The month is not in the text: it is the next in which that day is such a weekday.")
        return structs.replace(end, month=day.month, year=day.year)
    raise DayError("The text names a day and no month.")


def _next_fitting(reference: date, end: Partial) -> date | None:
    """The first day from the day of reading on that is such a weekday of the month: "Thursday 15th"."""
    days = (reference + timedelta(days=ahead) for ahead in range(430))
    return next((day for day in days if day.day == end.day and day.weekday() == end.weekday), None)


def _borrow_years(
    ends: list[Partial],
    owners: list[int],
    result: Borrowed,
    context: Context,
    lent: Callable[[], tuple[Lent, ...]],
) -> None:
    size = len(ends)
    given = [end.year is not None for end in ends]
    right: list[Partial | None] = [None] * size
    for at in range(size - 2, -1, -1):
        right[at] = ends[at + 1] if given[at + 1] else right[at + 1]
    left: Partial | None = None
    for at, end in enumerate(ends):
        if end.year is None:
            beside = (at + 1, at - 1)
            same = [ends[o] for o in beside if 0 <= o < size and owners[o] == owners[at] and given[o]]
            source = same[0] if same else _lender(end, left, right[at], result)
            if source is not None and source.year is not None:
                year = source.year
                result.note("year", year, "sibling")
            else:
                year = _year_from_around(end, result, context, lent())
            ends[at] = structs.replace(end, year=year, others=_ways_in_year(end, year))
        if given[at]:
            left = ends[at]


def _ways_in_year(end: Partial, year: int) -> tuple[tuple[str, Partial], ...]:
    """The other ways to read an end, each with the year where it has none."""
    return tuple((rule, structs.replace(way, year=year) if way.year is None else way) for rule, way in end.others)


def _lender(end: Partial, left: Partial | None, right: Partial | None, result: Borrowed) -> Partial | None:
    """The sibling that lends its year: the right one, unless only the left one keeps the list in order."""
    if left is None or right is None or left.year == right.year:
        return right or left
    if left.year_first:
        return left
    month = end.month or 0
    after_left = left.month is not None and month >= left.month
    before_right = right.month is not None and month <= right.month
    if after_left and not before_right:
        return left
    if after_left or not before_right:
        result.reasons.append(f"The year could be {left.year} or {right.year}.")
    return right


def _year_from_around(end: Partial, result: Borrowed, context: Context, lent: tuple[Lent, ...]) -> int:
    year = next((one for one in lent if one.field is Field.YEAR), None)
    if year is not None and year.until is None:
        result.note("year", year.value, year.origin)
        return year.value
    if year is not None and year.until is not None:
        first, last = year.value, year.until
        reference = context.reference.year if first <= context.reference.year <= last else first
        fitting = _years_of_weekday(end, range(first, last + 1))
        chosen = reference if reference in fitting or not fitting else fitting[-1]
        result.note("year", chosen, year.origin)
        if len(fitting) != 1:
            around = f"“{year.words}”" if year.words else "the document"
            result.reasons.append(f"The year is not in the text, and {around} covers {first} to {last}.")
        return chosen
    now = context.reference.year
    fitting = _years_of_weekday(end, range(now - _YEARS_AROUND, now + _YEARS_AROUND + 1))
    chosen = now if now in fitting or not fitting else fitting[-1]
    result.note("year", chosen, "reference")
    return chosen


def _years_of_weekday(end: Partial, years: Iterable[int]) -> list[int]:
    """The years in which a day falls on the weekday that the text names; none where it names no weekday."""
    if end.weekday is None or end.month is None or end.day is None:
        return []
    return [year for year in years if _weekday(year, end.month, end.day) == end.weekday]


def _weekday(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).weekday()
    except ValueError:
        return None


# Over the turn of the year.


def _wrap_all(result: Borrowed, context: Context, monthless: list[bool]) -> None:
    for at, span in enumerate(result.spans):
        if span.joined == "range" and len(span.ends) > 1:
            span = _into_next_month(span) if monthless[at] else span
            result.spans[at] = _wrap(span, result.given[at], result, context)


def _into_next_month(span: Span) -> Span:
    """ "28-1" under a month: the second day is the next month's."""
    left, right = span.ends[0], span.ends[-1]
    if left.month is None or left.month != right.month or (right.day or 0) >= (left.day or 0) or right.day is None:
        return span
    return structs.replace(span, ends=(*span.ends[:-1], structs.replace(right, month=left.month % 12 + 1)))


def _wrap(span: Span, given: tuple[bool, ...], result: Borrowed, context: Context) -> Span:
    """A range over the turn of the year: the end whose year was borrowed gives way."""
    left, right = span.ends[0], span.ends[-1]
    if left.year is None or right.year is None or (given[0] and given[-1]) or left.relative or right.relative:
        return span
    settings = context.settings
    if days_of(left, settings).first <= days_of(right, settings).last:
        return span
    if given[-1] or (not given[0] and all(entry.origin == "sibling" for entry in result.inferred)):
        left = structs.replace(left, year=left.year - 1)
        result.note("year", left.year or 0, "sibling")
    else:
        right = structs.replace(right, year=right.year + 1)
        result.note("year", right.year or 0, "sibling")
    return structs.replace(span, ends=(left, *span.ends[1:-1], right))


def _turn(result: Borrowed) -> None:
    """ "November, December and January 2014" runs over the turn of the year: it begins in the year before."""
    turned: set[int] = set()
    following: Partial | None = None
    for at in range(len(result.spans) - 1, -1, -1):
        span = result.spans[at]
        if span.joined or len(span.ends) != 1 or span.ends[0].month is None:
            break
        end = span.ends[0]
        if following is not None and not result.given[at][0] and end.year is not None:
            month, after = end.month or 0, following.month or 0
            over = month >= 10 and after <= 3 and end.year == following.year
            if over or (at + 1 in turned and month < after):
                end = structs.replace(end, year=end.year - 1)
                result.spans[at] = structs.replace(span, ends=(end,))
                turned.add(at)
        following = end
    result.turned = frozenset(turned)
