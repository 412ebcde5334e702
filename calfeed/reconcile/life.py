"""An event's life: SEQUENCE, LAST-MODIFIED and history at each step (RFC 5545 sections 3.8.7.3 and 3.8.7.4)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from calfeed.model import Change, Draft, Edition, Event, Revision, Status
from calfeed.reconcile.content import PUBLISHED, content, value_of
from calfeed.reconcile.results import Difference, Kind
from calfeed.reconcile.wording import fields_changed

APPROVED = "cancelled, approved"


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
    if not anyway and all(value_of(before, name) == value_of(after, name) for name in PUBLISHED):
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
    what = APPROVED if approved else None
    after, difference = revise(event, gone, kind=Kind.CANCELLED, now=now, edition=edition, what=what)
    assert difference is not None
    return after, difference


def status_before(tombstone: Event) -> Status:
    """The status that the event had when it left its source."""
    for change in reversed(tombstone.history):
        if change.what in (Kind.CANCELLED, APPROVED) and "status" in change.fields:
            return Status(change.fields["status"][0])
    return Status.CANCELLED if "status" in tombstone.edited else Status.SCHEDULED
