"""Dates as a text says them: partial dates, spans of them, and what is said about a span. All are values.

A partial date is a year, month and day of which each may be missing, and steps that narrow or move the days that they
name: "the first week of June" is June with the step (week, 1). What is missing is borrowed later (`borrow`), and the
days are counted last (`calendar`).
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from calfeed.model import Interpretation, Value


class Field(StrEnum):
    """A field of a date that words may lack."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class Lent(Value, frozen=True, kw_only=True):
    """A field that something around a text lends to it.

    `value` is the year, the month from 1 to 12, or the day of the month; `until` the last value of a span: a heading
    "2019-2020" lends the year 2019 until 2020. `origin` is heading, caption, column, document, sibling or reference,
    and goes into `Inferred.origin`; `words` are those that lend it ("Spring 2026").
    """

    field: Field
    value: int
    until: int | None = None
    origin: str
    words: str = ""


class Dated(Value, frozen=True, kw_only=True):
    """A date expression where it stands in a text: `start` and `end` are the offsets of its words.

    `interpretation` is that of these words in their context; its readings are empty where a needed field is lacking.
    `has` are the fields that the words have, `lacks` those that they need and do not have, borrowed or not. `weekdays`
    are those that the words name (0 is Monday), which check lent fields. `times` and `zone` are of a time of day that
    stands in it, as in `Period`; a time alone has no readings and neither `has` nor `lacks`.
    """

    start: int
    end: int
    interpretation: Interpretation
    lacks: frozenset[Field] = frozenset()
    has: frozenset[Field] = frozenset()
    weekdays: tuple[int, ...] = ()
    times: str | None = None
    zone: str | None = None


class Masked(Value, frozen=True, kw_only=True):
    """Characters that are no date though they look like one.

    `kind` is telephone, price, issn, version, number or address.
    """

    start: int
    end: int
    kind: str


class Step(Struct, frozen=True, gc=False):
    """What narrows or moves some days; `calendar.STEPS` has a function for each `unit`.

    `number` counts units from 1, or from -1 at the end; `count` is how many of them. `name` is the part of a "part",
    and `last` the other one of "mid to late".
    """

    unit: str
    number: int = 1
    count: int = 1
    name: str = ""
    last: str = ""


class Partial(Struct, frozen=True, gc=False):
    """A date of which fields may be missing.

    `weekday` (0 is Monday) is what the text names beside a day and checks it, `weekday_to` that of a range's other end.
    `steps` are applied in order. `others` are other ways to read the same words, each with its rule. `relative`:
    counted from the day of reading. `year_first`: the text has the year before the month. `pair`: two
    numbers that could be a day and a month.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    weekday_to: int | None = None
    steps: tuple[Step, ...] = ()
    others: tuple[tuple[str, Partial], ...] = ()
    relative: bool = False
    year_first: bool = False
    pair: bool = False

    @property
    def lacks_month(self) -> bool:
        """Whether a day has no month."""
        return self.day is not None and self.month is None

    @property
    def is_bare_year(self) -> bool:
        """Whether this is one year and nothing more."""
        return self.year is not None and self.month is None and self.day is None and not self.steps

    def step(self, *units: str) -> Step | None:
        """The first step of one of some units; None where there is none."""
        for step in self.steps:
            if step.unit in units:
                return step
        return None


class Said(Struct, frozen=True, gc=False):
    """What a text says about the days of a span.

    `bound`: between, from, starting, until, by, before or after. `rule`: an RRULE, or IRREGULAR; `other_rule` that of
    another reading. `length`: a duration as (number, unit); `anchored` if it counts from the date. `times`: hours as
    in `Period`; `zones`: their zone, and others that it could be. `former`: the dates no longer hold; `renews`: they
    take the place of those before them. `excepted`: on these days a recurrence does not take place.
    """

    bound: str | None = None
    qualifier: str | None = None
    status: str | None = None
    ongoing: bool = False
    rule: str | None = None
    other_rule: str | None = None
    count: int | None = None
    length: tuple[int, str] | None = None
    anchored: bool = False
    times: str | None = None
    continuous: bool = False
    zones: tuple[str, ...] = ()
    former: bool = False
    renews: bool = False
    excepted: bool = False


NOTHING_SAID = Said()


class Span(Struct, frozen=True, gc=False):
    """One item of a list of dates, from lexeme `first` to `last` (not included).

    `ends`: one partial date, or those that are joined as a "range" or a "window" (some days within). `separator` is
    what stands before it: comma, and, or, colon, said, "". `until_year`: "June-August 2013-2015" lasts until 2015.
    `heads`: a year that stands over what follows it.
    """

    first: int
    last: int
    ends: tuple[Partial, ...] = ()
    joined: str | None = None
    said: Said = NOTHING_SAID
    separator: str = ""
    until_year: int | None = None
    heads: bool = False


class DayError(Exception):
    """No calendar has the day that a text names; the message is a sentence."""
