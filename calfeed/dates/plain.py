"""Interpretations as plain values for JSON: the form that `explain --json` and `entries --json` print."""

from __future__ import annotations

from typing import Any

from calfeed.dates import edtf
from calfeed.model import Interpretation, Period


def plain_period(period: Period) -> dict[str, Any]:
    """A period's start and end (None where open, the end included), precision, qualifier and EDTF form.

    `rrule`, `duration`, `times` and `zone` stand there where the text gives them, `continuous` where its hours are one
    stretch.
    """
    told: dict[str, Any] = {
        "start": period.start.isoformat() if period.start else None,
        "end": period.end.isoformat() if period.end else None,
        "precision": period.precision.value,
        "qualifier": period.qualifier.value if period.qualifier else None,
        "edtf": edtf.write(period),
    }
    extra = (("rrule", period.rrule), ("duration", period.duration), ("times", period.times), ("zone", period.zone))
    told |= {name: value for name, value in extra if value is not None}
    return told | ({"continuous": True} if period.continuous else {})


def plain_readings(interpretation: Interpretation) -> list[dict[str, Any]]:
    """The readings, the default first. A recurrence without any days is no date, and stands in none."""
    readings = []
    for reading in interpretation.readings:
        periods = [plain_period(period) for period in reading.periods if period.start or period.end]
        if periods:
            inferred = [{"field": one.field, "value": one.value, "origin": one.origin} for one in reading.inferred]
            readings.append({"rule": reading.rule, "periods": periods, "inferred": inferred})
    return readings


def plain_interpretation(interpretation: Interpretation) -> dict[str, Any]:
    """All that a text says about when, without the text itself."""
    recurrence = next((p.rrule for r in interpretation.readings for p in r.periods if p.rrule), None)
    return {
        "lang": interpretation.lang,
        "readings": plain_readings(interpretation),
        "review": interpretation.review,
        "reasons": list(interpretation.reasons),
        "unread": list(interpretation.unread),
        "status": interpretation.status.value if interpretation.status else None,
        "ongoing": interpretation.ongoing,
        "recurrence": recurrence,
        "anchor": interpretation.anchor,
        "count": interpretation.count,
    }
