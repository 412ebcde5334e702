"""Whatever becomes of events.toml, calfeed.toml, var or the clock: UIDs stay, SEQUENCE and LAST-MODIFIED never fall."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from calfeed.cli import main
from tests.refresh.changing import SETTINGS, Site, told

LINES = [f"Course {number}: {number} May 2027" for number in range(1, 13)]
FACET = """
[[facets]]
name = "series"
plural = "series"
title = "Series"
evidence = ["entry"]
values = [{ id = "course", name = "Course", words = ["course 1", "course 2"] }]
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.read(*LINES)
    return site


def stamps(site: Site) -> dict[str, tuple[int, datetime]]:
    return {uid: (int(e["SEQUENCE"]), e["LAST-MODIFIED"].dt) for uid, e in site.feed().items()}


def half(text: str) -> str:
    pieces = text.split("[[event]]")
    return "[[event]]".join(pieces[: len(pieces) // 2])


def without_events(text: str) -> str:
    return text.split("[[event]]")[0]


@pytest.mark.parametrize("cut", [half, without_events, lambda text: "", lambda text: "schema = 1\n"])
def test_a_cut_catalogue_changes_no_byte_of_the_feeds(site: Site, cut: Callable[[str], str]) -> None:
    octets, path = site.octets(), site.settings.catalogue_path
    whole = path.read_text("utf-8")
    text = cut(whole)
    if text:
        path.write_text(text, "utf-8")
    else:
        path.unlink()
    status = site.refresh()
    assert site.octets() == octets
    assert len(site.events) == 12
    read_again = "digest" not in text
    assert ("would disappear" in (status.message or "")) is not read_again
    assert site.refresh().message is None


def test_one_event_that_an_editor_deletes_is_a_tombstone(site: Site) -> None:
    path = site.settings.catalogue_path
    pieces = path.read_text("utf-8").split("[[event]]")
    path.write_text("[[event]]".join(pieces[:5] + pieces[6:]), "utf-8")
    before = set(site.feed())
    assert site.refresh().message is None
    assert set(site.feed()) == before
    assert [told(e)[0] for e in site.feed().values() if e["STATUS"] == "CANCELLED"] == ["Cancelled: Course 5"]


def test_many_that_an_editor_deletes_leave_once_that_is_approved(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    (site.folder / "calfeed.toml").write_text(SETTINGS, "utf-8")
    (site.folder / "programme.md").write_bytes(site.content)
    monkeypatch.chdir(site.folder)
    path = site.settings.catalogue_path
    path.write_text(half(path.read_text("utf-8")), "utf-8")
    refused = CliRunner().invoke(main, ["build", "-q"])
    assert (refused.exit_code, "7 would disappear" in refused.output) == (1, True)
    path.write_text(half(path.read_text("utf-8")), "utf-8")
    (site.folder / "programme.md").write_text(
        "# Programme\n\n## Courses\n\n### Calendar\n\n" + "".join(f"- {x}\n" for x in LINES[:6])
    )
    assert CliRunner().invoke(main, ["approve", "--yes"]).exit_code == 0
    assert CliRunner().invoke(main, ["build", "-q"]).exit_code == 0
    assert sum(event["STATUS"] == "CANCELLED" for event in site.feed().values()) == 6


def test_a_restored_backup_never_takes_a_revision_back(site: Site) -> None:
    path = site.settings.catalogue_path
    backup = path.read_bytes()
    moved = [line.replace("May", "June") if at in (3, 4) else line for at, line in enumerate(LINES)]
    site.read(*moved)
    octets, before = site.octets(), stamps(site)
    path.write_bytes(backup)
    site.refresh()
    assert site.octets() == octets
    path.write_bytes(backup)
    site.read(*LINES)
    after = stamps(site)
    assert [uid for uid in before if after[uid] != before[uid]] == [uid for uid in before if before[uid][0] == 1]
    assert all(
        after[uid] >= before[uid] and (after[uid][0] > before[uid][0]) is (before[uid][0] == 1) for uid in before
    )


@pytest.mark.parametrize("also", ["", "var"])
def test_a_backup_is_known_by_the_published_feeds_alone(site: Site, also: str) -> None:
    """Also where the state folder went with the disk that failed."""
    path = site.settings.catalogue_path
    backup = path.read_bytes()
    site.read(*(line.replace("May", "June") for line in LINES[:2]), *LINES[2:])
    site.read(*(line.replace("May", "July") for line in LINES[:2]), *LINES[2:])
    before = stamps(site)
    path.write_bytes(backup)
    if also:
        shutil.rmtree(site.folder / also)
    site.read(*(line.replace("May", "August") for line in LINES[:2]), *LINES[2:])
    after = stamps(site)
    assert sorted(sequence for sequence, _ in after.values()) == [0] * 10 + [3, 3]
    assert all(after[uid] >= before[uid] for uid in before)


def test_an_empty_calfeed_toml_publishes_nothing(site: Site) -> None:
    octets = site.octets()
    site.text = ""
    assert "site.host" in (site.refresh().message or "")
    assert site.octets() == octets
    site.text = SETTINGS
    assert site.refresh().message is None
    assert site.octets() == octets


def test_a_new_name_in_the_settings_is_a_change_of_the_events_that_show_it(tmp_path: Path) -> None:
    site = Site(tmp_path, SETTINGS + FACET)
    site.read("Course 1: 5 May 2027", "Course 2: 6 May 2027", "Forum: 7 May 2027")
    before = stamps(site)
    site.text = SETTINGS + FACET.replace('name = "Course"', 'name = "Courses for all"')
    site.refresh()
    after, feed = stamps(site), site.feed()
    showing = {uid for uid, event in feed.items() if "Courses for all" in str(event["DESCRIPTION"])}
    assert len(showing) == 2
    assert {uid for uid in before if after[uid] != before[uid]} == showing
    assert all(after[uid][0] == before[uid][0] + 1 and after[uid][1] > before[uid][1] for uid in showing)
    octets = site.octets()
    site.refresh()
    assert site.octets() == octets


@pytest.mark.parametrize("year", [1970, 1999, 2038, 2100])
def test_a_wrong_clock_takes_nothing_away(site: Site, year: int) -> None:
    site.read(*LINES[:-1])
    before, right = stamps(site), site.now
    site.now = datetime(year, 1, 1, tzinfo=UTC)
    site.read(*LINES[:-1])
    during = stamps(site)
    assert during.keys() == before.keys()
    site.read(*LINES[:4], LINES[4].replace("May", "June"), *LINES[5:-1])
    site.now = right
    site.read(*LINES[:3], LINES[3].replace("May", "July"), LINES[4].replace("May", "June"), *LINES[5:-1])
    after = stamps(site)
    assert after.keys() == before.keys()
    assert all(before[uid] <= during[uid] <= after[uid] for uid in before)
    assert sorted(sequence for sequence, _ in after.values()) == [0] * 9 + [1] * 3
