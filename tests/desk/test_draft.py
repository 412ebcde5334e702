"""The draft at the desk: documents come in, events are changed by name, and every step has a way back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from calfeed import store
from calfeed.desk import Desk
from calfeed.refresh import refresh
from calfeed.web import create_app
from tests.desk.desks import NEW_EDITION, Visitor, at_loopback, desk_in, imported, uid_of


@pytest.fixture
def at_desk(tmp_path: Path) -> tuple[Desk, Visitor]:
    return imported(tmp_path)


def days(desk: Desk, title: str) -> str:
    event = desk.event(uid_of(desk, title))
    assert event is not None
    return f"{event.period.start}/{event.period.end}" if event.period else "none"


def test_a_document_is_read_and_nothing_is_published_yet(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    anna = at_loopback(desk)
    letter = anna.post("/sources/programme/read").headers["Location"]
    page = anna.text(letter)
    assert "5 new events" in page and "Webinar on e-waste" in page
    assert anna.post(letter, {"answer": "all"}).status_code == 303
    assert len(desk.catalogue().events) == 5
    assert not desk.settings.feeds_path.exists()


def test_a_letter_that_is_put_aside_changes_nothing(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    anna = at_loopback(desk)
    letter = anna.post("/sources/programme/read").headers["Location"]
    assert anna.post(letter, {"answer": "none"}).status_code == 303
    assert desk.catalogue().events == () and anna.get(letter).status_code == 404


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"date": "mid-June 2027"}, "2027-06-11/2027-06-20"),
        ({"date": "5-7 May 2027"}, "2027-05-05/2027-05-07"),
        ({"date": ""}, "none"),
        ({"date": "2 June 2027, 9:00-17:30", "zone": "Europe/Zurich"}, "2027-06-02/2027-06-02"),
    ],
)
def test_a_date_is_typed_as_people_say_it(at_desk: tuple[Desk, Visitor], fields: dict[str, str], told: str) -> None:
    desk, anna = at_desk
    assert anna.edit(uid_of(desk, "customs"), **fields).status_code == 303
    assert days(desk, "customs") == told


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"date": "when the cows come home"}, "Dates: no date is read in"),
        ({"title": " "}, "Title: an event needs a title"),
        ({"times": "half past nine"}, "Time of day: "),
        ({"zone": "Europe/Zurrich"}, "did you mean &#39;Europe/Zurich&#39;?"),
        ({"country": "Kenya"}, "Country: a country is two letters"),
        ({"status": "done"}, "Status: it is one of"),
        ({"url": "javascript:alert(1)"}, "an address begins with http"),
        ({"note": "x" * 3000}, "Note: it has 3,000 characters"),
    ],
)
def test_what_cannot_be_saved_is_told_and_changes_nothing(
    at_desk: tuple[Desk, Visitor], fields: dict[str, str], what: str
) -> None:
    desk, anna = at_desk
    before = desk.settings.catalogue_path.read_bytes()
    answer = anna.edit(uid_of(desk, "customs"), **fields)
    assert answer.status_code == 400 and what in answer.get_data(as_text=True)
    assert desk.settings.catalogue_path.read_bytes() == before


def test_several_dates_make_several_events(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    anna.edit(uid_of(desk, "customs"), date="3 September and 8 October 2027")
    found = [event.period.start.isoformat() for event in desk.catalogue().events if "customs" in event.title]  # type: ignore[union-attr]
    assert found == ["2027-09-03", "2027-10-08"]


def test_every_change_has_a_person_and_an_instant_in_the_file(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    anna.edit(uid_of(desk, "customs"), place="Mombasa")
    event = desk.event(uid_of(desk, "customs"))
    assert event is not None
    last = event.history[-1]
    assert (last.by, last.what, last.fields["place"]) == ("Anna", "edited", ("", "Mombasa"))
    stored = store.load_catalogue(desk.settings.catalogue_path)
    assert next(one for one in stored.events if one.uid == event.uid).history == event.history


def test_an_edit_of_the_file_by_hand_shows_at_the_desk(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    path = desk.settings.catalogue_path
    path.write_text(path.read_text("utf-8").replace('Training of customs officers"', 'Training of officers"'), "utf-8")
    assert "Training of officers" in anna.text("/events")


STEPS = {
    "edit": lambda desk, anna: anna.edit(uid_of(desk, "e-waste"), title="Other", date="June 2027", note="Bring a pen"),
    "reject": lambda desk, anna: anna.post("/do/rejected", {"uid": uid_of(desk, "e-waste")}),
    "split": lambda desk, anna: anna.post("/do/split", {"uid": uid_of(desk, "e-waste")}),
    "merge": lambda desk, anna: anna.post("/do/merged", {"uid": [uid_of(desk, "e-waste"), uid_of(desk, "customs")]}),
    "read otherwise": lambda desk, anna: anna.post(
        "/do/read", {"uid": uid_of(desk, "inventories"), "rule": "each-year"}
    ),
    "right as it is": lambda desk, anna: anna.post("/do/checked", {"uid": uid_of(desk, "inventories")}),
    "add": lambda desk, anna: anna.post("/new", {"title": "New", "date": "May 2027", "status": "scheduled"}),
}


def seen(desk: Desk) -> list[tuple[object, ...]]:
    """What editors see of the draft, without revisions."""
    return [
        (one.title, one.period, one.place, one.note, one.review, one.reading, one.edited)
        for one in sorted(desk.catalogue().events, key=lambda one: one.title + str(one.period))
        if one.removed is None
    ]


@pytest.mark.parametrize("step", STEPS)
def test_every_step_changes_the_draft_and_can_be_taken_back(at_desk: tuple[Desk, Visitor], step: str) -> None:
    desk, anna = at_desk
    before = seen(desk)
    assert STEPS[step](desk, anna).status_code == 303  # type: ignore[no-untyped-call]
    assert seen(desk) != before
    assert anna.post("/undo/0").status_code == 303
    assert seen(desk) == before
    assert desk.draft().decisions == ()


@pytest.mark.parametrize("step", STEPS)
def test_what_was_taken_back_can_be_brought_again(at_desk: tuple[Desk, Visitor], step: str) -> None:
    desk, anna = at_desk
    STEPS[step](desk, anna)  # type: ignore[no-untyped-call]
    after = seen(desk)
    number = desk.steps.last_number()
    anna.post(f"/undo/{number}")
    anna.post(f"/undo/{number + 1}")
    assert seen(desk) == after


def test_steps_outlive_the_process_and_a_line_that_was_cut(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    before = seen(desk)
    anna.edit(uid_of(desk, "customs"), place="Mombasa")
    with (desk.folder / "steps.jsonl").open("ab") as log:
        log.write(b'{"number": 3, "at": "2026-')
    later = Desk(desk.settings)
    ben = at_loopback(later, "Ben")
    ben.edit(uid_of(later, "e-waste"), note="Online")
    ben.post("/undo/0")
    assert ben.post("/undo/2").status_code == 303
    assert seen(later) == before


def test_undo_leaves_what_somebody_changed_since(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    uid = uid_of(desk, "customs")
    anna.edit(uid, title="Customs", place="Mombasa")
    number = desk.steps.last_number()
    anna.edit(uid, place="Kigali")
    anna.post(f"/undo/{number}")
    event = desk.event(uid)
    assert event is not None and (event.title, event.place) == ("Training of customs officers", "Kigali")
    assert "What was changed since stays" in anna.text("/history")


def test_rejected_split_merged_and_added_outlive_the_next_edition(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    anna.post("/do/rejected", {"uid": uid_of(desk, "customs")})
    anna.post("/do/split", {"uid": uid_of(desk, "oils")})
    other = next(one.uid for one in desk.catalogue().events if one.history and one.history[0].what == "split")
    anna.edit(other, title="Second workshop", date="August 2027")
    anna.post("/new", {"title": "Reception", "date": "1 June 2027", "status": "scheduled"})
    (Path(desk.settings.folder) / "programme.md").write_text(NEW_EDITION, "utf-8")
    letter = anna.post("/sources/programme/read").headers["Location"]
    page = anna.text(letter)
    assert "1 new event" in page and "1 event moved" in page and "1 date firmed up" in page
    anna.post(letter, {"answer": "all"})
    titles = [one.title for one in desk.catalogue().events if one.removed is None]
    assert "Training of customs officers" not in titles
    assert {"Second workshop", "Reception", "Closing conference"} <= set(titles)


def test_of_a_letter_a_part_can_be_taken(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    (Path(desk.settings.folder) / "programme.md").write_text(NEW_EDITION.replace("- Training", "- X"), "utf-8")
    letter = anna.post("/sources/programme/read").headers["Location"]
    page = anna.text(letter)
    import re

    asked = re.findall(r'name="asked" value="([^"]+)"', page)
    moved = uid_of(desk, "e-waste")
    assert moved in asked
    anna.post(letter, {"answer": "some", "asked": asked, "take": [moved]})
    assert days(desk, "e-waste") == "2027-05-19/2027-05-19"
    assert days(desk, "oils") == "2027-07-01/2027-07-31"
    assert all("Closing" not in one.title for one in desk.catalogue().events)
    # What was left is left for good: the same document, read again, changes nothing.
    letter = anna.post("/sources/programme/read").headers["Location"]
    assert "This is what it would change: 5 events stay as they are." in anna.text(letter).replace("\n", " ")


def test_an_upload_is_known_as_a_new_edition(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    file = (io.BytesIO(NEW_EDITION.encode()), "programme_v2_FINAL.md")
    letter = anna.post("/upload", {"document": file}, content_type="multipart/form-data").headers["Location"]
    assert "is a new edition" in anna.text(letter)
    anna.post(letter, {"answer": "all"})
    assert days(desk, "e-waste") == "2027-05-19/2027-05-19"
    assert "Closing conference" in (Path(desk.settings.folder) / "programme.md").read_text("utf-8")


def test_an_unknown_document_becomes_a_source_of_the_settings(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    other = b"# Sports\n\n## Calendar\n\n- Race around the lake: 4 April 2027\n- Long march: 9 May 2027\n"
    file = (io.BytesIO(other), "Sports days.md")
    letter = anna.post("/upload", {"document": file}, content_type="multipart/form-data").headers["Location"]
    anna.post(letter, {"answer": "all"})
    assert [source.id for source in desk.settings.sources] == ["programme", "sports-days"]
    assert "Race around the lake" in anna.text("/events?source=sports-days")
    assert (Path(desk.settings.folder) / "data/sources/sports-days.md").read_bytes() == other


def test_a_refresh_publishes_its_own_and_nothing_that_an_editor_has_under_way(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    anna.post("/publish", {"sentence": "The first edition."})
    feed = desk.settings.feeds_path / "all.ics"
    assert b"Webinar on e-waste" in feed.read_bytes()
    anna.edit(uid_of(desk, "customs"), title="Half done")
    (Path(desk.settings.folder) / "programme.md").write_text(NEW_EDITION, "utf-8")
    refresh(desk.settings, now=desk.clock())
    octets = feed.read_bytes()
    assert b"DTSTART;VALUE=DATE:20270519" in octets and b"Closing conference" in octets
    assert b"Half done" not in octets and b"Training of customs officers" in octets
    assert "Half done" in anna.text("/publish")
    anna.post("/publish", {"sentence": "Customs."})
    assert b"Half done" in feed.read_bytes()


def test_editions_have_numbers_and_sentences(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    anna.post("/publish", {"sentence": "The first edition."})
    anna.edit(uid_of(desk, "customs"), place="Mombasa")
    anna.post("/publish", {"sentence": "Customs officers meet in Mombasa."})
    page = anna.text("/history")
    assert "Edition 2" in page and "Customs officers meet in Mombasa." in page
    assert "All is published" in anna.text("/publish")


def test_public_pages_and_feeds_name_nobody(at_desk: tuple[Desk, Visitor]) -> None:
    desk, anna = at_desk
    uid = uid_of(desk, "customs")
    anna.edit(uid, place="Mombasa")
    anna.post("/publish", {"sentence": "Anna's edition."})
    site = create_app(desk.settings, check_seconds=None).test_client()
    pages = [site.get(path).get_data() for path in ("/", f"/events/{uid}", f"/api/v1/events/{uid}", "/feeds/all.atom")]
    assert all(b"Mombasa" in page for page in pages[1:]) and not any(b"Anna" in page for page in pages)
    assert not any(b"Anna" in path.read_bytes() for path in desk.settings.feeds_path.iterdir())
