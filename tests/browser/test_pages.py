"""The public site in a browser: it fits, is quiet, can be used with the keyboard, and runs no foreign text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from calfeed.model import Catalogue, Provenance, Where
from tests import sample
from tests.browser.chromium import Watched, axe_script, served, violations
from tests.web import published

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/?convention=basel",
    "/?view=month&month=2013-08",
    "/?view=year&year=2014",
    "/events/ev-months",
    "/events/ev-exact",
    "/subscribe?convention=basel",
    "/status",
    "/nowhere",
]
# A width, the colours and the language that go with it: each of them is seen once, on every page.
READERS = [(360, "light", "ar"), (768, "dark", "fr"), (1440, "light", "en"), (1440, "dark", "en")]


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with served(published.app()) as address:
        yield address


@pytest.mark.parametrize(("width", "colours", "lang"), READERS)
def test_every_page_fits_is_quiet_and_can_be_read_by_all(
    browser: Browser, site: str, width: int, colours: str, lang: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=colours, bypass_csp=True)
    script = axe_script()
    watched = Watched(context)
    for path in PAGES:
        watched.open(f"{site}{path}{'&' if '?' in path else '?'}lang={lang}")
        overflow = watched.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{path} is {overflow} px too wide"
        assert not violations(watched.page, script), path
    # The browser itself reports the status of the page that is not there.
    assert [error for error in watched.errors if "404" not in error] == []
    context.close()


def test_the_policy_of_the_pages_lets_their_own_files_through(browser: Browser, site: str) -> None:
    watched = Watched(context := browser.new_context())
    for path in ("/", "/?view=month&month=2013-08", "/subscribe", "/events/ev-exact"):
        watched.open(site + path)
    assert watched.errors == []
    context.close()


def test_the_month_view_is_fullcalendar(browser: Browser, site: str) -> None:
    watched = Watched(context := browser.new_context())
    watched.open(f"{site}/?view=month&month=2013-08")
    assert watched.page.locator("#fullcalendar >> text=Global expert meeting").first.is_visible()
    assert watched.page.locator("[data-fallback]").is_hidden()
    context.close()


def test_a_keyboard_is_enough_to_filter_subscribe_and_copy(browser: Browser, site: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator("#filters .choice", has_text="Rotterdam Convention").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/?convention=rotterdam")
    page.locator(".chips").wait_for()
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    page.locator("#views .button").focus()
    page.keyboard.press("Enter")
    page.locator("dialog[open] .clients").wait_for()
    page.locator("dialog [data-copy]").focus()
    page.keyboard.press("Enter")
    page.locator("dialog [data-copy] >> text=Copied").wait_for()
    assert "/feeds/rotterdam" in page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    context.close()


def test_a_search_shows_results_while_one_types(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(site)
    page.locator("#q").press_sequentially("expert")
    page.wait_for_url("**/?q=expert")
    assert page.locator("[data-status]").inner_text() == "1 event"
    assert page.evaluate("document.activeElement.id") == "q"
    context.close()


def test_without_scripts_the_site_works(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.locator("#filters .choice", has_text="Basel Convention").click()
    assert page.url.endswith("/?convention=basel")
    page.locator("#q").fill("expert")
    page.locator(".search button").click()
    assert page.locator("[data-status]").inner_text() == "1 event"
    page.locator("#views .button").click()
    assert page.locator(".clients .button").count() == 5
    page.goto(f"{site}/?view=month&month=2013-08")
    assert page.locator(".grid >> text=Global expert meeting").first.is_visible()
    context.close()


def test_home_is_printed_as_one_page_a_year_without_buttons(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(site)
    years = page.locator(".year").count()
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == years
    page.emulate_media(media="print")
    assert page.locator(".button:visible, .side:visible, form:visible").count() == 0
    page.close()


def test_an_embed_is_no_higher_than_a_few_screens_of_a_phone(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 700})
    page.goto(f"{site}/embed/all")
    assert page.evaluate("document.body.getBoundingClientRect().height") < 2500
    page.locator("text=Show ").first.click()
    page.goto(f"{site}/embed/all?height=400")
    assert page.evaluate("document.body.getBoundingClientRect().height") < 420
    page.close()


def test_a_page_that_is_not_there_leads_on(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/nothing")
    page.locator("#q").fill("expert")
    page.locator("form button").click()
    assert page.locator("[data-status]").inner_text() == "1 event"
    page.close()


def test_a_year_is_printed_on_one_page(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}/?view=year&year=2013")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1
    page.close()


HOSTILE = (
    "<script>document.title='ran'</script>",
    '"><img src=x onerror="document.title=\'ran\'">',
    "javascript:document.title='ran'",
    "</script><svg onload=document.title='ran'>",
    "\u202egnidaelsim\u2066 {{ 7 * 7 }} ${7*7} %s %(x)s",
    "x" * 5000,
)


def hostile_catalogue() -> Catalogue:
    """Every text of an event is hostile, one kind an event."""
    events = []
    for number, text in enumerate(HOSTILE):
        exact = sample.catalogue().events[0].period
        plain = sample.event(f"h{number}", text, exact, text, place=text, note=text, url=text)
        told = Provenance(source="programme", entry=text, outline=(text, text, text), where=Where(lines=(1, 1)))
        fields = {name: getattr(plain, name) for name in plain.__struct_fields__}
        events.append(type(plain)(**(fields | {"provenance": told, "review": (text,)})))
    return Catalogue(editions=sample.catalogue().editions, events=tuple(events))


def test_hostile_text_neither_runs_nor_breaks_a_page(browser: Browser) -> None:
    with served(published.app(hostile_catalogue())) as address:
        watched = Watched(context := browser.new_context(viewport={"width": 360, "height": 700}, bypass_csp=True))
        paths = ["/", "/?view=month&month=2013-08", "/?view=year", "/subscribe", "/?q=%3Cscript%3E"]
        for path in [*paths, *(f"/events/h{number}" for number in range(len(HOSTILE)))]:
            watched.open(address + path)
            assert watched.page.title() != "ran", path
            assert watched.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            assert watched.page.locator("footer").count() == 1, path
            assert watched.page.locator("a[href^='javascript:']").count() == 0, path
        assert watched.errors == []
        context.close()
