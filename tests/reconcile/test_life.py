"""The life of events under any sequence of imports, edits and clocks, against a simple model of the rules."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import settings as profile
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec import Struct
from msgspec.structs import replace

from calfeed.model import Catalogue, Event, Status
from calfeed.reconcile import settle
from calfeed.store import Stored, parse, render
from tests.reconcile.programme import NOW, month, propose, read, settings, uids

# Entries that nobody would take for one another.
HEADS = (
    "Global forum", "Customs training in harbours", "Pilot project on mercury", "E-learning platform",
    "Summer school", "Laboratory network", "Youth dialogue", "Zinc smelter visits",
)  # fmt: skip
MONTHS = tuple(f"{year}-{number:02}" for year in (2014, 2015, 2016) for number in range(1, 13))
TOMBSTONE = timedelta(days=30)


class Told(Struct):
    """What the rules say of one event: by its head, since nothing else of it stays."""

    month: str
    title: str
    sequence: int = 0
    created: datetime = NOW
    modified: datetime = NOW
    removed: datetime | None = None
    uid: str = ""
    edited: bool = False


class LifeOfEvents(RuleBasedStateMachine):
    """One source, an entry a head with one month. The guard is wide open; it has tests of its own."""

    @initialize(first=st.sets(st.sampled_from(HEADS), min_size=3))
    def start(self, first: set[str]) -> None:
        self.settings = settings("\n[guard]\nremovals = 1000\n")
        self.new_uid = uids()
        self.now = NOW
        self.catalogue = Catalogue()
        self.document = {head: "2014-01" for head in HEADS if head in first}
        self.told: dict[str, Told] = {}
        self.dropped: set[str] = set()
        self.text = Stored(source="events.toml", octets=None, catalogue=Catalogue())
        self.imported()

    def imported(self) -> None:
        lines = [f"{head}: {when}" for head, when in self.document.items()]
        result = read(self.catalogue, lines, self.new_uid, now=self.now, using=self.settings)
        assert result.held == ()
        self.catalogue = result.catalogue
        self.expire()
        by_head = {e.provenance.entry.partition(":")[0]: e for e in self.catalogue.events if e.provenance}
        for head, when in self.document.items():
            told = self.told.get(head)
            if told is None:
                self.told[head] = Told(when, head, created=self.now, modified=self.now, uid=by_head[head].uid)
            elif told.removed is not None or told.month != when:
                self.bump(told)
                told.removed, told.month = None, when
        for head, told in self.told.items():
            if head not in self.document and told.removed is None:
                self.bump(told)
                told.removed = self.now

    def bump(self, told: Told) -> None:
        told.sequence += 1
        told.modified = max(self.now, told.modified + timedelta(seconds=1))

    def expire(self) -> None:
        for head, told in list(self.told.items()):
            if told.removed is not None and told.removed + TOMBSTONE <= self.now:
                self.dropped.add(told.uid)
                del self.told[head]

    @rule()
    def import_again(self) -> None:
        self.imported()
        before = self.catalogue
        self.imported()
        assert self.catalogue == before

    @rule(head=st.sampled_from(HEADS), when=st.sampled_from(MONTHS))
    def add_or_move_in_the_document(self, head: str, when: str) -> None:
        self.document[head] = when

    @precondition(lambda self: len(self.document) > 1)
    @rule(data=st.data())
    def remove_from_the_document(self, data: st.DataObject) -> None:
        del self.document[data.draw(st.sampled_from(sorted(self.document)))]

    @rule(data=st.data())
    def reorder_the_document(self, data: st.DataObject) -> None:
        self.document = dict(data.draw(st.permutations(list(self.document.items()))))

    @rule(hours=st.integers(min_value=1, max_value=24 * 12))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(hours=st.integers(min_value=1, max_value=24 * 400))
    def set_the_clock_back(self, hours: int) -> None:
        self.now -= timedelta(hours=hours)

    @rule(data=st.data(), title=st.sampled_from(["Mine", "Ours", "A fine title"]))
    def edit_a_title_by_hand(self, data: st.DataObject, title: str) -> None:
        live = sorted(head for head, told in self.told.items() if told.removed is None and told.title != title)
        if not live:
            return
        told = self.told[data.draw(st.sampled_from(live))]
        events = tuple(replace(e, title=title) if e.uid == told.uid else e for e in self.catalogue.events)
        self.catalogue = settle(
            replace(self.catalogue, events=events),
            now=self.now,
            new_uid=self.new_uid,
            settings=self.settings,
            base=propose,
        ).catalogue
        self.expire()
        told.title, told.edited = title, True
        self.bump(told)

    @rule()
    def store_and_load(self) -> None:
        self.text = parse(render(self.text, self.catalogue), source="events.toml")
        assert self.text.catalogue == self.catalogue

    @invariant()
    def the_catalogue_is_as_the_rules_say(self) -> None:
        events = {event.uid: event for event in self.catalogue.events}
        assert events.keys() == {told.uid for told in self.told.values()}
        assert not events.keys() & self.dropped
        for told in self.told.values():
            self.check(events[told.uid], told)

    def check(self, event: Event, told: Told) -> None:
        assert (event.title, event.period) == (told.title, month(told.month))
        assert event.revision.sequence == told.sequence == len(event.history)
        assert event.revision.created == told.created
        assert event.revision.modified == told.modified
        assert event.removed == told.removed
        assert event.status is (Status.CANCELLED if told.removed else Status.SCHEDULED)
        assert event.edited == (("title",) if told.edited else ())
        stamps = [change.at for change in event.history]
        assert stamps == sorted(set(stamps))


TestLifeOfEvents = LifeOfEvents.TestCase
TestLifeOfEvents.settings = profile(max_examples=60, stateful_step_count=25)
