"""Other ways to understand the same spans, by the name of their rule."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import structs

from calfeed.dates.borrow import Borrowed, is_bare_year
from calfeed.dates.calendar import days_of
from calfeed.dates.context import Context
from calfeed.dates.partial import DayError, Partial, Span, Step
from calfeed.model import Reading

EACH_YEAR = "each-year"
LAST_MONTH = "last month"
# Beyond this many items no other reading of a list is offered.
_MOST_SPANS = 50
# Why a reading needs a person's eye, by its rule. The others are offered without a question.
REASONS = {
    EACH_YEAR: "The months could hold in each of the years, or in the first only.",
    "month": "The second number could be a month or a year.",
    "day": "The number could be a day or a year.",
    "year": "The number could be a day or a year.",
    "decade": "The years could be a century's or a decade's.",
    "exact day": "It could be that very day.",
    "orthodox": "Eastern churches keep another day.",
    "elsewhere": "Countries keep different days.",
    "year first": "The numbers could begin with the year.",
    "month first": "The day and the month could stand in the other order.",
    "third of the year": "A trimester could be three months or a third of the year.",
    "next year": "The year is not in the text, and in this year the date is past.",
    "monthly": "It could be every other week, or that week of each month.",
    "academic year": "The two years could be a fiscal or an academic year.",
    "winter before": "The winter could be the one that ends in the year named.",
    "same year": "The list could run over the turn of the year.",
    "days of the month": "The week could be counted from the first day of the month.",
}

Variant = tuple[str, list[Span]]
Change = Callable[[Partial], Partial | None]


def variants(spans: list[Span], borrowed: Borrowed, default: Reading, context: Context) -> list[Variant]:
    """Other ways to understand the same spans: their rule, and the spans."""
    found: list[Variant] = []
    filled = borrowed.spans
    if not default.inferred and all(map(_is_plain, spans)):
        return found
    several = len(filled) > 1 or any(span.joined or span.until_year for span in filled)
    if several and len(filled) <= _MOST_SPANS and (repeated := _each_year(filled, borrowed.given)):
        found.append((EACH_YEAR, repeated))
    ends = [end for span in spans for end in span.ends]
    if rule := next((end.others[0][0] for end in ends if end.others), None):
        found.append((rule, _changed(spans, lambda end: next((way for name, way in end.others if name == rule), None))))
    if _is_past(filled, default, context):
        found.append(("next year", [_moved(span, _year(span) + 1) for span in filled]))
    if any(span.said.other_rule for span in spans):
        found.append(("monthly", [_other_rule(span) for span in filled or spans]))
    if borrowed.turned:
        found.append(("same year", [_not_turned(span, at in borrowed.turned) for at, span in enumerate(filled)]))
    if not any(end.steps for span in filled for end in span.ends):
        return found
    ranges = any(span.joined or span.said.bound for span in spans)
    for rule, change in CHANGES:
        if ranges and rule in (LAST_MONTH, "winter before"):
            continue
        if any(change(end) is not None for span in filled for end in span.ends):
            found.append((rule, _changed(filled, change)))
    return found


def _is_plain(span: Span) -> bool:
    """Whether a span is days that can be understood in one way only."""
    for end in span.ends:
        if end.day is None or end.steps or end.others:
            return False
    return span.said.other_rule is None and span.until_year is None


def _changed(spans: list[Span], change: Change) -> list[Span]:
    return [structs.replace(span, ends=tuple(change(end) or end for end in span.ends)) for span in spans]


def _is_past(filled: list[Span], default: Reading, context: Context) -> bool:
    """Whether the year was taken from the day of reading, on which the dates lie behind."""
    if not any(one.origin == "reference" for one in default.inferred):
        return False
    try:
        days = [days_of(end, context.settings).last for span in filled for end in span.ends]
    except DayError:
        return False
    return bool(days) and max(days) < context.reference


def _year(span: Span) -> int:
    return next((end.year for end in reversed(span.ends) if end.year is not None), 1)


def _other_rule(span: Span) -> Span:
    said = span.said
    return structs.replace(span, said=structs.replace(said, rule=said.other_rule or said.rule))


def _not_turned(span: Span, turned: bool) -> Span:
    if not turned:
        return span
    end = span.ends[0]
    return structs.replace(span, ends=(structs.replace(end, year=(end.year or 0) + 1),))


def _each_year(filled: list[Span], given: list[tuple[bool, ...]]) -> list[Span] | None:
    """ "November 2013, 2014, 2015": November in each year, for months that share the year before the bare ones."""
    repeated: list[Span] = []
    block: list[Span] = []
    changed = False
    for span, told in zip(filled, given, strict=True):
        if span.until_year is not None and span.ends[0].year is not None:
            repeated += _years_of(span, span.until_year)
            changed = True
        elif _month_to_year(span, told):
            single = structs.replace(span, ends=span.ends[:1], joined=None)
            repeated += _years_of(single, span.ends[1].year or 0)
            changed = True
        elif is_bare_year(span) and block and span.said.bound is None and span.separator in _BESIDE:
            repeated += [_moved(one, span.ends[0].year or 0) for one in block]
            changed = True
        else:
            repeated.append(span)
            year = span.ends[-1].year if span.ends else None
            if block and block[-1].ends[-1].year != year:
                block = []
            block = [*block, span] if span.ends and not is_bare_year(span) and _is_finer(span) else []
    return repeated if changed else None


_BESIDE = ("comma", "and", "slash", "plus", "or")
_LONG_UNITS = ("years", "decade", "century", "fiscal", "academic", "lasting")


def _is_finer(span: Span) -> bool:
    """Whether a span is finer than a year, and could so be in each of several years."""
    return all(
        not end.relative and not end.step(*_LONG_UNITS) and (end.month is not None or end.day is not None or end.steps)
        for end in span.ends
    )


def _month_to_year(span: Span, given: tuple[bool, ...]) -> bool:
    """ "June 2013-2015", which could mean June of each year."""
    if span.joined != "range" or len(span.ends) != 2:
        return False
    left, right = span.ends
    finer = _is_finer(structs.replace(span, ends=(left,))) and not left.step("part")
    return finer and not right.step("part") and right.month is None and not right.steps and all(given)


def _years_of(span: Span, last: int) -> list[Span]:
    first = span.ends[-1].year or 0
    plain = structs.replace(span, until_year=None)
    return [_moved(plain, year) for year in range(first, min(last, first + 50) + 1)]


def _moved(span: Span, year: int) -> Span:
    if not span.ends:
        return span
    shift = year - (span.ends[-1].year or year)
    ends = tuple(structs.replace(end, year=end.year + shift) if end.year is not None else end for end in span.ends)
    return structs.replace(span, ends=ends)


def _december(end: Partial) -> Partial | None:
    """ "the end of 2013" could be December."""
    part = end.step("part")
    if part is None or part.name != "end" or part.last or end.month is not None or len(end.steps) != 1:
        return None
    return structs.replace(end, steps=(Step("last month", name="end"),))


def _from_month(month: int) -> Change:
    """ "2013/14" could be a year that begins in a month."""

    def change(end: Partial) -> Partial | None:
        if len(end.steps) != 1 or end.steps[0].name != "slashed":
            return None
        return structs.replace(end, steps=(Step("from month", month),))

    return change


def _winter_before(end: Partial) -> Partial | None:
    season = end.step("season")
    if season is None or season.number != 12 or season.name or end.year is None:
        return None
    return structs.replace(end, year=end.year - 1)


# Rule and how it changes a date, in the order in which they are offered.
CHANGES: tuple[tuple[str, Change], ...] = (
    (LAST_MONTH, _december),
    ("academic year", _from_month(9)),
    ("fiscal year", _from_month(7)),
    ("winter before", _winter_before),
)
