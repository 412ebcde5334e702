"""Spans -> readings: the default one, its alternatives, and why a person should look at them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from msgspec import structs

from calfeed.dates.borrow import Borrowed, borrow
from calfeed.dates.calendar import COARSENESS, ONE_DAY, Days, days_of, later
from calfeed.dates.context import Context
from calfeed.dates.partial import NOTHING_SAID, DayError, Lent, Partial, Said, Span
from calfeed.dates.recurrence import FLAG, IRREGULAR, joined_said, yearly_rule
from calfeed.dates.units import WEEKDAYS
from calfeed.dates.variants import REASONS, variants
from calfeed.model import Period, Precision, Qualifier, Reading

Lender = Callable[[], tuple[Lent, ...]]


class Read(NamedTuple):
    """What a list of spans says: readings, the default first, and the reasons for review."""

    readings: tuple[Reading, ...]
    reasons: tuple[str, ...]


def read(spans: list[Span], context: Context, lent: Lender) -> Read:
    """The readings of a date expression's spans."""
    if len(spans) == 1 and _is_plain(spans[0]):
        return _plainly(spans[0], context)
    spans = settle_recurrences(spans, context)
    try:
        default, borrowed = _reading(spans, context, lent)
    except DayError as fault:
        return Read((), (str(fault),))
    except (OverflowError, ValueError):
        return Read((), ("The dates lie beyond the calendar.",))
    reasons = list(borrowed.reasons)
    readings = [default] if default.periods else []
    for rule, variant in variants(spans, borrowed, default, context):
        try:
            other = _reading(variant, context, lent)[0]
        except (DayError, OverflowError, ValueError):
            continue
        if other.periods and other.periods not in [reading.periods for reading in readings]:
            readings.append(Reading(rule=rule, periods=other.periods, inferred=other.inferred))
            if rule in REASONS:
                reasons.append(REASONS[rule])
    reasons += _doubts(borrowed.spans, context)
    return Read(tuple(readings), tuple(dict.fromkeys(reasons)))


def _is_plain(span: Span) -> bool:
    """Whether a span is days that the text has whole, with nothing said of them."""
    if span.said is not NOTHING_SAID or not span.ends or span.until_year is not None:
        return False
    for end in span.ends:
        if end.day is None or end.month is None or end.year is None or end.steps or end.others or end.relative:
            return False
    return True


def _plainly(span: Span, context: Context) -> Read:
    """The one reading of days that the text has whole."""
    try:
        periods = periods_of(span, context)
        reading = Reading(rule=span.joined or "single", periods=periods)
        return Read((reading,), tuple(_weekday_faults(span, context)))
    except DayError as fault:
        return Read((), (str(fault),))


def _reading(spans: list[Span], context: Context, lent: Lender) -> tuple[Reading, Borrowed]:
    dated = [span for span in spans if span.ends or plain_rule(span.said.rule)]
    if any(span.ends for span in dated):
        borrowed = borrow(dated, context, lent)
    else:
        borrowed = Borrowed(dated, [() for _ in dated], [], [])
    periods: list[Period] = []
    window = False
    # What no longer holds has lent what the others lack.
    present = [span for span in borrowed.spans if not span.said.former and not span.said.excepted]
    for span in present:
        following = periods_of(span, context)
        if span.separator == "or" and periods and following and (joined := _either(periods[-1], following[0])):
            periods[-1:], window = [joined], True
        else:
            periods += following
    if len(present) < len(borrowed.spans) and (exdates := _excepted(borrowed.spans, context)):
        periods = [structs.replace(one, exdates=_on_rule(exdates, one.rrule)) if one.rrule else one for one in periods]
    rule = "window" if window and len(periods) == 1 else _rule(present)
    return Reading(rule=rule, periods=tuple(periods), inferred=tuple(borrowed.inferred)), borrowed


_MOST_EXCEPTED = 400
_FEW_EXCEPTED = 6


def _on_rule(days: tuple[date, ...], rrule: str) -> tuple[date, ...]:
    """Of a month or more that is left out, the days of the rule's weekdays; few days as the text has them."""
    named = re.search(r"BYDAY=([^;]+)", rrule)
    if named is None or len(days) <= _FEW_EXCEPTED:
        return days
    wanted = {WEEKDAYS.index(name.lstrip("+-0123456789")) for name in named[1].split(",")}
    return tuple(day for day in days if day.weekday() in wanted)


def _excepted(spans: list[Span], context: Context) -> tuple[date, ...]:
    """The days that a recurrence leaves out, in order."""
    days: set[date] = set()
    for span in spans:
        if span.said.excepted and span.ends:
            first, last, _ = _bounds(span, context)
            count = min((last - first).days, _MOST_EXCEPTED)
            days.update(first + timedelta(days=at) for at in range(count + 1))
    return tuple(sorted(days))


def _either(one: Period, other: Period) -> Period | None:
    """The days within which either of two periods lies; None where more than a weekend lies between them."""
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return None
    if max(one.start, other.start) - min(one.end, other.end) > 3 * ONE_DAY:
        return None
    precision = max(one.precision, other.precision, key=COARSENESS.__getitem__)
    qualifier = one.qualifier if one.qualifier == other.qualifier else None
    start, end = min(one.start, other.start), max(one.end, other.end)
    return structs.replace(one, start=start, end=end, precision=precision, qualifier=qualifier)


def _rule(spans: list[Span]) -> str:
    """The name of the rule that gave the default reading."""
    if not spans:
        return "undated"
    if len(spans) > 1:
        return "list"
    span = spans[0]
    if span.said.rule:
        return "recurrence"
    if span.joined:
        return span.joined
    if span.said.length and span.said.anchored:
        return "duration"
    if span.said.bound:
        return span.said.bound
    if span.said.ongoing:
        return "ongoing"
    end = span.ends[0]
    if end.relative:
        return "relative"
    if end.step("part"):
        return "part"
    return "week" if end.step("week of") or (end.step("week") and end.month is None) else "single"


# Periods.

_LENGTHS = {
    "day": ("D", 1), "week": ("W", 1), "fortnight": ("W", 2), "month": ("M", 1), "quarter": ("M", 3),
    "trimester": ("M", 3), "half": ("M", 6), "year": ("Y", 1), "decade": ("Y", 10),
}  # fmt: skip
_BOUNDS = {
    "starting": Qualifier.STARTING, "after": Qualifier.STARTING, "until": Qualifier.UNTIL, "before": Qualifier.UNTIL,
    "by": Qualifier.BY,
}  # fmt: skip


def periods_of(span: Span, context: Context) -> tuple[Period, ...]:
    """The period that a filled span gives; none where it has neither days nor a recurrence. Raises DayError."""
    said, rrule = span.said, plain_rule(span.said.rule)
    if not span.ends:
        zone = (said.zones[0] if said.zones else context.zone) if said.times else None
        rule = Period(precision=_precision_of(rrule), rrule=rrule, times=said.times, zone=zone) if rrule else None
        return (rule,) if rule else ()
    first, last, precision = _bounds(span, context)
    lasting = said.anchored and said.length is not None
    start: date | None = first
    end: date | None = last
    if said.bound == "starting" and not (span.joined and not said.length) and not lasting:
        end = None
    elif said.bound in ("until", "by"):
        start = None
    elif said.bound == "before":
        whole = any((part := one.step("part")) and part.name in ("end", "late") for one in span.ends)
        start, end = None, last if whole else first - ONE_DAY
    elif said.bound == "after":
        start, end = last + ONE_DAY, None
    if lasting and said.length is not None and said.bound in (None, "starting"):
        start, end = _lasting(first, last, precision, said.length, said.bound)
    if rrule and start and "BYDAY" in rrule and said.bound == "starting":
        start = _first_matching(rrule, start)
    number, unit = said.length or (0, "")
    letter, size = _LENGTHS.get(unit, ("", 0))
    return (
        Period(
            start=start,
            end=end,
            precision=precision,
            qualifier=_qualifier(span),
            rrule=rrule,
            duration=f"P{number * size}{letter}" if letter else None,
            times=said.times,
            continuous=said.continuous and start != end,
            zone=(said.zones[0] if said.zones else context.zone) if said.times else None,
        ),
    )


def _bounds(span: Span, context: Context) -> Days:
    """First and last day of what a span names, and the unit that it is told in: that of its coarser end."""
    if len(span.ends) == 1 and span.until_year is None:
        return days_of(span.ends[0], context.settings)
    days = [days_of(end, context.settings) for end in span.ends]
    first, last = days[0].first, days[-1].last
    if span.joined == "window":
        first, last = min(one.first for one in days), max(one.last for one in days)
    if span.until_year is not None:
        last = days_of(structs.replace(span.ends[-1], year=span.until_year), context.settings).last
    if last < first:
        raise DayError(f"The range ends ({last}) before it starts ({first}).")
    return Days(first, last, max((one.precision for one in days), key=COARSENESS.__getitem__))


def _qualifier(span: Span) -> Qualifier | None:
    said, end = span.said, span.ends[0]
    bound = _BOUNDS.get(said.bound or "")
    if bound is not None and not (bound is Qualifier.STARTING and (span.joined or (said.length and said.anchored))):
        return bound
    part = end.step("part", "last month")
    if part is not None and not part.last and (len(span.ends) == 1 or part.unit == "last month"):
        return Qualifier(part.name)
    if said.qualifier:
        return Qualifier(said.qualifier)
    return Qualifier.ONGOING if said.ongoing else None


def _lasting(
    first: date, last: date, precision: Precision, length: tuple[int, str], bound: str | None
) -> tuple[date, date]:
    """The days of "two weeks from 3 March" and of "June 2014 (3 days)", where the days lie within the month."""
    number, unit = length
    if precision is Precision.DAY:
        return first, later(first, number, unit) - ONE_DAY if first == last else last
    end = later(first, number, unit) - ONE_DAY
    if bound == "starting" or end > last:
        if unit in ("day", "week", "fortnight"):
            # It begins on an unknown day of the unit, and lasts that long.
            end = later(last, number, unit) - ONE_DAY
        return first, max(end, last)
    return first, last


def plain_rule(rule: str | None) -> str | None:
    """The RRULE without the mark that it is doubtful; None where it is no rule."""
    return None if rule is None or rule == IRREGULAR else rule.removesuffix(FLAG)


def _precision_of(rrule: str) -> Precision:
    if "BYDAY" in rrule or "DAILY" in rrule:
        return Precision.DAY
    if "WEEKLY" in rrule:
        return Precision.WEEK
    return Precision.YEAR if rrule.startswith("FREQ=YEARLY") and "BYMONTH" not in rrule else Precision.MONTH


def _first_matching(rrule: str, start: date) -> date:
    """The first day from `start` on that a rule's weekdays allow."""
    named = re.search(r"BYDAY=([^;]+)", rrule)
    if named is None or re.search(r"\d", named[1]):
        return start
    wanted = {WEEKDAYS.index(name) for name in named[1].split(",")}
    return next(day for day in (start + timedelta(days=step) for step in range(7)) if day.weekday() in wanted)


# Recurrences: what each "monthly" or "each year" is said of, and the years of annual dates.


def settle_recurrences(spans: list[Span], context: Context) -> list[Span]:
    """Give each "monthly" or "each year" to the dates that it is said of, and each annual date its years."""
    if not any(span.said.rule for span in spans):
        return spans
    excepted = [span for span in spans if span.said.excepted]
    if excepted:
        # "每周二，4月15日除外": the rule stands beside the day that it leaves out.
        rules = [
            structs.replace(one, ends=(), joined=None, said=Said(rule=one.said.rule))
            for one in excepted
            if one.said.rule
        ]
        kept = settle_recurrences([*(span for span in spans if not span.said.excepted), *rules], context)
        return [*kept, *(structs.replace(one, said=Said(excepted=True)) for one in excepted)]
    first = spans[0]
    if first.said.rule and not first.ends and any(span.ends for span in spans):
        spans = [span if span.said.rule else _with_rule(span, first.said) for span in spans[1:]]
        spans[0] = structs.replace(spans[0], said=joined_said(first.said, spans[0].said))
    spans = list(spans)
    for at, (before, span) in enumerate(pairwise(spans), 1):
        repeated = spans[at - 1].said.rule == "FREQ=YEARLY" and before.ends and span.ends and not span.said.rule
        if repeated and all(end.year is None for end in (*before.ends, *span.ends)):
            spans[at] = _with_rule(span, spans[at - 1].said)
    settled: list[Span] = []
    for span in spans:
        if span.said.rule and not span.ends and any(one.ends for one in settled):
            dated = [at for at, one in enumerate(settled) if one.ends and not one.said.rule]
            without = [at for at in dated if all(end.year is None for end in settled[at].ends)]
            for at in without if span.said.rule.startswith("FREQ=YEARLY") and without else dated:
                settled[at] = _with_rule(settled[at], span.said)
            if dated:
                continue
        settled.append(span)
    return [framed for span in settled for framed in _framed(_without_check(span), context)]


def _without_check(span: Span) -> Span:
    """ "5, 12 and 19 May (Mondays)": beside days that are named, weekdays repeat nothing."""
    weekly = (span.said.rule or "").startswith("FREQ=WEEKLY;BYDAY")
    named = bool(span.ends) and span.joined is None and span.said.bound is None
    if not (weekly and named and all(end.day is not None for end in span.ends)):
        return span
    return structs.replace(span, said=structs.replace(span.said, rule=None, other_rule=None))


def _with_rule(span: Span, said: Said) -> Span:
    return structs.replace(span, said=structs.replace(span.said, rule=said.rule, other_rule=said.other_rule))


def _framed(span: Span, context: Context) -> list[Span]:
    """An annual date in each year of the document, or as a rule where its years are not known."""
    yearly = span.said.rule is not None and span.said.rule.startswith("FREQ=YEARLY")
    if not (yearly and span.ends and all(end.year is None for end in span.ends)):
        return [span]
    if context.span is not None and context.span[1] - context.span[0] <= 50:
        plain = structs.replace(span, said=structs.replace(span.said, rule=None))
        return [_in_year(plain, year) for year in range(context.span[0], context.span[1] + 1)]
    rule = yearly_rule(span.ends[0]) if len(span.ends) == 1 else "FREQ=YEARLY"
    return [structs.replace(span, ends=(), joined=None, said=structs.replace(span.said, rule=rule))]


def _in_year(span: Span, year: int) -> Span:
    return structs.replace(span, ends=tuple(structs.replace(end, year=year) for end in span.ends))


def _doubts(spans: list[Span], context: Context) -> list[str]:
    """What a person should look at, of the default reading alone."""
    reasons: list[str] = []
    for span in spans:
        for end in span.ends:
            if not (end.steps or end.relative):
                continue
            if end.step("fiscal") and context.settings.fiscal_year is None:
                reasons.append("The settings do not say when a fiscal year begins.")
            if end.step("academic") and context.settings.academic_year is None:
                reasons.append("The settings do not say when an academic year begins.")
            if end.relative:
                reasons.append("The date is relative to the day on which the text is read.")
        if span.said.excepted and not any(one.said.rule for one in spans):
            reasons.append("Days are left out of dates that do not recur.")
        if span.said.rule and span.said.rule.endswith(FLAG):
            reasons.append("The word for how often has two meanings.")
        if len(span.said.zones) > 1:
            reasons.append(f"The zone could be {' or '.join(span.said.zones)}.")
        reasons += _weekday_faults(span, context)
    return reasons


_WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _weekday_faults(span: Span, context: Context) -> list[str]:
    if all(end.weekday is None for end in span.ends):
        return []
    checks: list[tuple[int, Partial]] = []
    for end in span.ends:
        if end.weekday is not None and end.day is not None and not end.steps:
            checks.append((end.weekday, end))
            if end.weekday_to is not None:
                checks.append((end.weekday_to, span.ends[-1]))
    faults = []
    for weekday, end in checks:
        day = days_of(end, context.settings).first
        if day.weekday() != weekday:
            faults.append(f"{day} is a {_WEEKDAY_NAMES[day.weekday()]}, not a {_WEEKDAY_NAMES[weekday]}.")
    return faults
