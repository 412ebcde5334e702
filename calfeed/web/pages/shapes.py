"""How a period is drawn: its shape says how much is known of its days."""

from __future__ import annotations

from calfeed.model import Period, Precision, Qualifier

EXACT, MONTH, PART, YEAR, OPEN, LOOSE, MANY = "exact", "month", "part", "year", "open", "loose", "many"
# In this order the legend explains them.
SHAPES = (EXACT, MONTH, PART, YEAR, OPEN, LOOSE, MANY)

_BY_PRECISION = {
    Precision.DAY: EXACT,
    Precision.WEEK: MONTH,
    Precision.MONTH: MONTH,
    Precision.QUARTER: PART,
    Precision.SEASON: PART,
    Precision.HALF: PART,
}
_PARTS = {Qualifier.EARLY, Qualifier.MID, Qualifier.LATE, Qualifier.BEGINNING, Qualifier.END}
_LOOSE = {Qualifier.ABOUT, Qualifier.UNCERTAIN, Qualifier.TENTATIVE, Qualifier.EXPECTED, Qualifier.PLANNED}


def shape(period: Period) -> str:
    """The shape of a period: one of the first four of `SHAPES`; the others are said beside it."""
    told = _BY_PRECISION.get(period.precision, YEAR)
    return PART if period.qualifier in _PARTS and told is YEAR else told


def is_loose(period: Period) -> bool:
    """Whether the text itself calls the period uncertain."""
    return period.qualifier in _LOOSE


def opens(period: Period) -> tuple[bool, bool]:
    """Whether the start is open, and whether the end is; a deadline has no start to speak of."""
    if period.rrule is not None:
        return False, False
    return period.start is None and period.qualifier is not Qualifier.BY, period.end is None
