"""The pages over HTTP."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from msgspec.structs import replace

from calfeed.model import Catalogue, Change, Inferred, Period, Precision, Qualifier, Reading
from tests import sample
from tests.web import published

UIDS = [event.uid for event in sample.catalogue().events]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return published.app().test_client()


def text(client: FlaskClient, path: str, **headers: str) -> str:
    answer = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def titles(page: str) -> list[str]:
    return re.findall(r'<a class="title"[^>]*>([^<]*)</a>', page)


@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?view=month",
        "/?view=year",
        "/subscribe",
        "/status",
        *(f"/events/{uid}" for uid in UIDS),
    ],
)
def test_every_page_answers_in_every_language(client: FlaskClient, path: str, lang: str) -> None:
    page = text(client, f"{path}{'&' if '?' in path else '?'}lang={lang}")
    assert f'<html lang="{lang}" dir="{"rtl" if lang == "ar" else "ltr"}">' in page
    assert "Programme 2013-2015" in page
    # The policy of the pages forbids both.
    assert " style=" not in page
    assert not re.search(r"<script(?! type=\"application/ld\+json\")(?![^>]*src=)|\son\w+=", page)


def test_a_filter_leaves_what_its_feed_contains(client: FlaskClient) -> None:
    assert titles(text(client, "/?kind=webinar")) == ["Webinars", "Webinars"]
    assert titles(text(client, "/?q=geneva")) == ["Global expert meeting"]
    assert "E-learning platform" in titles(text(client, "/?convention=stockholm&kind=e-learning"))


def test_a_filter_is_a_link_with_its_count(client: FlaskClient) -> None:
    page = text(client, "/?kind=webinar&lang=fr")
    assert 'href="/?convention=basel&amp;kind=webinar&amp;lang=fr"' in page
    assert re.search(r'aria-current="true"><span dir="auto">webinaire</span><span class="n">2</span>', page)


def test_facets_are_named_in_the_readers_language(client: FlaskClient) -> None:
    page = text(client, "/?kind=webinar&lang=fr")
    assert re.findall(r"<h2>([^<]*)</h2>", page)[:3] == ["Convention", "Type", "Thème"]


def test_a_selection_that_does_not_exist_is_refused_with_the_nearest_name(client: FlaskClient) -> None:
    answer = client.get("/?convention=basle")
    assert answer.status_code == 400
    assert "basel" in answer.get_data(as_text=True)


def test_a_trackers_parameter_is_no_reason_to_refuse_a_page(client: FlaskClient) -> None:
    assert titles(text(client, "/?kind=webinar&utm_source=x")) == ["Webinars", "Webinars"]


def test_the_language_comes_from_the_address_then_from_the_browser(client: FlaskClient) -> None:
    assert '<html lang="fr"' in text(client, "/", Accept_Language="de, fr;q=0.8, en;q=0.5")
    assert '<html lang="ar"' in text(client, "/?lang=ar", Accept_Language="fr")
    assert '<html lang="en"' in text(client, "/?lang=xx", Accept_Language="xx")


def test_only_a_language_of_the_address_stays_in_links(client: FlaskClient) -> None:
    assert 'href="/events/ev-exact?lang=fr"' in text(client, "/?lang=fr")
    assert 'href="/events/ev-exact"' in text(client, "/", Accept_Language="fr")


def test_search_engines_learn_of_each_language(client: FlaskClient) -> None:
    page = text(client, "/?kind=webinar&lang=fr")
    assert '<link rel="canonical" href="https://calendar.example.org/?kind=webinar&amp;lang=fr">' in page
    assert 'hreflang="ar" href="https://calendar.example.org/?kind=webinar&amp;lang=ar"' in page
    assert 'hreflang="x-default" href="https://calendar.example.org/?kind=webinar"' in page


def test_event_texts_keep_their_own_language(client: FlaskClient) -> None:
    assert '<h1 dir="auto" lang="en">Global expert meeting</h1>' in text(client, "/events/ev-exact?lang=ar")


def test_an_event_says_why_its_date_is_loose(client: FlaskClient) -> None:
    page = text(client, "/events/ev-months")
    assert "July–September 2013, some days within it" in page
    assert "The document names several months" in page
    assert "Does July-September hold in 2014 too?" in page
    assert "Jul–Sep 2013 · Jul–Sep 2014" in page
    assert "line 13" in page


def test_the_other_dates_of_an_entry_are_a_link_away(client: FlaskClient) -> None:
    page = text(client, "/events/ev-months")
    assert '<strong aria-current="true">Jul–Sep 2013</strong>' in page
    assert '<a href="/events/ev-year">2014</a>' in page


def test_the_history_tells_old_and_new(client: FlaskClient) -> None:
    page = text(client, "/events/ev-odd")
    assert '<del dir="auto">July 2014</del>' in page
    assert '<ins dir="auto">September 2014</ins>' in page
    assert "</del> → <ins" in page
    assert "</del> ← <ins" in text(client, "/events/ev-odd?lang=ar")


def test_a_date_in_the_history_is_said_in_the_readers_words() -> None:
    change = Change(
        at=sample.CHANGED,
        sequence=1,
        what="moved",
        fields={"period": ("2013-07-01 to 2013-09-30 (month)", "2013-08-12 (day, 16:15)")},
    )
    event = replace(sample.catalogue().events[0], history=(change,))
    page = text(published.app(Catalogue(events=(event,))).test_client(), f"/events/{event.uid}?lang=fr")
    assert '<del dir="auto">juillet–septembre 2013</del>' in page
    assert "(day, 16:15)" not in page and "(month)" not in page


def test_another_reading_in_the_same_words_is_told_by_its_days() -> None:
    end = Period(start=date(2013, 10, 1), end=date(2013, 12, 31), precision=Precision.YEAR, qualifier=Qualifier.END)
    other = replace(end, start=date(2013, 12, 1))
    event = replace(sample.event("x", "Manual", end), alternatives=(Reading(rule="last-month", periods=(other,)),))
    page = text(published.app(Catalogue(events=(event,))).test_client(), "/events/x")
    assert "end of 2013 (1 December 2013 – 31 December 2013)" in page


def test_a_month_that_was_lent_is_told_by_its_name() -> None:
    lent = Inferred(field="month", value="3", origin="sibling")
    before = sample.catalogue().events[0]
    told = replace(before, provenance=replace(before.provenance, inferred=(lent,)))
    page = text(published.app(Catalogue(events=(told,))).test_client(), f"/events/{told.uid}")
    assert "“March” comes from the date beside it." in page


def test_a_copy_for_another_calendar_says_how_loose_its_date_is(client: FlaskClient) -> None:
    page = text(client, "/events/ev-months")
    assert "text=%5BJul-Sep%202013%2C%20approx" in page
    assert "subject=%5BJul-Sep%202013%2C%20approx" in page


def test_the_month_view_lists_loose_dates_above_its_grid(client: FlaskClient) -> None:
    page = text(client, "/?view=month&month=2013-12")
    assert page.index("Some time in this month") < page.index('id="fullcalendar"')


def test_only_exact_days_are_told_to_search_engines(client: FlaskClient) -> None:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text(client, "/events/ev-exact"))
    assert json.loads(found)["startDate"] == "2013-08-12"
    assert "ld+json" not in text(client, "/events/ev-months")


def test_structured_data_cannot_end_its_script() -> None:
    event = sample.event("x", "</script><script>alert(1)</script>", sample.catalogue().events[0].period)
    page = text(published.app(Catalogue(events=(event,))).test_client(), "/events/x")
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(found)["name"] == "</script><script>alert(1)</script>"


def test_an_event_can_be_had_as_a_calendar(client: FlaskClient) -> None:
    answer = client.get("/events/ev-exact.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert b"DTSTART;VALUE=DATE:20130812" in answer.data


def test_an_undated_event_offers_nothing_to_add(client: FlaskClient) -> None:
    page = text(client, "/events/ev-undated")
    assert ".ics" not in page
    assert "no date yet" in page


def test_subscribing_recommends_starts_where_long_periods_crowd(client: FlaskClient) -> None:
    page = text(client, "/subscribe")
    assert 'value="https://calendar.example.org/feeds/all-starts.ics"' in page
    assert 'value="https://calendar.example.org/feeds/all.ics"' in text(client, "/subscribe?flavour=all")


@pytest.mark.parametrize(
    ("path", "embed"),
    [
        ("/", "/embed"),
        ("/subscribe?flavour=starts", "/embed"),
        ("/?convention=basel&q=expert&lang=fr", "/embed?q=expert&feed=basel&lang=fr"),
        ("/?convention=basel&kind=meeting", "/embed?convention=basel&kind=meeting"),
        ("/?convention=basel&view=month&month=2013-08", "/embed?feed=basel&view=month&month=2013-08"),
    ],
)
def test_a_selection_is_carried_to_the_page_that_embeds_it(client: FlaskClient, path: str, embed: str) -> None:
    [found] = re.findall(r'<a id="embed" href="([^"]*)"', text(client, path))
    assert found.replace("&amp;", "&") == embed
    text(client, embed)


@pytest.mark.parametrize("path", ["/", "/?convention=basel&q=expert&lang=fr", "/subscribe?kind=meeting&flavour=starts"])
def test_a_page_names_its_oembed_answer(client: FlaskClient, path: str) -> None:
    [found] = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]*)"', text(client, path))
    address = found.replace("&amp;", "&").removeprefix("https://calendar.example.org")
    assert client.get(address).get_json()["type"] == "rich"
    assert "oembed" not in text(client, "/status")


def test_subscribing_to_a_filter_gives_its_own_feed(client: FlaskClient) -> None:
    page = text(client, "/subscribe?kind=meeting&convention=basel&flavour=exact")
    assert "/feeds/custom.ics?convention=basel&amp;kind=meeting&amp;flavour=exact" in page


def test_subscribing_warns_where_feeds_overlap(client: FlaskClient) -> None:
    page = text(client, "/subscribe?convention=rotterdam")
    assert "All of these events are in “Sample calendar” too." in page
    assert "2 of these events are in “Basel Convention” too." in page


def test_the_language_of_a_page_is_that_of_its_feed(client: FlaskClient) -> None:
    assert "/feeds/custom.ics?convention=basel&amp;flavour=starts&amp;lang=fr" in text(
        client, "/subscribe?convention=basel&flavour=starts&lang=fr"
    )


def test_while_events_are_to_come_the_list_begins_today(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calfeed.web.pages.routes.today", lambda: date(2014, 7, 1))
    page = text(client, "/?convention=basel")
    assert "Show 8 earlier events" in page
    assert titles(page)[0] == "Regional workshops"
    assert "Global expert meeting" not in titles(page)
    assert "Global expert meeting" in titles(text(client, "/?convention=basel&from=2013-01-01"))


def test_when_all_is_over_the_page_shows_the_whole_span(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calfeed.web.pages.routes.today", lambda: date(2026, 7, 1))
    page = text(client, "/")
    assert "The programme is over: this is its whole span." in page
    assert "Global expert meeting" in titles(page)
    assert re.findall(r"<text [^>]*>(\d+)</text>", page) == ["2013", "2014", "2015"]


def test_what_is_not_there_has_a_page(client: FlaskClient) -> None:
    for path in ("/nowhere", "/events/none", "/events/none.ics"):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "There is no such page." in answer.get_data(as_text=True)


def test_a_page_travels_compressed_and_with_a_validator(client: FlaskClient) -> None:
    first = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert first.headers["Content-Encoding"] == "gzip"
    assert b"<!doctype html>" in gzip.decompress(first.data)
    again = client.get("/", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert "Accept-Language" in first.headers["Vary"]


def test_no_page_sets_a_cookie(client: FlaskClient) -> None:
    for path in ("/", "/subscribe", "/events/ev-exact", "/status"):
        assert "Set-Cookie" not in client.get(path).headers


def test_the_first_page_is_under_60_kb_over_the_wire(client: FlaskClient) -> None:
    page = text(client, "/")
    files = set(re.findall(r'(?:href|src)="(/(?:static|theme)[^"]*\.(?:css|js|svg)[^"]*)"', page))
    assert len(files) == 4
    answers = [client.get(path, headers={"Accept-Encoding": "gzip"}) for path in ("/", *files)]
    assert sum(len(answer.data) for answer in answers) < 60_000


def test_an_empty_catalogue_has_all_pages() -> None:
    empty = published.app(Catalogue()).test_client()
    for path in ("/", "/?view=month", "/?view=year", "/subscribe", "/status"):
        text(empty, path)


def test_an_event_tells_what_the_document_says_for_those_whom_it_concerns() -> None:
    before = sample.catalogue().events[0]
    told = replace(before.provenance, sections={"audience": "Focal points <of> Parties", "contact": "a@example.org"})
    page = text(
        published.app(Catalogue(events=(replace(before, provenance=told),))).test_client(), f"/events/{before.uid}"
    )
    assert "<h2>For whom</h2>" in page
    assert "Focal points &lt;of&gt; Parties" in page
    assert "<h2>Contact</h2>" in page
