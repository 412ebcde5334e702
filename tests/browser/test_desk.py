"""The desk in a browser: a pass by mouse, one by keys alone, one on a small screen; every page fits and can be read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from calfeed.desk import Desk, create_desk
from calfeed.settings import load_settings
from tests.browser.chromium import Watched, axe_script, served, violations
from tests.desk.desks import NEW_EDITION, PROGRAMME, SETTINGS, TOKEN, at_loopback, desk_in, imported, uid_of

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
READERS = [(390, "light", "ar"), (390, "dark", "en"), (1280, "dark", "fr"), (1280, "light", "en")]


class Served(NamedTuple):
    """A desk that is served, and where."""

    desk: Desk
    address: str


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Served]:
    desk = desk_in(tmp_path, settings=SETTINGS.partition("[[sources]]")[0], programme=None)
    with served(create_desk(desk.settings, token=TOKEN, local="Anna", desk=desk)) as address:
        yield Served(desk, address)


def enter(page: Page, address: str) -> None:
    page.goto(f"{address}/enter?token={TOKEN}")


def hand_over(page: Page, name: str, text: str) -> None:
    """Choose a file on the first page: it is read at once, and its letter comes."""
    page.goto(page.url.partition("/enter")[0] if "/enter" in page.url else page.url)
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/markdown", "buffer": text.encode()})
    page.wait_for_url("**/letters/**")


def test_a_programme_from_its_document_to_the_feed_by_mouse(browser: Browser, empty: Served) -> None:
    watched = Watched(context := browser.new_context())
    page = watched.page
    enter(page, empty.address)
    hand_over(page, "Programme 2027.md", PROGRAMME)
    assert "5 new events" in page.inner_text("main")
    page.click("text=Take it all")
    page.wait_for_url("**/review")
    page.click(".answer.other")
    expect(page.locator("[data-question]")).to_have_count(0)
    page.goto(f"{empty.address}/events/{uid_of(empty.desk, 'customs')}")
    page.fill("[name=date]", "mid-June 2027")
    expect(page.locator("[data-typed]")).to_contain_text("June 2027")
    page.click("text=Save")
    page.wait_for_selector("text=Saved: Training of customs officers.")
    page.click(".masthead >> text=Publish")
    page.fill("[name=sentence]", "The first edition.")
    page.click("button:has-text('Publish edition 1')")
    page.wait_for_selector("text=Edition 1 is published.")
    feed = (empty.desk.settings.feeds_path / "all.ics").read_bytes()
    assert b"DTSTART;VALUE=DATE:20270611" in feed
    hand_over(page, "Programme 2027 rev 2.md", NEW_EDITION)
    words = page.inner_text("main")
    assert "is a new edition" in words and "1 date firmed up" in words and "1 event moved" in words
    page.click("text=Take it all")
    page.wait_for_selector("text=into the draft")
    page.click("#said >> text=Undo")
    page.wait_for_selector("text=Taken back.")
    assert empty.desk.event(uid_of(empty.desk, "e-waste")).period.start.isoformat() == "2027-05-12"  # type: ignore[union-attr]
    assert watched.errors == []
    context.close()


def test_the_first_programme_is_reviewed_by_keys_alone_in_few_presses(browser: Browser, tmp_path: Path) -> None:
    shutil.copy(ROOT / "calfeed.toml", tmp_path)
    source = "data/sources/brs-technical-assistance-2013-2015.txt"
    (tmp_path / source).parent.mkdir(parents=True)
    shutil.copy(ROOT / source, tmp_path / source)
    desk = Desk(load_settings(tmp_path / "calfeed.toml"))
    anna = at_loopback(desk)
    letter = anna.post("/sources/brs-2013-2015/read").headers["Location"]
    with served(create_desk(desk.settings, token=TOKEN, local="Anna", desk=desk)) as address:
        watched = Watched(context := browser.new_context())
        page, presses = watched.page, 1  # the one that handed the document over
        enter(page, address)
        page.goto(address + letter)
        page.keyboard.press("a")
        page.wait_for_url("**/review")
        presses += 1
        left = page.locator("[data-question]").count()
        assert 5 <= left <= 20
        for number in range(left):
            other = page.locator("[data-question]").first.locator(".other").count()
            page.keyboard.press("1" if number % 2 and other else "a")
            presses += 1
            expect(page.locator("[data-question]")).to_have_count(left - number - 1)
        page.wait_for_selector("text=Nothing is for review.")
        page.goto(f"{address}/publish")
        presses += 1
        page.focus("button:has-text('Publish edition 1')")
        page.keyboard.press("Enter")
        presses += 1
        page.wait_for_selector("text=Edition 1 is published.")
        assert presses <= 40
        assert not [event for event in desk.catalogue().events if event.review]
        assert watched.errors == []
        context.close()


def test_a_correction_on_a_small_screen(browser: Browser, tmp_path: Path) -> None:
    desk, _anna = imported(tmp_path)
    with served(create_desk(desk.settings, token=TOKEN, local="Anna", desk=desk)) as address:
        watched = Watched(context := browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True))
        page = watched.page
        enter(page, address)
        page.goto(f"{address}/events")
        page.tap("text=Training of customs officers")
        page.fill("[name=place]", "Mombasa")
        page.tap("text=Save")
        page.wait_for_selector("text=Saved:")
        page.tap("#said >> text=Undo")
        page.wait_for_selector("text=Taken back.")
        page.tap("text=Split in two")
        page.wait_for_selector("text=The second event stands below the first.")
        assert watched.errors == []
        context.close()


def test_clicking_one_side_of_a_document_finds_the_other_and_marked_words_become_an_event(
    browser: Browser, tmp_path: Path
) -> None:
    desk, _anna = imported(tmp_path)
    with served(create_desk(desk.settings, token=TOKEN, local="Anna", desk=desk)) as address:
        watched = Watched(context := browser.new_context())
        page = watched.page
        enter(page, address)
        page.goto(f"{address}/documents/programme")
        page.click(".text >> text=Training of customs officers")
        assert "Training of customs officers" in page.inner_text(".side .on")
        page.click(".side >> text=12 May 2027")
        assert "Webinar on e-waste" in page.inner_text(".text .on")
        page.evaluate("getSelection().selectAllChildren(document.querySelector('.text [data-entry]'))")
        page.click("text=Make an event of these words")
        page.wait_for_selector("text=Added: Webinar on e-waste.")
        assert len([one for one in desk.catalogue().events if "e-waste" in one.title]) == 2
        assert watched.errors == []
        context.close()


def test_a_text_is_tried_and_its_calendar_taken_along(browser: Browser, empty: Served) -> None:
    watched = Watched(context := browser.new_context())
    page = watched.page
    enter(page, empty.address)
    page.goto(f"{empty.address}/try")
    page.fill("textarea", PROGRAMME)
    page.click("button:has-text('Read it')")
    page.wait_for_selector("text=5 events")
    assert page.locator(".text mark").count() >= 4
    with page.expect_download() as download:
        page.click("button:has-text('Take the calendar along')")
    assert Path(download.value.path()).read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert empty.desk.catalogue().events == () and watched.errors == []
    context.close()


@pytest.mark.parametrize(("width", "colours", "lang"), READERS)
def test_every_page_fits_and_can_be_read_by_all(
    browser: Browser, tmp_path: Path, width: int, colours: str, lang: str
) -> None:
    desk, anna = imported(tmp_path)
    (tmp_path / "programme.md").write_text(NEW_EDITION, "utf-8")
    letter = anna.post("/sources/programme/read").headers["Location"]
    uid = uid_of(desk, "inventories")
    pages = ["/", "/review", "/events", f"/events/{uid}", "/documents/programme", "/documents/programme/report", letter]
    pages += ["/publish", "/history", "/people", "/upload", "/new", "/try", "/mistakes", "/nowhere"]
    script = axe_script()
    with served(create_desk(desk.settings, token=TOKEN, local="Anna", desk=desk)) as address:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=colours, bypass_csp=True)  # type: ignore[arg-type]
        watched = Watched(context)
        enter(watched.page, address)
        found = {}
        for path in pages:
            watched.open(f"{address}{path}?lang={lang}")
            overflow = watched.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            wrong = violations(watched.page, script) + ([f"{overflow} px too wide"] if overflow > 0 else [])
            if wrong:
                found[path] = wrong
        assert found == {}
        context.close()
