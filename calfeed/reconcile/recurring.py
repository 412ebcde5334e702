"""The instances of recurrences that stand in the feeds, brought up to what their rules give now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from calfeed.model import Event
from calfeed.occurrences import advanced
from calfeed.reconcile.life import stamp
from calfeed.settings import Settings

# How far a recurrence that names no end is told: whole months, so that it grows once a month.
MONTHS_AHEAD = 12


def recurring(events: Iterable[Event], now: datetime, settings: Settings) -> tuple[Event, ...]:
    """The events with their instances: new ones for what a rule gives, tombstones for what it no longer gives.

    An instance that comes or goes is no new revision of the event: it has a UID of its own."""
    until, life = horizon(now.date()), timedelta(days=settings.guard.tombstone)
    return tuple(
        _recurring(event, until, now, life) if event.instances or (event.period and event.period.rrule) else event
        for event in events
    )


def _recurring(event: Event, until: date, now: datetime, life: timedelta) -> Event:
    made = advanced(event, until=until, now=now, life=life)
    return event if made == event else stamp(made)


def horizon(today: date) -> date:
    """The last day of the month twelve months from today."""
    months = today.year * 12 + today.month + MONTHS_AHEAD
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)
