"""Our calendar on a partner's page, in Chromium: another origin, a strict policy, no error on the console."""

from __future__ import annotations

import html
import re
import urllib.request
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from calfeed.model import Catalogue, Period, Precision
from tests import sample
from tests.browser.chromium import axe_script, violations
from tests.browser.partner import calendar_site, need_fullcalendar, partner_site

pytestmark = pytest.mark.browser
# A busy machine is slow, not wrong.
expect.set_options(timeout=20_000)

EVIL = '</script><script>window.hit = 1</script>"><img src=x onerror="window.hit = 1">\u202egnp'


@pytest.fixture(scope="module")
def ours() -> Iterator[str]:
    with calendar_site() as address:
        yield address


class Visit:
    """A page, opened, and what its console complained about; a request to a third site is a complaint too."""

    def __init__(self, browser: Browser, address: str, *, allowed: tuple[str, ...] = (), **context: object) -> None:
        self.complaints: list[str] = []
        self.context = browser.new_context(locale="en-GB", **context)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url, (address, *allowed)))
        self.page.goto(address)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _asked(self, url: str, allowed: tuple[str, ...]) -> None:
        origins = {"/".join(address.split("/")[:3]) for address in allowed}
        if "/".join(url.split("/")[:3]) not in origins and not url.startswith(("data:", "blob:", "about:")):
            self.complaints.append(f"asked for {url}")

    def close(self) -> None:
        """Nothing was stored, and nothing went wrong."""
        assert self.context.cookies() == []
        assert self.page.evaluate("localStorage.length + sessionStorage.length") == 0
        self.context.close()
        assert self.complaints == []


def line(ours: str, query: str) -> str:
    """What the configurator says to paste."""
    with urllib.request.urlopen(f"{ours}/embed?{query}") as answer:
        found = re.search(r"data-line>(.*?)</textarea>", answer.read().decode(), re.DOTALL)
    assert found
    return html.unescape(found[1])


def strict(ours: str, *more: str) -> str:
    """A policy that allows no inline script or style, and of others nothing but our calendar."""
    allowed = (f"script-src 'self' {ours}", f"connect-src {ours}", f"frame-src {ours}")
    return "; ".join(("default-src 'none'", "base-uri 'none'", *allowed, *more))


def test_a_frame_shows_events_and_takes_their_height(browser: Browser, ours: str) -> None:
    with partner_site({"/": (line(ours, "feed=basel&language=en"), strict(ours))}) as partner:
        visit = Visit(browser, f"{partner}/", allowed=(ours,))
        frame = visit.page.frame_locator("iframe")
        expect(frame.get_by_role("link", name="Global expert meeting")).to_be_visible()
        visit.page.wait_for_function("document.querySelector('iframe').height > 650")
        inner = visit.page.frames[1].evaluate("document.documentElement.scrollHeight - innerHeight")
        assert inner == 0
        frame.get_by_role("link", name="Timeline").click()
        expect(frame.get_by_role("link", name="Timeline")).to_have_attribute("aria-current", "true")
        visit.close()


def test_a_frame_needs_no_scripts(browser: Browser, ours: str) -> None:
    with partner_site({"/": (line(ours, "feed=basel&view=month&language=en"), strict(ours))}) as partner:
        visit = browser.new_context(java_script_enabled=False)
        page = visit.new_page()
        page.goto(f"{partner}/")
        frame = page.frame_locator("iframe")
        frame.get_by_role("link", name="Next month").click()
        expect(frame.get_by_role("heading", name="September 2013")).to_be_visible()
        visit.close()


def test_where_scripts_are_off_the_element_is_a_link(browser: Browser, ours: str) -> None:
    with partner_site({"/": (line(ours, "feed=basel&form=script"), strict(ours))}) as partner:
        visit = browser.new_context(java_script_enabled=False)
        page = visit.new_page()
        page.goto(f"{partner}/")
        link = page.get_by_role("link", name="Basel Convention")
        expect(link).to_be_visible()
        assert link.get_attribute("href") == f"{ours}/?convention=basel"
        visit.close()


def test_the_element_shows_every_view_under_a_strict_policy(browser: Browser, ours: str) -> None:
    pasted = line(ours, "feed=all&form=script&language=en")
    with partner_site({"/": (pasted, strict(ours))}) as partner:
        visit = Visit(browser, f"{partner}/", allowed=(ours,))
        element = visit.page.locator("calfeed-calendar")
        expect(element.get_by_role("link", name="Third global workshop")).to_be_visible()
        expect(element.get_by_role("heading", name="December 2013")).to_be_visible()
        colour = element.locator(".when").first.evaluate("node => getComputedStyle(node, '::before').borderTopColor")
        assert colour == "rgb(29, 91, 143)"
        # By keyboard alone: to the tab, press, and the focus is still on it.
        element.get_by_role("button", name="Timeline").focus()
        visit.page.keyboard.press("Enter")
        expect(element.locator(".lane")).to_have_count(13)
        expect(element.get_by_role("button", name="Timeline")).to_be_focused()
        visit.page.keyboard.press("Tab")
        visit.page.keyboard.press("Enter")
        expect(element.get_by_role("table", name="August 2013")).to_be_visible()
        element.get_by_role("button", name="Next month").click()
        expect(element.get_by_role("table", name="September 2013")).to_be_visible()
        visit.close()


def test_the_element_speaks_arabic_from_the_right(browser: Browser, ours: str) -> None:
    pasted = line(ours, "feed=all&form=script&language=ar&view=timeline&theme=dark")
    with partner_site({"/": (pasted, strict(ours))}) as partner:
        visit = Visit(browser, f"{partner}/", allowed=(ours,), viewport={"width": 360, "height": 700})
        root = visit.page.locator("calfeed-calendar .calfeed")
        expect(root).to_have_attribute("dir", "rtl")
        expect(root.get_by_role("button", name="خط زمني")).to_have_attribute("aria-current", "true")
        assert root.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(20, 24, 29)"
        assert visit.page.evaluate("document.documentElement.scrollWidth") == 360
        visit.close()


def test_a_changed_attribute_draws_anew_and_a_failure_leaves_the_link(browser: Browser, ours: str) -> None:
    pasted = line(ours, "feed=all&form=script&language=en")
    with partner_site({"/": (pasted, strict(ours))}) as partner:
        visit = Visit(browser, f"{partner}/", allowed=(ours,))
        element = visit.page.locator("calfeed-calendar")
        expect(element.locator(".event").first).to_be_visible()
        element.evaluate("node => node.setAttribute('lang', 'fr')")
        expect(element.get_by_role("button", name="Frise")).to_be_visible()
        element.evaluate("(node) => node.replaceWith(Object.assign(node.cloneNode(true), { id: 'lost' }))")
        expect(visit.page.locator("#lost .event").first).to_be_visible()
        visit.close()
        visit = Visit(browser, f"{partner}/", allowed=(ours,))
        visit.page.route(re.compile(r"\.json"), lambda route: route.abort())
        visit.page.reload()
        expect(visit.page.get_by_role("link", name="Sample calendar")).to_be_visible()
        visit.context.close()


def test_no_hostile_text_runs_in_frame_or_element(browser: Browser) -> None:
    day = Period(start=sample.CREATED.date(), end=sample.CREATED.date(), precision=Precision.DAY)
    events = (sample.event("ev-evil", EVIL, day, place=EVIL), sample.event("ev-none", EVIL, None, note=EVIL))
    with calendar_site(Catalogue(events=events)) as address:
        body = "".join(
            line(address, f"feed=all&language=en&view={view}&form={form}")
            for view in ("list", "timeline", "month")
            for form in ("frame", "script")
        )
        # A partner without any policy: nothing but our own care stands between.
        with partner_site({"/": (body.replace('loading="lazy"', ""), "")}) as partner:
            visit = Visit(browser, f"{partner}/", allowed=(address,))
            for number in range(3):
                element = visit.page.locator("calfeed-calendar").nth(number)
                expect(element.get_by_text("window.hit").first).to_be_attached()
                assert element.evaluate("node => node.shadowRoot.querySelector('img, script')") is None
                inside = visit.page.frame_locator("iframe").nth(number)
                expect(inside.get_by_text("window.hit").first).to_be_attached()
            assert [frame.evaluate("window.hit") for frame in visit.page.frames] == [None] * 4
            visit.close()


def test_fullcalendar_reads_our_feed_and_our_json(browser: Browser, ours: str) -> None:
    need_fullcalendar()
    scripts = "".join(
        f'<script defer src="/{name}.js"></script>' for name in ("ical", "fullcalendar", "icalendar", "start")
    )
    start = f"""
      const show = (id, events) => new FullCalendar.Calendar(document.getElementById(id),
        {{ initialView: "dayGridMonth", initialDate: "2013-08-01", events }}).render();
      show("ics", {{ url: "{ours}/feeds/basel.ics", format: "ics" }});
      show("json", "{ours}/api/v1/fullcalendar?convention=basel");
    """
    # FullCalendar makes a style element of its own; it takes the nonce from the page.
    body = f'<meta name="csp-nonce" content="n0nce"><div id="ics"></div><div id="json"></div>{scripts}'
    pages = {"/": (body, strict(ours, "style-src 'nonce-n0nce'", "font-src data:")), "start.js": (start, "")}
    with partner_site(pages) as partner:
        visit = Visit(browser, f"{partner}/", allowed=(ours,))
        for name in ("ics", "json"):
            event = visit.page.locator(f"#{name}").get_by_role("link", name="Global expert meeting")
            expect(event).to_be_visible()
            assert event.get_attribute("href") == f"{ours}/events/ev-exact"
            days = visit.page.locator(f"#{name} [data-date]:has(a:has-text('Global expert meeting'))").first
            assert days.get_attribute("data-date") == "2013-08-12"
        visit.close()


def test_the_configurator_updates_as_one_chooses(browser: Browser, ours: str) -> None:
    visit = Visit(browser, f"{ours}/embed?lang=en", permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    page.get_by_label("Calendar", exact=True).select_option("rotterdam")
    page.get_by_label("Timeline").check()
    page.get_by_label("element (script)").check()
    expect(page.locator("[data-line]")).to_have_text(re.compile(r'/embed/rotterdam" view="timeline"><a href='))
    expect(page.frame_locator("[data-preview]").get_by_role("link", name="National training")).to_be_visible()
    expect(page.get_by_role("button", name="Update")).to_be_hidden()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("[data-line]").text_content()
    visit.close()


@pytest.mark.parametrize(
    ("scheme", "paths"),
    [
        (
            "light",
            [
                "/embed/all?lang=en",
                "/embed/all?lang=ar&view=timeline&accent=ffff00",
                "/embed/all?lang=fr&view=month&month=2014-05",
                "/embed/nothing",
                "/embed?lang=en",
                "/api/?lang=en",
            ],
        ),
        ("dark", ["/embed/all?lang=en&accent=ffff00", "/embed?lang=ar"]),
    ],
)
def test_nothing_stands_in_the_way_of_assistive_programs(
    browser: Browser, ours: str, scheme: Literal["light", "dark"], paths: list[str]
) -> None:
    script = axe_script()
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 740}, bypass_csp=True)
    page = context.new_page()
    for path in paths:
        page.goto(f"{ours}{path}")
        assert (path, violations(page, script)) == (path, [])
        assert (path, page.evaluate("document.documentElement.scrollWidth")) == (path, 360)
    body = f"<main><h1>Partner</h1>{line(ours, 'feed=all&form=script')}</main>"
    with partner_site({"/": (body, "")}) as partner:
        page.goto(f"{partner}/")
        expect(page.locator("calfeed-calendar .event").first).to_be_visible()
        assert violations(page, script) == []
    context.close()
