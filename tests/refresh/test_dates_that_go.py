"""A date that a source no longer gives does not go with it: it is doubted, and an editor decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from calfeed.cli import main
from tests.refresh.changing import Site, told

TWELVE = (
    "{title}: cancelled",
    "{title} (cancelled): {day}",
    "{title}: {day} (cancelled)",
    "CANCELLED: {title}: {day}",
    "{title}: {day} - CANCELLED",
    "{title}: postponed",
    "{title} (postponed): {day}",
    "POSTPONED - {title}: {day}",
    "{title}: {later} (postponed from {day})",
    "{title}: postponed to {later}",
    "{title}: {day} postponed to {later}",
    "{title}: {later} (instead of {day})",
)
# Names of one word and of several, alike and not.
PLACES = ("Lyon", "Oslo", "Accra", "Lima", "Quito", "Delhi", "Cairo", "Rabat", "Turin", "Perth")
KINDS = ("Fair", "Open day", "Study visit", "Course on waste", "Forum", "Webinar", "Zinc", "Talk", "Field trip", "Gala")
TITLES = [f"{kind} {place}" if at % 3 else f"{kind}, {place}" for at, (kind, place) in enumerate(
    (kind, place) for kind in KINDS for place in PLACES
)]  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def days(number: int) -> list[str]:
    """As many days of 2027 in words, one after the other."""
    months = ("January", "March", "May", "July", "August", "October", "December")
    return [f"{1 + at % 28} {months[at // 28 % 7]} 2027" for at in range(number)]


@pytest.mark.parametrize("edit", TWELVE)
def test_no_event_gets_a_second_uid_when_it_is_cancelled_or_postponed(site: Site, edit: str) -> None:
    """Each of a hundred events at once, among hundred others that stay."""
    when = days(100)
    before = [f"{title}: {day}" for title, day in zip(TITLES, when, strict=True)]
    site.read(*before)
    uids = set(site.feed())
    assert len(uids) == 100
    later = [f"{1 + at % 27} June 2028" for at in range(100)]
    edited = [edit.format(title=t, day=d, later=x) for t, d, x in zip(TITLES, when, later, strict=True)]
    # A third of them, then all: neighbours that stay, and neighbours that do not.
    site.read(*(new if at % 3 == 0 else old for at, (old, new) in enumerate(zip(before, edited, strict=True))))
    assert set(site.feed()) == uids
    site.read(*edited)
    assert set(site.feed()) == uids


def test_ten_dates_that_ocr_broke_keep_the_last_ones(site: Site) -> None:
    lines = [f"Course {number}: {day}" for number, day in enumerate(days(10))]
    site.read(*lines)
    before = {uid: told(event)[2] for uid, event in site.feed().items()}
    status = site.read(*(f"Course {number}: N Juin2O27" for number in range(10)))
    assert status.sources["programme"].state == "held"
    assert "10 lose their date" in (status.sources["programme"].message or "")
    after = site.feed()
    assert {uid: told(event)[2] for uid, event in after.items()} == before
    assert {(str(e["STATUS"]), int(e["SEQUENCE"])) for e in after.values()} == {("TENTATIVE", 1)}
    assert all("date under review" in str(event["DESCRIPTION"]) for event in after.values())
    assert all("N Juin2O27" in event.review[-1] for event in site.events)
    octets = site.octets()
    assert site.refresh().sources["programme"].state == "held"
    assert site.octets() == octets
    status = site.read(*lines)
    assert status.sources["programme"].state == "read"
    assert {(str(e["STATUS"]), int(e["SEQUENCE"])) for e in site.feed().values()} == {("CONFIRMED", 2)}
    assert [event.review for event in site.events] == [()] * 10


def test_one_date_that_is_lost_is_marked_and_the_source_goes_on(site: Site) -> None:
    site.read("Course Alpha: 5 May 2027", "Course Beta: 6 May 2027", "Course Gamma: 7 May 2027")
    status = site.read("Course Alpha: date to follow", "Course Beta: 6 May 2027", "Course Gamma: 8 May 2027")
    assert status.sources["programme"].state == "read"
    assert [told(event) for event in site.feed().values()] == [
        ("Course Alpha, date under review", "TENTATIVE", "2027-05-05"),
        ("Course Beta", "CONFIRMED", "2027-05-06"),
        ("Course Gamma", "CONFIRMED", "2027-05-08"),
    ]


@pytest.mark.parametrize(
    ("line", "summary", "status"),
    [
        ("Study visit: cancelled", "Cancelled: Study visit", "CANCELLED"),
        ("Study visit: postponed", "Postponed: Study visit, new date not yet known", "TENTATIVE"),
        ("Study visit: 5 May 2027 (postponed)", "Postponed: Study visit, new date not yet known", "TENTATIVE"),
        ("POSTPONED: Study visit: 5 May 2027", "Postponed: Study visit, new date not yet known", "TENTATIVE"),
        ("CANCELLED: Study visit: 5 May 2027", "Cancelled: Study visit", "CANCELLED"),
        ("Study visit: 5 May 2027 - CANCELLED", "Cancelled: Study visit", "CANCELLED"),
    ],
)
def test_what_is_called_off_keeps_its_last_date(site: Site, line: str, summary: str, status: str) -> None:
    site.read("Study visit: 5 May 2027")
    assert site.read(line).sources["programme"].state == "read"
    assert told(site.only()) == (summary, status, "2027-05-05")


@pytest.mark.parametrize(
    "line",
    [
        "Study visit: 12 May 2027 (postponed from 5 May 2027)",
        "Study visit: postponed to 12 May 2027",
        "Study visit: 5 May 2027 postponed to 12 May 2027",
        "Study visit: 12 May 2027",
    ],
)
def test_what_was_moved_to_an_exact_day_is_confirmed_there(site: Site, line: str) -> None:
    site.read("Study visit: 5 May 2027")
    site.read("Study visit: postponed")
    site.read(line)
    event = site.only()
    assert told(event) == ("Study visit", "CONFIRMED", "2027-05-12")
    assert "moved from 5 May 2027" in str(event["DESCRIPTION"])
    octets = site.octets()
    site.read(line, "Another thing: 2 March 2029")
    assert octets[octets.index(b"BEGIN:VEVENT") : octets.index(b"END:VCALENDAR")] in site.octets()


def test_a_first_reading_says_from_where_an_event_was_moved(site: Site) -> None:
    site.read("Study visit: 12 May 2027 (postponed from 5 May)")
    assert told(site.only()) == ("Study visit", "CONFIRMED", "2027-05-12")
    assert "moved from 5 May 2027" in str(site.only()["DESCRIPTION"])


def test_an_entry_of_several_dates_that_loses_them_keeps_each(site: Site) -> None:
    site.read("Webinars: 5 May 2027, 6 June 2027 and 7 July 2027")
    before = {uid: told(event)[2] for uid, event in site.feed().items()}
    site.read("Webinars: S May Z027, 6 Juin2O27")
    assert {uid: told(event)[2] for uid, event in site.feed().items()} == before
    assert {str(event["STATUS"]) for event in site.feed().values()} == {"TENTATIVE"}


def test_one_of_several_dates_that_cannot_be_read_is_not_cancelled(site: Site) -> None:
    site.read("Webinars: 5 May 2027 and 6 June 2027")
    before = {uid: told(event)[2] for uid, event in site.feed().items()}
    site.read("Webinars: 5 May 2027 and 6 Juin2O27")
    assert {uid: told(event)[2] for uid, event in site.feed().items()} == before
    assert [str(event["STATUS"]) for event in site.feed().values()] == ["CONFIRMED", "TENTATIVE"]
    site.read("Webinars: 5 May 2027")
    assert [str(event["STATUS"]) for event in site.feed().values()] == ["CONFIRMED", "CANCELLED"]


def test_past_events_do_not_weigh_for_those_ahead(site: Site) -> None:
    """48 past and 9 future events: 9 of 57 are less than a fifth, and all that is ahead."""
    past = [f"Session {number}: {1 + number % 28} {'May' if number < 28 else 'June'} 2025" for number in range(48)]
    future = [f"Forum {number}: {day}" for number, day in enumerate(days(9))]
    site.read(*past, *future)
    status = site.read(*past, "Addition: 3 March 2027")
    assert status.sources["programme"].state == "held"
    live = [event for event in site.feed().values() if event["STATUS"] != "CANCELLED"]
    assert len(live) == 58


def test_what_took_place_may_leave_and_is_not_cancelled(site: Site) -> None:
    past = [f"Session {number}: {1 + number % 28} October 2026" for number in range(20)]
    future = [f"Forum {number}: {day}" for number, day in enumerate(days(9))]
    site.read(*past, *future)
    octets = site.octets()
    assert site.read(*future).sources["programme"].state == "read"
    assert site.octets() == octets
    site.read(*future, past[0])
    assert site.octets() == octets


@pytest.mark.parametrize(("number", "state"), [(3, "read"), (4, "held")])
def test_widened_dates_are_applied_below_the_share_and_held_above(site: Site, number: int, state: str) -> None:
    lines = [f"Forum {at}: {day}" for at, day in enumerate(days(12))]
    site.read(*lines)
    before = site.octets()
    wide = [f"Forum {at}: {' '.join(day.split()[1:])}" for at, day in enumerate(days(12))]
    assert site.read(*wide[:number], *lines[number:]).sources["programme"].state == state
    tentative = [event for event in site.feed().values() if event["STATUS"] == "TENTATIVE"]
    assert (len(tentative), site.octets() == before) == ((3, False) if state == "read" else (0, True))


def test_a_slow_loss_of_dates_is_held_in_the_end(site: Site) -> None:
    lines = [f"Forum {at}: {day}" for at, day in enumerate(days(12))]
    wide = [f"Forum {at}: {' '.join(day.split()[1:])}" for at, day in enumerate(days(12))]
    site.read(*lines)
    states = [
        site.read(*wide[:number], *lines[number:], hours=24).sources["programme"].state for number in (1, 2, 3, 4)
    ]
    assert states == ["read", "read", "read", "held"]
    states = [site.read(*wide[:number], *lines[number:], hours=24 * 9).sources["programme"].state for number in (4, 5)]
    assert states == ["read", "read"]


def command(site: Site, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """A command at the site's folder, with its document as it is now."""
    (site.folder / "calfeed.toml").write_text(site.text, "utf-8")
    (site.folder / "programme.md").write_bytes(site.content)
    monkeypatch.chdir(site.folder)
    return CliRunner().invoke(main, arguments)


def test_an_editor_agrees_that_there_is_no_date(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.read(*(f"Course {number}: {day}" for number, day in enumerate(days(10))))
    site.read(*(f"Course {number}: date to follow" for number in range(10)))
    assert len(site.feed()) == 10
    assert command(site, monkeypatch, "approve", "--yes").exit_code == 0
    assert [event.period for event in site.events] == [None] * 10
    assert site.refresh().sources["programme"].state == "fresh"
    assert site.feed() == {}
    site.read(*(f"Course {number}: {day}" for number, day in enumerate(days(10))))
    assert {str(event["STATUS"]) for event in site.feed().values()} == {"CONFIRMED"}


def test_an_editor_stands_by_the_last_date(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.read("Course: 5 May 2027", "Forum: 6 June 2027")
    site.read("Course", "Forum: 6 June 2027")
    assert command(site, monkeypatch, "review", site.events[0].uid, "--done").exit_code == 0
    site.read("Course", "Forum: 7 June 2027")
    assert told(site.feed()[f"{site.events[0].uid}@courses.example.org"]) == ("Course", "CONFIRMED", "2027-05-05")


@pytest.mark.parametrize(
    ("period", "summary", "day"),
    [
        ("", None, None),
        ('period = { start = 2027-05-09, end = 2027-05-09, precision = "day" }\n', "Course", "2027-05-09"),
    ],
)
def test_an_editor_writes_what_is_known(site: Site, period: str, summary: str | None, day: str | None) -> None:
    site.read("Course: 5 May 2027", "Forum: 6 June 2027")
    site.read("Course: date to follow", "Forum: 6 June 2027")
    path = site.settings.catalogue_path
    lines = path.read_text("utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if "2027-05-05" in line and line.startswith("period"))
    path.write_text("".join([*lines[:at], period, *lines[at + 1 :]]), "utf-8")
    site.refresh()
    found = [told(event) for event in site.feed().values() if "Course" in str(event["SUMMARY"])]
    assert found == ([(summary, "CONFIRMED", day)] if summary else [])
    site.read("Course: 12 May 2027", "Forum: 6 June 2027")
    found = [told(event)[2] for event in site.feed().values() if "Course" in str(event["SUMMARY"])]
    assert found == ["2027-05-12" if summary is None else day]
