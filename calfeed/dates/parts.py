"""What rows make of dates that other rows have read: parts of them, units within, days counted from them."""

from __future__ import annotations

from msgspec import structs

from calfeed.dates.days import DAY_KINDS, JOINS, SEPARATORS, Days, node_of, spans_of, surely_day, year_of
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.notation import Match, Node
from calfeed.dates.partial import Partial, Step
from calfeed.dates.units import unit_of
from calfeed.dates.vocabulary import K, Kind


def _narrowed(m: Match, step: Step, *others: tuple[str, Step]) -> Partial | None:
    """The date under "of", narrowed by a step; others are other ways to narrow it."""
    node = m.node("of")
    if len(node.spans) != 1 or len(node.spans[0].ends) != 1:
        return None
    inner = node.spans[0].ends[0]
    if inner.step("part"):
        return None
    ways = tuple((rule, structs.replace(inner, steps=(*inner.steps, other), others=())) for rule, other in others)
    return structs.replace(inner, steps=(*inner.steps, step), others=ways)


def _unit_node(m: Match, partial: Partial | None, kind: Kind = K.A_UNIT) -> Node | None:
    return node_of(m, partial, kind) if partial else None


def part_of(m: Match) -> Node | None:
    """ "early 2015", "mid-June", "mid-to-late 2014", "2014年底"."""
    part, last = m.lexeme("part"), m.get("last")
    value, _, until = str(part.value).partition(" ")
    if value in ("half_first", "half_second"):
        return _unit_node(m, _narrowed(m, Step("half", 1 if value == "half_first" else 2)))
    return _unit_node(m, _narrowed(m, Step("part", name=value, last=str(last.value) if last else until)))


def half_of(m: Match) -> Node | None:
    """ "second half of June", "النصف الثاني من مايو", "2e quinzaine de mai"."""
    half = m.node("half")
    partial = half.spans[0].ends[0]
    steps = partial.steps
    if len(half.spans) != 1 or partial.year is not None or len(steps) != 1 or steps[0].unit not in ("half", "third"):
        return None
    return _unit_node(m, _narrowed(m, steps[0]))


def nth_of(m: Match) -> Node | None:
    """ "first two weeks of June", "last day of 2014", "second and third Tuesday of May", "last weekend in October"."""
    first, last = m.region("numbers")
    day = m.kind("unit") is K.WEEKDAY
    found: Days = []
    joint = ""
    for item in m.items[first:last]:
        if item.kind in SEPARATORS or item.kind in JOINS:
            joint = SEPARATORS.get(item.kind, "range")
        elif isinstance(item, Lexeme) and item.kind in DAY_KINDS:
            one = _nth(m, item.number)
            if one is None:
                return None
            if joint == "range":
                found[-1] = (found[-1][0], joint, [*found[-1][2], one])
            else:
                found.append((joint, None, [one]))
    return Node(K.A_DAY if day else K.A_UNIT, m.start, m.end, m.row.name, spans_of(m, found))


def _nth(m: Match, number: int) -> Partial | None:
    unit_item = m.kind("unit")
    if unit_item is K.WEEKDAY:
        return _narrowed(m, Step("weekday", number, m.number("unit")))
    unit, count = unit_of(unit_item), m.number("count", 1)
    unit = {"decade": "ten"}.get(unit, unit)
    of = m.node("of").spans[0].ends[0]
    if unit == "week" and (of.month is not None or of.steps):
        days = Step("day", 7 * (number - 1) + 1 if number > 0 else 7 * (number + 1) - 1, 7 * count)
        return _narrowed(m, Step(unit, number, count), ("days of the month", days))
    return _narrowed(m, Step(unit, number, count))


def last_weekday_of(m: Match) -> Node | None:
    """ "آخر جمعة من مايو": where "last" and "end of" are one word."""
    if m.lexeme("part").value != "end":
        return None
    return _unit_node(m, _narrowed(m, Step("weekday", -1, m.number("unit"))), K.A_DAY)


def unit_ordinal_month(m: Match) -> Node | None:
    """ "الأسبوع الأول من يونيو": the ordinal stands behind what it counts."""
    year, number, unit = year_of(m), m.number("number"), m.kind("unit")
    if year is None:
        return None
    month = Partial(year=year[0], month=m.number("month"), relative=year[2])
    if unit is K.WEEKDAY:
        return node_of(m, structs.replace(month, steps=(Step("weekday", number, m.number("unit")),)), K.A_DAY)
    others: tuple[tuple[str, Partial], ...] = ()
    if unit is K.WEEK and number > 0:
        others = (("days of the month", structs.replace(month, steps=(Step("day", 7 * number - 6, 7),))),)
    return node_of(m, structs.replace(month, steps=(Step(unit_of(unit), number),), others=others), K.A_UNIT)


def nth_lacking_month(m: Match) -> Node | None:
    """ "the 3rd Thursday", "first week": of a month that it borrows."""
    unit_item = m.kind("unit")
    if unit_item is K.WEEKDAY:
        step = Step("weekday", m.number("number"), m.number("unit"), "of month")
    else:
        step = Step(unit_of(unit_item), m.number("number"), name="of month")
    return node_of(m, Partial(steps=(step,)), K.A_NUMBER)


def around(m: Match) -> Node | None:
    """ "week of 12 May", "week ending 16 May", "weekend of 10 May", "9月9日当周"."""
    node = m.node("of")
    unit = {K.WEEK_ENDING: "week ending", K.WEEKEND: "weekend of"}.get(m.kind("around"), "week of")
    if unit == "weekend of" and (len(node.spans) > 1 or node.spans[0].joined):
        return Node(node.kind, m.start, m.end, m.row.name, node.spans)
    spans = tuple(
        structs.replace(
            span,
            ends=tuple(
                structs.replace(surely_day(one), steps=(*one.steps, Step(unit)), others=())
                if one.day is not None and not (span.joined and unit == "week of")
                else one
                for one in span.ends
            ),
        )
        for span in node.spans
    )
    return Node(K.A_UNIT, m.start, m.end, m.row.name, spans)


def counted_from(m: Match) -> Node | None:
    """ "two days after 26 May", "a month before Christmas", "the Monday before 25 May"."""
    node, number = m.node("of"), abs(m.number("count", 1))
    unit_item = m.kind("unit")
    if len(node.spans) != 1 or not 1 <= number <= 400:
        return None
    weekday = unit_item in (K.WEEKDAY, K.WEEKDAYS)
    name = "weekday" if weekday else unit_of(unit_item)
    signed = number if m.kind("direction") is K.AFTER else -number
    step = Step("shift", signed, m.number("unit") if weekday else 1, name)
    ends = tuple(structs.replace(one, steps=(*one.steps, step)) for one in node.spans[0].ends)
    return Node(node.kind, m.start, m.end, m.row.name, (structs.replace(node.spans[0], ends=ends),))


def weekday_after(m: Match) -> Node | None:
    """ "12 May (Monday)", "12-16 May, Monday to Friday"."""
    node = m.node("of")
    span = node.spans[-1]
    if len(node.spans) != 1 or span.ends[-1].day is None:
        return None
    first, last = m.number("weekday"), m.number("weekday_to", -1)
    ends = list(span.ends)
    ends[-1] = structs.replace(surely_day(ends[-1]), weekday=last if last >= 0 else first)
    if last >= 0:
        ends[0] = structs.replace(ends[0], weekday=first)
    return Node(node.kind, m.start, m.end, m.row.name, (structs.replace(span, ends=tuple(ends)),))


def year_with_kind(m: Match) -> Node | None:
    """ "2013/14 academic year", "2014-2015两年期": the kind of year stands behind it."""
    node, value = m.node("of"), str(m.lexeme("kind").value)
    ends = []
    for one in node.spans[0].ends:
        steps = tuple(structs.replace(step, name="") if step.unit == "years" else step for step in one.steps)
        ends.append(structs.replace(one, steps=(*steps, Step(value)) if value in ("fiscal", "academic") else steps))
    return Node(node.kind, m.start, m.end, m.row.name, (structs.replace(node.spans[0], ends=tuple(ends)),))
