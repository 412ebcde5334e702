"""Dates that lack a field: what a text around them lends, and what was found where it stands."""

from __future__ import annotations

from enum import StrEnum

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
