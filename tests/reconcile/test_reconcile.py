"""What a new edition of a source does to the catalogue."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from calfeed.errors import CatalogueError
from calfeed.model import Catalogue, Event, Period, Precision, Status, Where
from calfeed.reconcile import Kind, settle
from tests.reconcile.programme import NOW, month, propose, read, settings, uids

LINES = (
    "Third global workshop on e-waste: 2013-12",
    "Webinars on the pillars: 2013-11, 2014, 2015",
    "E-learning courses for police officers",
    "Basel regional training for customs: 2014-05",
    "Pilot projects with partners: 2014, 2015",
)
LATER = NOW + timedelta(days=1)


def by_text(catalogue: Catalogue) -> dict[tuple[str, int], Event]:
    return {(e.provenance.entry, e.provenance.part): e for e in catalogue.events if e.provenance}


def by_uid(catalogue: Catalogue) -> dict[str, Event]:
    return {event.uid: event for event in catalogue.events}


def edit(catalogue: Catalogue, uid: str, **fields: object) -> Catalogue:
    return replace(catalogue, events=tuple(replace(e, **fields) if e.uid == uid else e for e in catalogue.events))


def test_a_first_import_adds_an_event_for_each_period() -> None:
    result = read(Catalogue(), LINES, uids())
    assert [event.title for event in result.catalogue.events] == [
        "Third global workshop on e-waste",
        "Webinars on the pillars", "Webinars on the pillars", "Webinars on the pillars",
        "E-learning courses for police officers",
        "Basel regional training for customs",
        "Pilot projects with partners", "Pilot projects with partners",
    ]  # fmt: skip
    assert len(result.added) == 8
    first = result.catalogue.events[0]
    assert (first.uid, first.revision.sequence) == ("uid-1", 0)
    assert first.revision.created == first.revision.modified == NOW


def test_importing_twice_changes_nothing() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(first.catalogue, LINES, new_uid, now=LATER)
    assert second.catalogue == first.catalogue
    assert second.differences == ()
    assert second.unchanged == 8


def test_moved_lines_are_no_new_revision() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(first.catalogue, LINES, new_uid, now=LATER, first=100)
    assert second.differences == ()
    revisions = [replace(event.revision, where=None) for event in second.catalogue.events]
    assert revisions == [event.revision for event in first.catalogue.events]
    assert second.catalogue.events[0].provenance.where.lines == (100, 100)


def test_an_unchanged_event_is_cited_where_it_first_stood() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    moved = read(first.catalogue, LINES, new_uid, now=LATER, first=100)
    further = read(moved.catalogue, LINES, new_uid, now=LATER, first=200)
    back = read(further.catalogue, LINES, new_uid, now=LATER)
    cited = [result.catalogue.events[0].revision.where for result in (first, moved, further, back)]
    assert cited == [None, Where(lines=(1, 1)), Where(lines=(1, 1)), None]


def test_a_changed_event_is_cited_where_it_stands_now() -> None:
    new_uid = uids()
    moved = read(read(Catalogue(), LINES, new_uid).catalogue, LINES, new_uid, now=LATER, first=100)
    lines = list(LINES)
    lines[0] = lines[0].replace("2013", "2014")
    changed = read(moved.catalogue, lines, new_uid, now=LATER, first=200)
    assert changed.catalogue.events[0].revision.where is None
    assert changed.catalogue.events[0].provenance.where.lines == (200, 200)


@pytest.mark.parametrize(
    ("at", "text", "kinds"),
    [
        (0, "Third global workshop on e-waste: 2014-02", {Kind.MOVED}),
        (0, "Third  global workshop on E-waste: 2013-12", {Kind.CHANGED}),
        (0, "Third global workshpo on e-waste: 2013-12", {Kind.CHANGED}),
        (0, "Third global workshop on electronic waste: 2014-01", {Kind.MOVED}),
        (0, "Last conference on e-waste: 2013-12", {Kind.CHANGED}),
        (3, "Basel regional training for customs: 2014-06", {Kind.MOVED}),
        (3, "Rotterdam regional training for customs: 2014-05", {Kind.CHANGED}),
        (2, "E-learning courses for police officers: 2014", {Kind.MOVED}),
        (4, "Pilot projects with partners: 2014, 2016", {Kind.CHANGED, Kind.MOVED}),
    ],
)
def test_a_changed_entry_keeps_its_uids(at: int, text: str, kinds: set[Kind]) -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(first.catalogue, [*LINES[:at], text, *LINES[at + 1 :]], new_uid, now=LATER)
    assert {difference.kind for difference in second.differences} == kinds
    assert by_uid(second.catalogue).keys() == by_uid(first.catalogue).keys()
    for difference in second.differences:
        assert difference.before and difference.after
        assert difference.after.uid == difference.before.uid
        assert difference.after.revision.sequence == 1
        assert difference.after.revision.modified == LATER
        assert difference.after.revision.created == NOW


def test_another_event_on_the_same_days_is_another_event() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(first.catalogue, ["Youth dialogue in Lima: 2013-12", *LINES[1:]], new_uid, now=LATER)
    assert {difference.kind for difference in second.differences} == {Kind.CANCELLED, Kind.ADDED}


def test_a_reordered_document_is_the_same_and_its_events_follow_its_order() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(first.catalogue, reversed(LINES), new_uid, now=LATER)
    assert second.differences == ()
    assert second.catalogue.events[-1].uid == "uid-1"


def test_a_renamed_activity_keeps_the_uids_of_its_entries() -> None:
    new_uid = uids()
    old = [((("Wastes", "E-waste", "Calendar")), text) for text in LINES]
    new = [((("Wastes", "E-waste and batteries", "Calendar")), text) for text in LINES[:-1]]
    new.append((("Wastes", "E-waste and batteries", "Calendar"), "Pilot projects with partners: 2014, 2016"))
    first = read(Catalogue(), old, new_uid)
    second = read(first.catalogue, new, new_uid, now=LATER)
    assert by_uid(second.catalogue).keys() == by_uid(first.catalogue).keys()


def test_equal_entries_of_two_renamed_activities_stay_apart() -> None:
    new_uid = uids()
    old = [
        (("Wastes", name, "Calendar"), "National workshops: 2014") for name in ("Used batteries", "Ship dismantling")
    ]
    new = [(("Wastes", name, "Calendar"), "National workshops: 2014") for name in ("Dismantling of ships", "Batteries")]
    first = read(Catalogue(), old, new_uid)
    second = read(first.catalogue, new, new_uid, now=LATER)
    outlines = {event.uid: event.provenance.outline[1] for event in second.catalogue.events if event.provenance}
    assert outlines == {"uid-1": "Batteries", "uid-2": "Dismantling of ships"}


def test_equal_entries_of_two_activities_are_told_apart() -> None:
    new_uid = uids()
    one, two = ("Wastes", "One", "Calendar"), ("Wastes", "Two", "Calendar")
    first = read(Catalogue(), [(one, "National workshops: 2014"), (two, "National workshops: 2014")], new_uid)
    second = read(
        first.catalogue, [(one, "National workshops: 2015"), (two, "National workshops: 2014")], new_uid, now=LATER
    )
    assert [(d.kind, d.event.uid) for d in second.differences] == [(Kind.MOVED, "uid-1")]


def test_an_entry_split_by_its_dates_keeps_both_uids() -> None:
    new_uid = uids()
    first = read(Catalogue(), ["National workshops: 2013, 2014"], new_uid)
    second = read(first.catalogue, ["National workshops: 2013", "National workshops: 2014"], new_uid, now=LATER)
    assert {event.uid: event.period for event in second.catalogue.events} == {
        "uid-1": month("2013"),
        "uid-2": month("2014"),
    }


def test_an_entry_split_by_its_kinds_keeps_a_uid_and_gains_one() -> None:
    new_uid = uids()
    first = read(Catalogue(), ["Workshops and webinars on pillars: 2014"], new_uid)
    second = read(first.catalogue, ["Workshops on pillars: 2014", "Webinars on pillars: 2014"], new_uid, now=LATER)
    assert sorted(by_uid(second.catalogue)) == ["uid-1", "uid-2"]
    assert not second.cancelled


def test_a_rolling_programme_loses_its_first_year_and_gains_a_new_one() -> None:
    new_uid = uids()
    first = read(Catalogue(), ["National workshops: 2013, 2014, 2015"], new_uid)
    second = read(first.catalogue, ["National workshops: 2014, 2015, 2016"], new_uid, now=LATER)
    live = {event.uid: event.period for event in second.catalogue.events if event.removed is None}
    assert live == {"uid-2": month("2014"), "uid-3": month("2015"), "uid-4": month("2016")}
    assert [d.event.uid for d in second.cancelled] == ["uid-1"]


def test_what_leaves_is_a_tombstone_and_comes_back_with_its_uid() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(first.catalogue, LINES[1:], new_uid, now=LATER)
    tombstone = by_uid(second.catalogue)["uid-1"]
    assert (tombstone.status, tombstone.removed, tombstone.revision.sequence) == (Status.CANCELLED, LATER, 1)
    assert tombstone.revision.modified == LATER
    again = read(second.catalogue, LINES[1:], new_uid, now=LATER + timedelta(days=1))
    assert again.catalogue == second.catalogue
    third = read(second.catalogue, LINES, new_uid, now=LATER + timedelta(days=20))
    back = by_uid(third.catalogue)["uid-1"]
    assert (back.status, back.removed, back.revision.sequence) == (Status.SCHEDULED, None, 2)
    assert [d.kind for d in third.differences] == [Kind.RESTORED]
    assert [change.what for change in back.history] == ["cancelled", "restored"]


def test_a_tombstone_leaves_after_thirty_days() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(first.catalogue, LINES[1:], new_uid, now=LATER)
    before = read(second.catalogue, LINES[1:], new_uid, now=LATER + timedelta(days=29))
    assert "uid-1" in by_uid(before.catalogue)
    after = read(second.catalogue, LINES[1:], new_uid, now=LATER + timedelta(days=30))
    assert "uid-1" not in by_uid(after.catalogue)


def test_an_edited_title_survives_and_is_named() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    edited = edit(first.catalogue, "uid-1", title="Third workshop")
    second = read(edited, ["Third global workshop on e-waste: 2014-01", *LINES[1:]], new_uid, now=LATER)
    event = by_uid(second.catalogue)["uid-1"]
    assert (event.title, event.period, event.edited) == ("Third workshop", month("2014-01"), ("title",))
    assert event.revision.sequence == 2
    assert second.conflicts == ()
    assert event.history[0].fields == {"title": ("Third global workshop on e-waste", "Third workshop")}
    assert event.history[1].fields["period"] == (
        "2013-12-01 to 2013-12-31 (month)",
        "2014-01-01 to 2014-01-31 (month)",
    )


def test_what_both_changed_is_a_conflict_and_the_editor_wins() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    firm = Period(start=date(2013, 12, 3), end=date(2013, 12, 5), precision=Precision.DAY)
    edited = edit(first.catalogue, "uid-1", period=firm)
    second = read(edited, ["Third global workshop on e-waste: 2014-01", *LINES[1:]], new_uid, now=LATER)
    event = by_uid(second.catalogue)["uid-1"]
    assert event.period == firm
    assert [(c.field, c.theirs) for c in second.conflicts] == [("period", "2014-01-01 to 2014-01-31 (month)")]
    says = "The document now says of period: 2014-01-01 to 2014-01-31 (month)."
    assert event.review == (says,)
    third = read(second.catalogue, ["Third global workshop on e-waste: 2014-01", *LINES[1:]], new_uid, now=LATER)
    assert third.catalogue == second.catalogue


def test_an_editor_gives_a_field_back_by_deleting_its_name() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(edit(first.catalogue, "uid-1", title="Mine"), LINES, new_uid, now=LATER)
    third = read(edit(second.catalogue, "uid-1", edited=()), LINES, new_uid, now=LATER + timedelta(hours=1))
    event = by_uid(third.catalogue)["uid-1"]
    assert (event.title, event.edited, event.revision.sequence) == ("Third global workshop on e-waste", (), 2)


def test_an_edited_facet_is_kept_and_the_others_follow_the_document() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    edited = edit(first.catalogue, "uid-6", facets={"convention": ("rotterdam",)})
    second = read(edited, LINES, new_uid, now=LATER)
    event = by_uid(second.catalogue)["uid-6"]
    assert event.facets == {"convention": ("rotterdam",)}
    assert event.edited == ("facets.convention",)


def test_a_settled_review_stays_settled_until_the_document_changes() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    assert by_uid(first.catalogue)["uid-2"].review == ("Does the month hold in every year?",)
    second = read(edit(first.catalogue, "uid-2", review=()), LINES, new_uid, now=LATER)
    event = by_uid(second.catalogue)["uid-2"]
    assert (event.review, event.edited, event.revision.sequence) == ((), ("review",), 0)


def test_choosing_a_reading_for_one_event_takes_it_for_the_entry() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    chosen = edit(first.catalogue, "uid-3", reading="each-year")
    settled = settle(chosen, now=LATER, new_uid=new_uid, settings=settings(), base=propose).catalogue
    entry = [event for event in settled.events if event.title == "Webinars on the pillars"]
    assert [event.uid for event in entry] == ["uid-2", "uid-3", "uid-4"]
    assert [event.period for event in entry] == [month("2013-11"), month("2014-11"), month("2015-11")]
    assert {event.reading for event in entry} == {"each-year"}
    assert [event.revision.sequence for event in entry] == [0, 1, 1]
    assert all(event.review == () for event in entry)
    again = read(settled, LINES, new_uid, now=LATER)
    assert again.differences == ()
    assert again.catalogue.events == settled.events


def test_a_reading_that_is_not_offered_is_refused() -> None:
    first = read(Catalogue(), LINES, uids())
    with pytest.raises(CatalogueError, match="each-year"):
        settle(edit(first.catalogue, "uid-2", reading="monthly"), now=LATER, new_uid=uids(), settings=settings())


def test_a_source_may_prefer_a_reading() -> None:
    using = settings()
    preferring = replace(using, sources=(replace(using.sources[0], prefer=("each-year",)),))
    result = read(Catalogue(), LINES, uids(), using=preferring)
    assert by_text(result.catalogue)[LINES[1], 2].period == month("2014-11")


def test_last_modified_grows_even_if_the_clock_goes_back() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    moved = ["Third global workshop on e-waste: 2014-02", *LINES[1:]]
    second = read(first.catalogue, moved, new_uid, now=NOW - timedelta(days=365))
    event = by_uid(second.catalogue)["uid-1"]
    assert event.revision.modified == NOW + timedelta(seconds=1)


def test_another_source_and_events_added_by_hand_stay() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    own = replace(first.catalogue.events[0], uid="mine", provenance=None, title="Open day")
    second = read(replace(first.catalogue, events=(own, *first.catalogue.events)), LINES, new_uid, now=LATER)
    assert second.catalogue.events[-1].uid == "mine"
    assert by_uid(second.catalogue)["mine"].title == "Open day"


def test_an_event_deleted_by_hand_comes_back_as_new() -> None:
    new_uid = uids()
    first = read(Catalogue(), LINES, new_uid)
    second = read(replace(first.catalogue, events=first.catalogue.events[1:]), LINES, new_uid, now=LATER)
    assert [(d.kind, d.event.uid) for d in second.differences] == [(Kind.ADDED, "uid-9")]
