"""An event's life: SEQUENCE, LAST-MODIFIED and history at each step (RFC 5545 sections 3.8.7.3 and 3.8.7.4).

`revision.content` holds a digest of each field as calfeed last wrote it, so that an editor's touch shows."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import replace

from calfeed.model import Change, Draft, Edition, Event, Period, Qualifier, Revision, Status
from calfeed.occurrences import advanced, occurrences
from calfeed.reconcile.results import Difference, Kind
from calfeed.settings import Settings

# What subscribers see. A change of one of these is a new revision. `words` are the entry and its date's own words;
# where they stand in the source (line, page) is no content.
PUBLISHED = (
    "title", "period", "facets", "place", "country", "status", "note", "url", "lang", "words", "removed",
)  # fmt: skip
# All that an editor may touch, and what the rules of time zones make of it. The digests stand in this order: new fields
# are added at its end.
FIELDS = (*PUBLISHED, "reading", "review", "instants", "moved_from", "last_known")
# Of those, what subscribers see of a date that was moved or is doubted.
SEEN = (*PUBLISHED, "moved_from", "last_known")
_WIDTH = 4


def by_hand(event: Event) -> bool:
    """Whether the event stands by an editor's word, whatever its source says: an import leaves it as it is."""
    return event.provenance is None or "provenance" in event.edited


def value_of(event: Event, name: str) -> Any:
    if name == "words":
        words = event.provenance
        return (words.entry, words.date_text) if words else None
    if name == "facets":
        return {facet: values for facet, values in event.facets.items() if values}
    if name == "instants":
        return [one.hours for one in occurrences(event) if one.hours] or None
    return getattr(event, name)


def content(event: Event) -> str:
    """Four characters for each of FIELDS: 24 bits of its BLAKE2b."""
    return "".join(_digest(value_of(event, name)) for name in FIELDS)


def touched(event: Event) -> tuple[str, ...]:
    """The fields that are no longer as calfeed wrote them; none where that was never noted."""
    now, written = content(event), event.revision.content
    known = len(written) // _WIDTH
    parts = range(0, known * _WIDTH, _WIDTH)
    return tuple(
        name for name, at in zip(FIELDS, parts, strict=False) if now[at : at + _WIDTH] != written[at : at + _WIDTH]
    )


def same(value: Any, event: Event, name: str) -> bool:
    """Whether `value` is what calfeed last wrote in the event's field."""
    at = FIELDS.index(name) * _WIDTH
    return event.revision.content[at : at + _WIDTH] == _digest(value)


def _digest(value: Any) -> str:
    octets = msgspec.json.encode(value, order="deterministic")
    return urlsafe_b64encode(blake2b(octets, digest_size=3).digest()).decode("ascii")


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
    known = [str(period.precision), period.qualifier, period.rrule, period.duration, period.times, period.zone]
    known += ["continuous" if period.continuous else None, *(f"not {day}" for day in period.exdates)]
    return f"{days} ({', '.join(str(item) for item in known if item)})"


_PERIOD = re.compile(r"(?:(\d{4}-\d\d-\d\d|\.\.) to )?(\d{4}-\d\d-\d\d|\.\.) \((\w+)(?:, ([^()]+))?\)")


def period_of_words(text: str) -> Period | None:
    """The period that `period_in_words` told so; None for any other text, such as an older form of it."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        return None
    first, last, precision, rest = found.groups()
    start, end = (None if day == ".." else date.fromisoformat(day) for day in (first or last, last))
    told = rest.split(", ") if rest else []
    exdates = [known.removeprefix("not ") for known in told if known.startswith("not ")]
    fields = {_field_of(known): known for known in told if known != "continuous" and not known.startswith("not ")}
    days = {"start": start, "end": end, "exdates": exdates, "continuous": "continuous" in told}
    try:
        return msgspec.convert({**days, "precision": precision, **fields}, Period)
    except (ValueError, msgspec.ValidationError):
        return None


def _field_of(known: str) -> str:
    """Which field of a period tells itself like that."""
    if known.startswith("FREQ="):
        return "rrule"
    if re.match(r"PT?\d", known):
        return "duration"
    if known[:1].isdigit():
        return "times"
    return "qualifier" if known in {str(one) for one in Qualifier} else "zone"


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


# How the history tells what an editor agreed to ("cancelled, approved"), and a date that became vaguer.
APPROVED = ", approved"
WIDENED = "widened"


def create(draft: Draft, *, uid: str, now: datetime, **fields: Any) -> Event:
    """An event that its source has for the first time: SEQUENCE 0."""
    known = {name: getattr(draft, name) for name in Draft.__struct_fields__}
    return stamp(Event(**(known | fields), uid=uid, revision=Revision(created=now, modified=now)))


def stamp(event: Event) -> Event:
    """The event with the digests of what it now holds: from here on a touch by hand shows."""
    return replace(event, revision=replace(event.revision, content=content(event)))


def revise(
    before: Event,
    after: Event,
    *,
    kind: Kind,
    now: datetime,
    edition: Edition | None = None,
    what: str | None = None,
    fields: dict[str, tuple[str, str]] | None = None,
    anyway: bool = False,
) -> tuple[Event, Difference | None]:
    """`after` as the next revision of `before`, with the step in its history.

    SEQUENCE grows by one; LAST-MODIFIED grows even where the clock went back. Where no published field differs (and
    not `anyway`) there is no new revision and no difference. `fields` are the changes in words, where the caller
    knows more than the two events tell.
    """
    if not anyway and all(value_of(before, name) == value_of(after, name) for name in SEEN):
        return stamp(replace(after, revision=_still_citing(before, after), history=before.history)), None
    fields = fields_changed(before, after) if fields is None else fields
    sequence = before.revision.sequence + 1
    modified = max(now, before.revision.modified + timedelta(seconds=1))
    change = Change(
        at=modified,
        sequence=sequence,
        what=what or str(kind),
        edition=edition.digest[:16] if edition else None,
        fields=fields,
    )
    revised = replace(
        after,
        revision=replace(before.revision, sequence=sequence, modified=modified, where=None),
        history=(*before.history, change),
    )
    revised = stamp(revised)
    return revised, Difference(kind=kind, before=before, after=revised, fields=fields)


def _still_citing(before: Event, after: Event) -> Revision:
    """The revision of an unchanged event, which remembers the place that feeds cite once it stands elsewhere."""
    old, new = before.provenance, after.provenance
    cited = before.revision.where or (old.where if old else None)
    return replace(before.revision, where=None if new and new.where == cited else cited)


def cancel(event: Event, *, now: datetime, edition: Edition | None, approved: bool = False) -> tuple[Event, Difference]:
    """The event as a tombstone: what left its source stays for a while, cancelled."""
    gone = replace(event, status=Status.CANCELLED, removed=now)
    what = f"{Kind.CANCELLED}{APPROVED}" if approved else None
    after, difference = revise(event, gone, kind=Kind.CANCELLED, now=now, edition=edition, what=what)
    assert difference is not None
    return after, difference


def expired(event: Event, now: datetime, life: timedelta) -> bool:
    """Whether a tombstone has stood for `life`. One that a clock of another century dated counts from its revision."""
    if event.removed is None:
        return False
    wrong_clock = event.revision.modified - event.removed > timedelta(days=1)
    return (event.revision.modified if wrong_clock else event.removed) + life <= now


def status_before(tombstone: Event) -> Status:
    """The status that the event had when it left its source."""
    for change in reversed(tombstone.history):
        if change.what.startswith(Kind.CANCELLED) and "status" in change.fields:
            return Status(change.fields["status"][0])
    return Status.CANCELLED if "status" in tombstone.edited else Status.SCHEDULED


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
