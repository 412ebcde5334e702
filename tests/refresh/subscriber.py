"""What a subscriber sees of a document that is edited at random: a model of it, and a client that keeps state."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path

import icalendar
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import Struct

from tests.refresh.changing import NOW, Site

# Entries that nobody would take for one another.
HEADS = (
    "Global forum", "Customs training in harbours", "Pilot project on mercury", "Teachers' day", "Summer school",
    "Laboratory network", "Youth dialogue", "Zinc smelter visits", "Board", "Audit of stocks",
)  # fmt: skip
FIRST = date(2027, 1, 4)
DAYS = st.integers(0, 700).map(lambda days: FIRST + timedelta(days=days))
TOMBSTONE = timedelta(days=30)
CANCELLED = ("{head}: cancelled", "{head} (cancelled): {day}", "CANCELLED: {head}: {day}", "{head}: {day} (cancelled)")
POSTPONED = ("{head}: postponed", "{head}: {day} (postponed)", "POSTPONED - {head}: {day}")
MOVED = ("{head}: {new}", "{head}: {new} (postponed from {day})", "{head}: postponed to {new}")
DAMAGED = ("{head}: N Juin2O27", "{head}: date to follow", "{head}")


class Entry(Struct):
    """An entry as its author means it: its text, and the days on which its events are to stand, None for no event yet.

    `vague`: its date is a month, or in doubt; `off`: it was cancelled."""

    text: str
    days: list[date]
    vague: bool = False
    off: bool = False


def words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


class Subscriber(RuleBasedStateMachine):
    """A document of ten entries; after each refresh the feed is read as a client reads it that keeps what it knows."""

    @initialize(days=st.lists(DAYS, min_size=len(HEADS), max_size=len(HEADS)))
    def start(self, days: list[date]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="calfeed-subscriber-"))
        self.site = Site(self.folder)
        self.heading = "Events"
        self.document = {head: Entry(f"{head}: {words(day)}", [day]) for head, day in zip(HEADS, days, strict=True)}
        self.gone: dict[str, Entry] = {}
        self.known: dict[str, icalendar.Event] = {}
        self.tombstones: dict[str, object] = {}
        self.refresh(1)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder, ignore_errors=True)

    def edit(self, data: st.DataObject, text: tuple[str, ...], **named: str) -> tuple[str, Entry]:
        """An entry that is there, its text exchanged for one of these."""
        head = data.draw(st.sampled_from(sorted(self.document)))
        entry = self.document[head]
        entry.text = data.draw(st.sampled_from(text)).format(head=head, day=words(entry.days[0]), **named)
        return head, entry

    def or_later(self, data: st.DataObject) -> None:
        """Each edit is published by itself, or together with those that follow it."""
        hours = data.draw(st.sampled_from([0, 1, 24 * 8]))
        if hours:
            self.refresh(hours)

    @rule(data=st.data(), new=DAYS)
    def move(self, data: st.DataObject, new: date) -> None:
        _, entry = self.edit(data, MOVED, new=words(new))
        entry.days, entry.vague, entry.off = [new], False, False
        self.or_later(data)

    @rule(data=st.data())
    def loosen(self, data: st.DataObject) -> None:
        head, entry = self.edit(data, ("{head}",))
        entry.text = f"{head}: {entry.days[0]:%B %Y}"
        entry.days, entry.vague, entry.off = [entry.days[0].replace(day=1)], True, False
        self.or_later(data)

    @rule(data=st.data(), day=st.integers(1, 28))
    def firm_up(self, data: st.DataObject, day: int) -> None:
        head, entry = self.edit(data, ("{head}",))
        firm = entry.days[0].replace(day=day)
        entry.text, entry.days, entry.vague, entry.off = f"{head}: {words(firm)}", [firm], False, False
        self.or_later(data)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        _, entry = self.edit(data, CANCELLED)
        entry.off, entry.vague = True, True
        self.or_later(data)

    @rule(data=st.data())
    def postpone(self, data: st.DataObject) -> None:
        _, entry = self.edit(data, POSTPONED)
        entry.vague, entry.off = True, False
        self.or_later(data)

    @rule(data=st.data())
    def damage(self, data: st.DataObject) -> None:
        _, entry = self.edit(data, DAMAGED)
        entry.vague = True
        self.or_later(data)

    @rule(data=st.data(), second=DAYS)
    def split(self, data: st.DataObject, second: date) -> None:
        head, entry = self.edit(data, ("{head}",))
        entry.text = f"{head}: {words(entry.days[0])}\n- {head} (second part): {words(second)}"
        entry.days, entry.vague, entry.off = [entry.days[0], second], False, False
        self.or_later(data)

    @rule(heading=st.sampled_from(["Events", "Events and meetings", "What is on"]))
    def rename(self, heading: str) -> None:
        self.heading = heading

    @precondition(lambda self: len(self.document) > 4)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        head = data.draw(st.sampled_from(sorted(self.document)))
        self.gone[head] = self.document.pop(head)
        self.or_later(data)

    @precondition(lambda self: self.gone)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        head = data.draw(st.sampled_from(sorted(self.gone)))
        self.document[head] = self.gone.pop(head)
        self.or_later(data)

    @rule(hours=st.sampled_from([1, 24, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        self.refresh(hours)

    def refresh(self, hours: int) -> None:
        lines = [self.document[head].text for head in HEADS if head in self.document]
        self.site.write(lines, heading=self.heading)
        status = self.site.refresh(hours=hours)
        assert status.message is None
        state = status.sources["programme"].state
        assert state in ("read", "fresh", "held"), status.sources["programme"].message
        self.sees(self.site.feed(), held=state == "held")

    def sees(self, feed: dict[str, icalendar.Event], *, held: bool) -> None:
        for uid, old in self.known.items():
            if uid not in feed:
                since = self.tombstones.get(uid)
                assert since is not None, f"{old['SUMMARY']} is lost without a tombstone"
                assert self.site.now - since >= TOMBSTONE
                continue
            new = feed[uid]
            before, after = (
                (int(old["SEQUENCE"]), old["LAST-MODIFIED"].dt),
                (int(new["SEQUENCE"]), new["LAST-MODIFIED"].dt),
            )
            if old.to_ical() == new.to_ical():
                continue
            assert after[0] > before[0] and after[1] > before[1], f"{new['SUMMARY']} changed without a revision"
        self.known = feed
        self.tombstones = {
            uid: self.tombstones.get(uid, self.site.now) for uid, e in feed.items() if e["STATUS"] == "CANCELLED"
        }
        for head in HEADS:
            self.sees_of(head, [e for e in feed.values() if head in str(e["SUMMARY"])], held=held)

    def sees_of(self, head: str, events: list[icalendar.Event], *, held: bool) -> None:
        live = [event for event in events if event["STATUS"] != "CANCELLED"]
        entry = self.document.get(head)
        days = sorted(event["DTSTART"].dt for event in live)
        if entry is None:
            assert not live or held or all(day < self.site.now.date() for day in days), f"{head} should have left"
        elif not entry.off and not entry.vague and not held:
            assert days == sorted(entry.days), f"{head} stands on {days}"
        elif not held:
            assert len(live) <= len(entry.days), f"{head} is doubled"

    @invariant()
    def the_clock_goes_on(self) -> None:
        assert not hasattr(self, "site") or self.site.now >= NOW
