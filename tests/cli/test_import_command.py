"""import, diff, approve, check, review and status, as a user types them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from calfeed import store
from calfeed.cli import main
from calfeed.model import Event, Status

SETTINGS = """
[site]
name = "Seminars"

[[sources]]
id = "seminars"
title = "Seminars"
path = "seminars.txt"
published = 2014-01-01
"""
HEAD = "Seminars\n\nBasics\nTarget audience\nLibrarians.\n\nCalendar of events\n"
ENTRIES = [
    "Opening seminar: 12 May 2014",
    "Webinars: July-September 2014, 2015",
    "Reading circle: starting in October 2014",
    "Workshop on paper: June 2014",
    "Laboratory visit: March 2015",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "calfeed.toml").write_text(SETTINGS)
    write(tmp_path, ENTRIES)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, entries: list[str], name: str = "seminars.txt") -> None:
    (folder / name).write_text(HEAD + "".join(f"- {entry}\n" for entry in entries))


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=answer)


def imported(*arguments: str) -> str:
    done = run("import", "--yes", *arguments)
    assert done.exit_code == 0, done.output
    return done.output


def events(folder: Path) -> list[Event]:
    return list(store.load(folder / "data/events.toml").catalogue.events)


def test_an_import_shows_the_difference_and_asks(folder: Path) -> None:
    refused = run("import", answer="n\n")
    assert refused.exit_code == 1
    assert not (folder / "data/events.toml").exists()
    done = run("import", answer="y\n")
    assert done.exit_code == 0
    assert "added        Opening seminar  2014-05-12 (day)" in done.output
    assert "6 added, 0 unchanged; 2 events for review" in done.output
    assert len(events(folder)) == 6


def test_a_second_import_changes_no_byte(folder: Path) -> None:
    imported()
    before = (folder / "data/events.toml").read_bytes()
    assert "Nothing to change in data/events.toml." in imported()
    assert (folder / "data/events.toml").read_bytes() == before


def test_diff_shows_old_and_new_and_writes_nothing(folder: Path) -> None:
    imported()
    assert run("diff").exit_code == 0
    before = (folder / "data/events.toml").read_bytes()
    write(folder, ["Opening seminar: 14 May 2014", *ENTRIES[1:]])
    shown = run("diff")
    assert shown.exit_code == 1
    assert "moved        Opening seminar" in shown.output
    assert "period: 2014-05-12 (day) -> 2014-05-14 (day)" in shown.output
    assert (folder / "data/events.toml").read_bytes() == before


def test_a_changed_date_moves_the_event_and_an_edited_title_stays(folder: Path) -> None:
    imported()
    path = folder / "data/events.toml"
    uid = events(folder)[0].uid
    path.write_text(path.read_text().replace('"Opening seminar"', '"Grand opening"  # agreed with Ana', 1))
    write(folder, ["Opening seminar: 14 May 2014", *ENTRIES[1:]])
    imported()
    event = events(folder)[0]
    assert (event.uid, event.title, event.edited) == (uid, "Grand opening", ("title",))
    assert event.period is not None
    assert str(event.period.start) == "2014-05-14"
    assert event.revision.sequence == 2
    assert "# agreed with Ana" in path.read_text()


def test_an_event_written_by_hand_is_taken_in(folder: Path) -> None:
    imported()
    path = folder / "data/events.toml"
    period = "period = { start = 2014-07-01, end = 2014-07-01, precision = 'day' }"
    path.write_text(path.read_text() + f'\n# Ours.\n[[event]]\ntitle = "Open day"\n{period}\n')
    shown = imported()
    assert "added        Open day  2014-07-01 (day)" in shown
    assert "1 added, 6 unchanged" in shown
    event = events(folder)[-1]
    assert (event.title, event.revision.sequence, event.edited) == ("Open day", 0, ())
    assert len(event.uid) == 36
    assert "Nothing to change" in imported()


def test_too_many_removals_are_held_until_they_are_approved(folder: Path) -> None:
    imported()
    write(folder, ENTRIES[:1])
    held = run("import", "--yes")
    assert held.exit_code == 1
    assert "calfeed approve seminars" in held.output
    assert all(event.removed is None for event in events(folder))
    assert run("diff").exit_code == 1
    approved = run("approve", "seminars", "--yes")
    assert approved.exit_code == 0, approved.output
    assert [event.status for event in events(folder)] == [Status.SCHEDULED] + 5 * [Status.CANCELLED]
    assert run("diff").exit_code == 0


def test_a_file_under_another_name_is_a_new_edition_with_as_and_none_with_new(folder: Path) -> None:
    imported()
    write(folder, ["Opening seminar: 14 May 2014", *ENTRIES[1:]], "revised.txt")
    imported("--as", "seminars", "revised.txt")
    assert len(events(folder)) == 6
    imported("--new", "revised.txt")
    assert {event.provenance.source for event in events(folder) if event.provenance} == {"seminars", "revised"}
    unknown = run("import", "--as", "nothing", "revised.txt")
    assert unknown.exit_code == 1
    assert "The sources of calfeed.toml are: seminars." in unknown.output


def test_review_shows_the_text_and_chooses_a_reading(folder: Path) -> None:
    imported()
    shown = run("review")
    assert "Webinars: July-September 2014, 2015" in shown.output
    uid = next(event.uid for event in events(folder) if event.alternatives)
    rule = next(event.alternatives[0].rule for event in events(folder) if event.alternatives)
    assert f"calfeed review {uid[:8]} --reading {rule}" in shown.output
    assert run("review", uid[:8], "--reading", rule).exit_code == 0
    webinars = [event for event in events(folder) if event.title.endswith(": webinars")]
    assert [str(event.period.start) for event in webinars if event.period] == ["2014-07-01", "2015-07-01"]
    assert webinars[0].uid == uid
    assert run("review").output == "Nothing is for review.\n"
    assert "Nothing to change" in imported()


def test_review_done_settles_an_entry(folder: Path) -> None:
    imported()
    uid = next(event.uid for event in events(folder) if event.review)
    assert run("review", uid, "--done").exit_code == 0
    assert run("review").output == "Nothing is for review.\n"
    assert "Nothing to change" in imported()
    assert run("review", "no-such-uid", "--done").exit_code == 1


def test_check_names_what_is_wrong(folder: Path) -> None:
    imported()
    good = run("check")
    assert good.exit_code == 0
    assert "seminars.txt: 5 entries." in good.output
    (folder / "seminars.txt").unlink()
    bad = run("check")
    assert bad.exit_code == 1
    assert "there is no such document" in bad.output


def test_status_before_the_first_refresh(folder: Path) -> None:
    done = run("status")
    assert done.exit_code == 0
    assert "never refreshed" in done.output


def test_fetch_says_what_came(folder: Path) -> None:
    imported()
    done = run("fetch", "seminars", "--to", "kept")
    assert done.exit_code == 0, done.output
    assert "as imported" in done.output
    assert (folder / "kept/seminars.txt").read_bytes() == (folder / "seminars.txt").read_bytes()


def test_a_new_edition_under_another_name_is_known_and_asked_about(folder: Path) -> None:
    imported()
    write(folder, ["Opening seminar: 14 May 2014", *ENTRIES[1:], "Closing party: 1 July 2015"], "seminars-2015.txt")
    done = run("import", "seminars-2015.txt", answer="y\ny\n")
    assert done.exit_code == 0, done.output
    assert (
        "5 of the 6 entries of seminars-2015 are known from 'seminars'. Is it the new edition of that?" in done.output
    )
    assert "1 added, 1 moved, 5 unchanged" in done.output
    assert {event.provenance.source for event in events(folder) if event.provenance} == {"seminars"}


def test_with_yes_it_is_taken_for_one_and_with_new_it_is_not(folder: Path) -> None:
    imported()
    write(folder, [*ENTRIES, "Closing party: 1 July 2015"], "other.txt")
    assert "read as its new edition" in imported("other.txt")
    assert len(events(folder)) == 7
    write(folder, [*ENTRIES, "Garden party: 2 July 2015"], "third.txt")
    assert "7 added" in imported("--new", "third.txt")


def test_another_programme_is_a_source_of_its_own_without_a_question(folder: Path) -> None:
    imported()
    write(folder, ["Concert: 3 May 2014", "Ball: 4 May 2014", "Fair: 5 May 2014"], "culture.txt")
    assert "new edition" not in imported("culture.txt")
    assert {event.provenance.source for event in events(folder) if event.provenance} == {"seminars", "culture"}


def test_a_source_that_cannot_be_read_stops_no_other(folder: Path) -> None:
    (folder / "calfeed.toml").write_text(
        SETTINGS + '\n[[sources]]\nid = "lost"\ntitle = "Lost"\npath = "lost.txt"\n'
        '\n[[sources]]\nid = "culture"\ntitle = "Culture"\npath = "culture.txt"\n'
    )
    write(folder, ["Concert: 3 May 2014", "Ball: 4 May 2014"], "culture.txt")
    done = run("import", "--yes")
    assert done.exit_code == 1
    assert "lost.txt" in done.stderr
    assert {event.provenance.source for event in events(folder) if event.provenance} == {"seminars", "culture"}
