"""What editors decided about the entries of a document, applied to each edition of it: rejected, or accepted.

In: decisions and the proposals of an edition. Out: the proposals that are left. Pure; `store` keeps the decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from calfeed.model import Event, Instant, Period, Proposal, Value
from calfeed.reconcile.life import by_hand
from calfeed.reconcile.match import plain

REJECTED = "rejected"
ACCEPTED = "accepted"
# So many characters beside its date tell an entry from others.
LEAST_HEAD = 6


class Decision(Value, frozen=True, kw_only=True):
    """An editor's word about an entry of `source`.

    `what` is "rejected" or "accepted". The entry is known by the outline above it and its text, or its text without
    the words of its date, `date_text`. `period` is set where the word is about one of several periods that the entry
    gives, and `whole` where it is about all of them. `title` and `by` are for people who read the file."""

    source: str
    what: str
    entry: str
    outline: tuple[str, ...] = ()
    date_text: str = ""
    whole: bool = True
    period: Period | None = None
    title: str = ""
    by: str | None = None
    at: Instant | None = None

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        return _keys(self.outline, self.entry, self.date_text)


def _keys(outline: Sequence[str], entry: str, date_text: str) -> tuple[tuple[str, ...], ...]:
    """What an entry is known by: its text, and where it says more than its date, the text without that."""
    above = tuple(map(plain, outline))
    head = plain(entry.replace(date_text, " ", 1)) if date_text else ""
    return ((*above, plain(entry)), *([("", *above, head)] if len(head) >= LEAST_HEAD else []))


def keys_of(proposal: Proposal) -> tuple[tuple[str, ...], ...]:
    """What the entry of a proposal is known by."""
    words = next((draft.provenance for drafts in proposal.drafts.values() for draft in drafts), None)
    return _keys(proposal.entry.outline, proposal.entry.text, words.date_text if words else "")


def rejection(event: Event, *, by: str, at: datetime) -> Decision | None:
    """That no edition brings this event back; None for one that stands by an editor's word alone."""
    words = event.provenance
    if words is None or by_hand(event):
        return None
    return Decision(
        source=words.source,
        what=REJECTED,
        entry=words.entry,
        outline=words.outline,
        date_text=words.date_text,
        whole=words.parts == 1,
        period=event.period if words.parts > 1 else None,
        title=event.title,
        by=by,
        at=at,
    )


def verdict(proposal: Proposal, what: str, *, source: str, by: str, at: datetime) -> Decision:
    """An editor's word about an entry that no event was made of yet."""
    draft = next(draft for drafts in proposal.drafts.values() for draft in drafts)
    return Decision(
        source=source,
        what=what,
        entry=proposal.entry.text,
        outline=proposal.entry.outline,
        date_text=draft.provenance.date_text if draft.provenance else "",
        title=draft.title,
        by=by,
        at=at,
    )


class Decided:
    """The decisions about one source, ready to be asked."""

    def __init__(self, decisions: Iterable[Decision], source: str) -> None:
        self._said: dict[tuple[str, ...], list[Decision]] = {}
        for decision in decisions:
            if decision.source == source:
                for key in decision.keys:
                    self._said.setdefault(key, []).append(decision)

    def of(self, proposal: Proposal) -> tuple[Decision, ...]:
        """What was decided about the entry of a proposal."""
        found = (decision for key in keys_of(proposal) for decision in self._said.get(key, ()))
        return tuple(dict.fromkeys(found))

    def accepts(self, proposal: Proposal) -> bool:
        """Whether an editor took this entry, which the reader only suggests."""
        return any(decision.what == ACCEPTED for decision in self.of(proposal))

    def rejects(self, proposal: Proposal) -> bool:
        """Whether an editor wants no event of this entry."""
        return any(decision.what == REJECTED and decision.whole for decision in self.of(proposal))

    def left(self, proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
        """The proposals that are not rejected; of an entry with several periods, those that are left."""
        if not self._said:
            return tuple(proposals)
        kept = []
        for proposal in proposals:
            if self.rejects(proposal):
                continue
            gone = {decision.period for decision in self.of(proposal) if decision.what == REJECTED}
            drafts = {
                rule: tuple(draft for draft in drafts if draft.period not in gone)
                for rule, drafts in proposal.drafts.items()
            }
            drafts = {rule: left for rule, left in drafts.items() if left}
            if drafts:
                kept.append(replace(proposal, drafts=drafts) if gone else proposal)
        return tuple(kept)
