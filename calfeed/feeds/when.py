"""Words of a period in a feed's language."""

from __future__ import annotations

from calfeed.dates import shown_days
from calfeed.model import Period, Precision, Qualifier


def is_exact(period: Period) -> bool:
    """Whether a period's exact days are known."""
    return period.precision is Precision.DAY and period.qualifier in (None, Qualifier.BY)


def prefix(period: Period, lang: str) -> str | None:
    """What is known of a period's days, for the head of a title; None where they are exact."""
    if is_exact(period):
        return None
    first, last = shown_days(period)
    if (first.month, first.year) == (last.month, last.year):
        return f"{first:%b %Y}, approx."
    if first.year == last.year:
        return f"{first:%b}-{last:%b %Y}, approx."
    return f"{first:%b %Y}-{last:%b %Y}, approx."


def edtf(period: Period) -> str | None:
    """The period in EDTF (ISO 8601-2)."""
    return "/".join(day.isoformat() if day else ".." for day in (period.start, period.end))
