"""A feed's name is for life: renamed, it answers under its old name; ended, it says so, and then is gone."""

from __future__ import annotations

import json
from pathlib import Path

import icalendar
import pytest
from flask import Flask

from calfeed.web import create_app
from tests.refresh.changing import SETTINGS, Site
from tests.web.sites import ask

LINES = [f"Course {number}: {number} May 2027" for number in range(1, 6)]
FACET = """
[[facets]]
name = "series"
plural = "series"
title = "Series"
feeds = true
evidence = ["entry"]
values = [{ id = "course", name = "Course", words = ["course"] }]
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.write(LINES, heading="Meetings")
    site.refresh()
    return site


def served(site: Site) -> Flask:
    return create_app(site.settings, check_seconds=None)


def renamed(site: Site, heading: str) -> None:
    site.write(LINES, heading=heading)
    site.refresh()


def test_a_renamed_heading_answers_under_its_old_name_with_the_same_bytes(site: Site) -> None:
    files = [path.name for path in site.settings.feeds_path.glob("meetings*")]
    assert len(files) == 7
    renamed(site, "Conferences")
    for name in files:
        assert site.octets(name) == site.octets(name.replace("meetings", "conferences"))
    assert set(site.feed("meetings.ics")) == set(site.feed())
    index = json.loads(site.octets("index.json"))
    assert [feed["slug"] for feed in index["feeds"]] == ["all", "conferences", "programme"]
    assert index["former"] == [{"slug": "meetings", "value": "conferences"}]
    before = site.octets("generation.json")
    site.refresh()
    assert site.octets("generation.json") == before


def test_selections_embeds_and_pages_that_name_the_old_value_go_on(site: Site) -> None:
    before = ask(served(site), "/feeds/custom.ics?topic=meetings&flavour=exact")
    renamed(site, "Conferences")
    app = served(site)
    answer = ask(app, "/feeds/custom.ics?topic=meetings&flavour=exact")
    assert (before.status, answer.status) == (200, 308)
    assert answer.headers["Location"] == "custom.ics?topic=conferences&flavour=exact"
    assert ask(app, "/feeds/custom.ics?topic=conferences&flavour=exact").status == 200
    assert ask(app, "/embed/meetings").status == 200
    assert ask(app, "/embed/custom?topic=meetings").status == 200
    assert ask(app, "/?topic=meetings").status in (200, 302, 308)
    assert ask(app, "/feeds/meetings.ics").body == ask(app, "/feeds/conferences.ics").body


def test_a_chain_of_names_and_the_way_back(site: Site) -> None:
    renamed(site, "Conferences")
    renamed(site, "Symposia")
    assert site.octets("meetings.ics") == site.octets("conferences.ics") == site.octets("symposia.ics")
    renamed(site, "Meetings")
    assert site.octets("meetings.ics") == site.octets("conferences.ics") == site.octets("symposia.ics")
    index = json.loads(site.octets("index.json"))
    assert [feed["slug"] for feed in index["feeds"]] == ["all", "meetings", "programme"]
    assert [former["slug"] for former in index["former"]] == ["conferences", "symposia"]


def test_a_new_feed_never_takes_the_name_that_another_had(site: Site) -> None:
    renamed(site, "Conferences")
    more = site.content + b"\n## Meetings\n\n### Calendar\n\n- Board: 3 March 2027\n"
    site.content = more
    site.refresh()
    assert site.octets("meetings.ics") == site.octets("conferences.ics")
    assert len(site.feed("meetings-topic.ics")) == 1


def test_a_value_renamed_in_the_settings_is_the_same_feed(tmp_path: Path) -> None:
    site = Site(tmp_path, SETTINGS + FACET)
    site.read(*LINES)
    uids = set(site.feed("course.ics"))
    site.text = SETTINGS + FACET.replace('id = "course"', 'id = "training course"')
    site.read(*LINES, "Forum: 8 August 2027")
    assert set(site.feed("course.ics")) == uids
    assert site.octets("course.ics") == site.octets("training-course.ics")


def test_a_feed_that_has_ended_has_a_notice_for_ninety_days_and_is_gone_then(site: Site) -> None:
    site.text = SETTINGS + '\n[[facets]]\nname = "topic"\nplural = "topics"\ntitle = "Topic"\n'
    site.refresh()
    notice = icalendar.Calendar.from_ical(site.octets("meetings.ics")).walk("VEVENT")
    assert [(str(event["SUMMARY"]), str(event["STATUS"])) for event in notice] == [
        ("This calendar has ended: Meetings", "TENTATIVE")
    ]
    octets = site.octets("meetings.ics")
    for _ in range(2):
        site.refresh(hours=24 * 44)
        assert site.octets("meetings.ics") == octets
        assert ask(served(site), "/feeds/meetings.ics").status == 200
    site.refresh(hours=24 * 3)
    app = served(site)
    gone = ("/feeds/meetings.ics", "/feeds/meetings-exact.ics", "/feeds/meetings.json")
    assert [ask(app, path).status for path in gone] == [410, 410, 410]
    assert ask(app, "/feeds/never.ics").status == 404
    site.text = SETTINGS
    renamed(site, "Meetings")
    assert set(site.feed("meetings.ics")) == set(site.feed())
