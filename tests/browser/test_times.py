"""The reader's own time beside an event's local one, where the clocks of both differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

from calfeed.model import Catalogue, Period, Precision
from tests import sample
from tests.browser.chromium import Watched, served
from tests.web import published

pytestmark = pytest.mark.browser

CALL = Period(
    start=date(2027, 3, 12), end=date(2027, 3, 12), precision=Precision.DAY, times="14:00/15:30", zone="Europe/Zurich"
)
HOURS = Period(
    start=date(2027, 3, 15), end=date(2027, 4, 30), precision=Precision.DAY, rrule="FREQ=WEEKLY;BYDAY=WE",
    times="09:00/10:00", zone="Europe/Zurich",
)  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    events = (sample.event("ev-call", "Call", CALL), sample.event("ev-hours", "Office hours", HOURS))
    with served(published.app(Catalogue(events=events))) as address:
        yield address


@pytest.mark.parametrize(
    ("zone", "own"),
    [
        ("Europe/Zurich", []),
        ("America/New_York", ["Your time: 8:00 – 9:30 AM"]),
        ("Pacific/Auckland", ["Your time: Mar 13, 2027, 2:00 – 3:30 AM"]),
    ],
)
@pytest.mark.parametrize("path", ["/events/ev-call?lang=en", "/?lang=en&q=call", "/embed/all?lang=en&q=call"])
def test_the_readers_own_time_stands_beside_that_of_the_place(
    browser: Browser, site: str, path: str, zone: str, own: list[str]
) -> None:
    watched = Watched(context := browser.new_context(timezone_id=zone, locale="en-US"))
    watched.open(site + path)
    found = watched.page.locator(".own-time").all_text_contents()
    assert [text.replace("\u202f", " ").replace("\u2009", " ") for text in found] == own
    assert "14:00–15:30 (Zurich time, UTC+1)" in watched.page.content()
    assert watched.errors == []
    context.close()


def test_each_day_of_a_recurrence_is_told_across_the_change_of_summer_time(browser: Browser, site: str) -> None:
    watched = Watched(context := browser.new_context(timezone_id="America/New_York", locale="en-US"))
    watched.open(f"{site}/events/ev-hours?lang=en")
    found = [text.replace("\u202f", " ") for text in watched.page.locator(".own-time").all_text_contents()]
    # New York changes its clocks two weeks before Zurich does.
    assert [text.removeprefix("Your time: ") for text in found][:3] == [
        "4:00 – 5:00 AM",
        "4:00 – 5:00 AM",
        "3:00 – 4:00 AM",
    ]
    context.close()


def test_a_list_that_a_filter_has_changed_tells_it_too(browser: Browser, site: str) -> None:
    watched = Watched(context := browser.new_context(timezone_id="America/New_York", locale="en-US"))
    watched.open(f"{site}/?lang=en")
    watched.page.locator("[data-search] [name=q]").fill("call")
    watched.page.wait_for_url("**q=call**")
    assert watched.page.locator(".own-time").count() == 1
    context.close()
