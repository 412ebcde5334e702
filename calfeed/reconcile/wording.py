"""Values of fields in words, as the history and the difference show them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from calfeed.model import Event, Period
from calfeed.reconcile.content import PUBLISHED, value_of


def in_words(value: Any) -> str:
    """A field's value; the empty text where it has none."""
    if value is None:
        return ""
    if isinstance(value, Period):
        return period_in_words(value)
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Iterable):
        return ", ".join(in_words(item) for item in value)
    return str(value)


def period_in_words(period: Period) -> str:
    """As in 2013-07-01 to 2013-09-30 (month): both days included, with what else is known."""
    start, end = period.start, period.end
    days = str(start) if start and start == end else f"{start or '..'} to {end or '..'}"
    known = [str(period.precision), period.qualifier, period.rrule, period.duration, period.times]
    return f"{days} ({', '.join(str(item) for item in known if item)})"


def fields_changed(before: Event, after: Event) -> dict[str, tuple[str, str]]:
    """The published fields that differ, facets one by one, with both values in words."""
    fields: dict[str, tuple[str, str]] = {}
    for name in PUBLISHED:
        old, new = value_of(before, name), value_of(after, name)
        if name == "removed" or old == new:
            continue
        if name == "facets":
            for facet in sorted({*old, *new}):
                if old.get(facet) != new.get(facet):
                    fields[f"facets.{facet}"] = in_words(old.get(facet)), in_words(new.get(facet))
        elif name == "words":
            fields["entry"] = in_words(old and old[0]), in_words(new and new[0])
        else:
            fields[name] = in_words(old), in_words(new)
    return fields
