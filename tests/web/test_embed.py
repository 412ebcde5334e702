"""Embeds: the frame, the element's JSON, the line to paste, oEmbed."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import re
from datetime import date
from urllib.parse import urlencode

import msgspec
import pytest
from flask.testing import FlaskClient

from calfeed.model import Catalogue, Period, Precision
from calfeed.web.colours import DARK_PAPER, ENOUGH, LIGHT_PAPER, contrast, hue
from calfeed.web.embed.assets import ELEMENT, assets, find_asset
from calfeed.web.embed.axis import lay_axis
from calfeed.web.embed.configure import form_words
from calfeed.web.embed.item import Item, Row
from calfeed.web.embed.labels import labels
from calfeed.web.embed.month import lay_month, month_of
from tests import sample
from tests.web.published import app

BASE = "https://calendar.example.org"
EVIL = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
LANGUAGES = ["en", "fr", "es", "ar", "ru", "zh", "de"]


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return app().test_client()


def item(uid: str, first: str, last: str, shape: str = "exact by-day", **more: object) -> Item:
    given: dict[str, object] = {
        "uid": uid, "title": uid, "lang": "en", "when": "then", "first": date.fromisoformat(first),
        "last": date.fromisoformat(last), "shape": shape, "wide": False, "cancelled": False, "about": None,
        "place": None, "page": "https://x.example/", "hue": 0,
    }  # fmt: skip
    return Item(**(given | more))  # type: ignore[arg-type]


def groups(client: FlaskClient, address: str) -> dict[str, list[str]]:
    return {one["heading"]: [item["uid"] for item in one["items"]] for one in client.get(address).json["groups"]}


# The frame


def test_a_frame_holds_its_events_without_scripts(client: FlaskClient) -> None:
    text = client.get("/embed/rotterdam?lang=fr").text
    assert '<html lang="fr" dir="ltr">' in text
    assert (
        f'href="{BASE}/events/ev-quarter" target="_blank" rel="noopener" lang="en" dir="auto">National training</a>'
        in text
    )
    assert '<time datetime="2014-04-01" dir="auto">T2 2014</time>' in text
    assert "<h2>avril 2014</h2>" in text
    assert "Programme 2013-2015, édition du 15 janvier 2013; source vérifiée le 1 février 2013" in text
    assert "Global expert meeting" not in text


def test_partners_may_frame_it_and_it_reaches_nobody(client: FlaskClient) -> None:
    headers = client.get("/embed/basel").headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["frame-ancestors"] == "'self' *"
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert (policy["base-uri"], policy["form-action"]) == ("'none'", "'none'")
    assert "X-Frame-Options" not in headers
    assert "Set-Cookie" not in headers
    assert headers["Calfeed-Generation"] == "g1"
    assert "Accept-Language" in headers["Vary"]
    assert client.get("/embed").headers["X-Frame-Options"] == "DENY"


def test_only_the_partners_of_the_settings_may_frame_it() -> None:
    settings = sample.settings()
    site = msgspec.structs.replace(settings.site, frame_ancestors=("https://a.example", "https://*.b.example"))
    client = app(settings=msgspec.structs.replace(settings, site=site)).test_client()
    for address in ("/embed/all", "/embed/nothing"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert policy.endswith("frame-ancestors 'self' https://a.example https://*.b.example")


def test_its_own_style_is_the_one_that_its_policy_names(client: FlaskClient) -> None:
    answer = client.get("/embed/all?accent=ff0000")
    style = re.search(r"<style>(.*?)</style>", answer.text)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert re.fullmatch(r"[.{}:;,()a-z0-9#-]+", style[1])


def test_a_frame_is_validated_and_changes_with_its_language(client: FlaskClient) -> None:
    english = client.get("/embed/all", headers={"Accept-Language": "en"})
    arabic = client.get("/embed/all", headers={"Accept-Language": "ar"})
    assert 'lang="ar" dir="rtl"' in arabic.text
    assert english.headers["ETag"] != arabic.headers["ETag"]
    again = client.get("/embed/all", headers={"Accept-Language": "ar", "If-None-Match": arabic.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("view", ["list", "timeline", "month"])
@pytest.mark.parametrize("lang", ["en", "fr", "ar"])
def test_views_lead_to_each_other_by_plain_links(client: FlaskClient, view: str, lang: str) -> None:
    text = client.get(f"/embed/custom?convention=basel&kind=webinar&view={view}&lang={lang}&theme=dark").text
    assert text.count('aria-current="true"') == 1
    begin = 'href="/embed/custom?convention=basel&amp;kind=webinar&amp;'
    for told in ("", "view=timeline&amp;", "view=month&amp;"):
        assert f'{begin}{told}theme=dark&amp;lang={lang}"' in text
    assert '<body class="calfeed" data-theme="dark">' in text


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        (
            "/embed/nothing",
            404,
            "There is no calendar 'nothing'. https://calendar.example.org/embed lists what there is.",
        ),
        ("/embed/all?view=grid", 400, "There is no view 'grid'. Known: list, timeline, month."),
        ("/embed/all?view=timelime", 400, "There is no view 'timelime'. The nearest is 'timeline'."),
        ("/embed/all?convention=basel", 400, "There is no parameter 'convention'."),
        ("/embed/custom?convention=basle", 400, "there is no convention 'basle'. The nearest is 'basel'."),
        ("/embed/all?accent=red", 400, "query, field accent:"),
        ("/embed/all?accent=%23ffffff%3B%7D*", 400, "query, field accent:"),
        ("/embed/all?limit=0", 400, "query, field limit: Expected `int` >= 1."),
        ("/embed/all?month=2013-13", 400, "query, field month:"),
    ],
)
def test_a_wrong_address_is_told_in_the_frame(client: FlaskClient, address: str, status: int, sentence: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (status, "text/html", "no-store")
    assert sentence in html.unescape(answer.text)
    scripts = client.get(address.replace("?", ".json?", 1) if "?" in address else f"{address}.json")
    assert (scripts.status_code, scripts.mimetype) == (status, "application/problem+json")
    assert scripts.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("view", ["list", "timeline", "month"])
def test_hostile_text_stays_text(view: str) -> None:
    day = Period(start=date(2014, 3, 3), end=date(2014, 3, 3), precision=Precision.DAY)
    bidi = "\u202egnp.exe\u2066"
    events = (
        sample.event("ev-evil", EVIL + bidi, day, place=EVIL, url="javascript:alert(1)", note=EVIL),
        sample.event("ev-none", EVIL, None, lang='en" onclick="alert(1)'),
    )
    client = app(Catalogue(events=events)).test_client()
    query = urlencode({"q": "script", "view": view, "month": "2014-03"})
    text = client.get(f"/embed/custom?{query}").text
    assert "alert(1)" in text
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "javascript:" not in text
    assert ' onclick="' not in text
    assert "\u202e" not in text
    board = client.get(f"/embed/custom.json?{query}")
    assert board.mimetype == "application/json"
    assert "\u202e" not in board.text
    assert "javascript:" not in board.text


# The board


def test_a_board_groups_events_by_month_and_loose_ones_by_year(client: FlaskClient) -> None:
    assert groups(client, "/embed/all.json?limit=100") == {
        "2013": ["ev-ongoing", "ev-years"],
        "July 2013": ["ev-months"],
        "August 2013": ["ev-exact"],
        "October 2013": ["ev-end", "ev-day"],
        "December 2013": ["ev-month"],
        "2014": ["ev-year"],
        "February 2014": ["ev-starting"],
        "April 2014": ["ev-quarter"],
        "May 2014": ["ev-cancelled"],
        "June 2014": ["ev-season"],
        "September 2014": ["ev-odd"],
    }
    assert [one["uid"] for one in client.get("/embed/all.json?limit=100").json["undated"]] == ["ev-undated"]


def test_an_event_says_which_activity_it_belongs_to(client: FlaskClient) -> None:
    item = client.get("/embed/rotterdam.json").json["groups"][0]["items"][0]
    assert (item["title"], item["about"]) == ("E-learning platform", "E-waste")
    assert '<span class="place" lang="en"><bdi>E-waste</bdi></span>' in client.get("/embed/rotterdam").text


def test_a_limit_says_how_many_it_leaves_out(client: FlaskClient) -> None:
    board = client.get("/embed/all.json?limit=3&from=2013-01-01").json
    assert sum(len(group["items"]) for group in board["groups"]) == 3
    assert (board["more"], board["limit"]) == (10, 53)
    page = client.get("/embed/all?limit=3&from=2013-01-01").text
    assert '<a href="/embed/all?from=2013-01-01&amp;limit=53">Show 10 more</a>' in page


def test_once_all_is_over_the_last_events_are_shown(client: FlaskClient) -> None:
    shown = groups(client, "/embed/all.json?limit=3")
    assert [uid for uids in shown.values() for uid in uids] == ["ev-cancelled", "ev-season", "ev-odd"]
    assert client.get("/embed/all.json?limit=3").json["earlier"] == "2013-01-01"


def test_a_height_is_kept_by_scrolling(client: FlaskClient) -> None:
    page = client.get("/embed/all?height=400")
    assert ".inner{max-block-size:400px;overflow-y:auto}" in page.text
    assert 'height="400"' in line_of(client.get("/embed?feed=basel&height=400").text)
    assert client.get("/embed/all?height=5").status_code == 400


def test_a_list_begins_today_while_anything_is_to_come() -> None:
    soon = Period(start=date(2100, 1, 1), end=date(2100, 1, 31), precision=Precision.MONTH)
    past = Period(start=date(2013, 1, 1), end=date(2013, 1, 31), precision=Precision.MONTH)
    events = (sample.event("ev-past", "Past", past), sample.event("ev-soon", "Soon", soon))
    client = app(Catalogue(events=events)).test_client()
    assert groups(client, "/embed/all.json") == {"January 2100": ["ev-soon"]}
    assert client.get("/embed/all.json").json["earlier"] == "2013-01-01"
    assert 'href="/embed/all?from=2013-01-01"' in client.get("/embed/all").text
    assert list(groups(client, "/embed/all.json?from=2013-01-01")) == ["January 2013", "January 2100"]


def test_colours_follow_the_one_value_that_has_one(client: FlaskClient) -> None:
    board = client.get("/embed/all.json").json
    hues = {item["uid"]: item["hue"] for group in board["groups"] for item in group["items"]}
    assert (hues["ev-exact"], hues["ev-end"]) == (0, 0)
    assert board["hues"][hues["ev-day"] - 1]["light"] == "#1d5b8f"
    assert board["hues"][hues["ev-quarter"] - 1]["light"] == "#8a4b08"


def test_the_partners_colour_takes_the_place_of_a_single_one(client: FlaskClient) -> None:
    assert client.get("/embed/custom.json?convention=rotterdam&kind=training&accent=ff0000").json["hues"] == []
    assert len(client.get("/embed/custom.json?convention=rotterdam&kind=training").json["hues"]) == 1
    assert len(client.get("/embed/all.json?accent=ff0000").json["hues"]) == 3


@pytest.mark.parametrize("colour", ["#1d5b8f", "#ffff00", "#000000", "#ffffff", "#808080", "#00ff00", "#ff0000"])
def test_every_colour_is_made_readable_on_both_papers(colour: str) -> None:
    made = hue(colour)
    assert contrast(made.light, LIGHT_PAPER) >= ENOUGH
    assert contrast(made.dark, DARK_PAPER) >= ENOUGH
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_the_axis_spans_whole_years() -> None:
    year = item("year", "2013-01-01", "2013-12-31", "loose by-year")
    day = item("day", "2014-12-31", "2014-12-31")
    starting = item("starting", "2014-01-01", "2014-01-31", "loose by-month open-end")
    axis = lay_axis([year, starting, day], "en", date(2014, 1, 1))
    assert [(tick.name, tick.x) for tick in axis.ticks] == [("2013", 0.0), ("2014", 50.0)]
    assert axis.now == 50.0
    bars = [lane.bars[0] for lane in axis.lanes]
    assert [(bar.x, bar.width, bar.dot) for bar in bars] == [
        (0.0, 50.0, False),
        (50.0, 4.25, False),
        (99.86, 0.14, True),
    ]
    assert [lane.tail for lane in axis.lanes] == [None, 54.25, None]
    assert lay_axis([day], "en", date(2026, 1, 1)).now is None
    assert len(lay_axis([day], "en", date(2026, 1, 1)).ticks) == 12


def test_a_long_programme_names_at_most_twelve_years() -> None:
    axis = lay_axis([item("long", "1990-01-01", "2030-12-31", "loose by-year")], "en", date(2014, 1, 1))
    assert " ".join(tick.name for tick in axis.ticks) == "1990 1994 1998 2002 2006 2010 2014 2018 2022 2026 2030"


def test_a_month_keeps_loose_periods_out_of_its_cells() -> None:
    exact = item("exact", "2013-08-12", "2013-08-14")
    loose = item("loose", "2013-07-01", "2013-09-30", "loose by-month")
    long = item("long", "2013-08-01", "2013-09-20")
    month = lay_month([loose, long, exact], date(2013, 8, 1), "en", span=(date(2013, 7, 1), date(2013, 9, 30)))
    assert (month.name, month.previous, month.following) == ("August 2013", "2013-07", "2013-09")
    assert [one.uid for one in month.during] == ["loose", "long"]
    assert {cell.day.day for week in month.weeks for cell in week if cell.items} == {12, 13, 14}
    assert (month.weeks[0][0].day, month.weeks[-1][-1].day) == (date(2013, 7, 29), date(2013, 9, 1))
    assert [day.short for day in month.weekdays] == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert (month.weekdays[0].slim, month.weekdays[0].long) == ("Mo", "Monday")


def test_a_month_opens_where_something_is_known() -> None:
    year, days = (sample.period(*one) for one in (
        ("2013-01-01", "2013-12-31", Precision.YEAR), ("2013-08-12", "2013-08-14", Precision.DAY),
    ))  # fmt: skip
    event = sample.event("ev", "Event", days)
    rows = [
        Row(date(2013, 1, 1), date(2013, 12, 31), event, year, ()),
        Row(date(2013, 8, 12), date(2013, 8, 14), event, days, ()),
    ]
    assert month_of(None, rows, date(2026, 5, 5)) == date(2013, 8, 1)
    assert month_of(None, rows, date(2013, 5, 5)) == date(2013, 5, 1)
    assert month_of("2014-02", rows, date(2026, 5, 5)) == date(2014, 2, 1)
    assert month_of(None, rows[:1], date(2026, 5, 5)) == date(2013, 1, 1)
    assert month_of(None, [], date(2026, 5, 5)) == date(2026, 5, 1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_all_words(lang: str) -> None:
    told, form = labels(lang), form_words(lang)
    assert set(told.views) == {"list", "timeline", "month"}
    assert (set(form.themes), set(form.forms), set(form.told)) == (
        {"auto", "light", "dark"}, {"frame", "script"}, {"frame", "script"},
    )  # fmt: skip
    assert "{count}" in told.more
    assert "{title}" in told.edition and "{date}" in told.edition and "{date}" in told.checked
    assert lang == "en" or told.views["list"] != "List"


def test_an_unknown_language_speaks_english() -> None:
    assert labels("nl").views["list"] == "List"
    assert labels("fr-CH").views["list"] == "Liste"


# The files


def test_the_element_is_small() -> None:
    assert len(gzip.compress(assets()[ELEMENT].octets)) < 15_000


@pytest.mark.parametrize("name", ["calfeed.js", "frame.js", "frame.css", "configure.js", "configure.css"])
def test_a_file_never_changes_under_its_address(client: FlaskClient, name: str) -> None:
    file = assets()[name]
    answer = client.get(file.path, headers={"Origin": "https://partner.example"})
    assert answer.data == file.octets
    assert hashlib.sha256(answer.data).hexdigest().startswith(file.version)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get(f"/embed/{'0' * 16}/{name}").status_code == 404


def test_the_newest_element_has_an_address_of_its_own(client: FlaskClient) -> None:
    answer = client.get("/embed.js")
    assert answer.data == assets()[ELEMENT].octets
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("version", ["..", "../../static", "%2e%2e", "released", "0123456789abcdef"])
def test_no_version_leads_out_of_the_folder(version: str) -> None:
    assert find_asset(version, "calfeed.js") is None
    assert find_asset(assets()[ELEMENT].version, "../element.js") is None


def test_the_element_needs_no_html_and_stores_nothing() -> None:
    text = assets()[ELEMENT].octets.decode()
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "document.write", "localStorage", "cookie ="):
        assert word not in text


# The line to paste


def line_of(text: str) -> str:
    found = re.search(r"data-line>(.*?)</textarea>", text, re.DOTALL)
    assert found
    return html.unescape(found[1])


def test_the_frame_is_one_line(client: FlaskClient) -> None:
    line = line_of(client.get("/embed?feed=basel&view=timeline&language=fr&accent=%231D5B8F&limit=40").text)
    file = assets()[ELEMENT]
    assert line == (
        f'<iframe src="{BASE}/embed/basel?view=timeline&amp;lang=fr" title="Basel Convention" width="100%" height="600"'
        ' loading="lazy" frameborder="0"></iframe>'
        f'<script type="module" src="{BASE}{file.path}" integrity="{file.integrity}" crossorigin="anonymous"></script>'
    )


def test_the_element_is_one_line_around_a_link(client: FlaskClient) -> None:
    line = line_of(
        client.get("/embed?convention=basel&kind=webinar&form=script&view=month&theme=dark&accent=%23ffcc00").text
    )
    assert line.partition("</script>")[2] == (
        f'<calfeed-calendar src="{BASE}/embed/custom?convention=basel&amp;kind=webinar" view="month" theme="dark"'
        f' accent="ffcc00"><a href="{BASE}/?convention=basel&amp;kind=webinar">Basel Convention · webinar</a>'
        "</calfeed-calendar>"
    )


def test_the_digest_in_the_line_is_that_of_the_file(client: FlaskClient) -> None:
    line = line_of(client.get("/embed?form=script").text)
    path = re.search(rf'src="{BASE}(/embed/[0-9a-f]+/calfeed\.js)"', line)
    integrity = re.search(r'integrity="sha384-([^"]+)"', line)
    assert path and integrity
    octets = client.get(path[1]).data
    assert base64.b64encode(hashlib.sha384(octets).digest()).decode() == integrity[1]


def test_the_configurator_is_a_plain_form(client: FlaskClient) -> None:
    answer = client.get("/embed?feed=basel&view=timeline&lang=fr")
    text = answer.text
    assert '<form action="/embed" method="get"' in text
    assert '<option value="basel" selected>Basel Convention</option>' in text
    assert '<input type="radio" name="view" value="timeline" checked>' in text
    assert 'src="/embed/basel?view=timeline"' in text
    assert "<h1>Mettre ce calendrier sur votre page</h1>" in text
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert '<input type="hidden" name="kind" value="webinar">' in client.get("/embed?kind=webinar").text


@pytest.mark.parametrize("form", ["frame", "script"])
def test_a_hostile_name_cannot_leave_the_line(form: str) -> None:
    settings = sample.settings()
    site = msgspec.structs.replace(settings.site, name=EVIL)
    text = app(settings=msgspec.structs.replace(settings, site=site)).test_client().get(f"/embed?form={form}").text
    assert "<img" not in text
    assert "<script>alert" not in text
    assert "<img" not in line_of(text).replace("&lt;img", "")


def test_a_wrong_choice_is_refused(client: FlaskClient) -> None:
    assert client.get("/embed?feed=nothing").status_code == 404
    assert client.get("/embed?form=flash").status_code == 400
    assert client.get("/embed?colour=red").status_code == 400


# oEmbed


def oembed(client: FlaskClient, url: str, **more: object) -> tuple[int, dict[str, object]]:
    answer = client.get("/oembed?" + urlencode({"url": url} | more))
    return answer.status_code, answer.json


def test_oembed_answers_with_a_frame(client: FlaskClient) -> None:
    assert oembed(client, f"{BASE}/embed/basel?view=timeline", maxwidth=400, maxheight=2000) == (
        200,
        {
            "version": "1.0",
            "type": "rich",
            "title": "Basel Convention",
            "provider_name": "Sample calendar",
            "provider_url": f"{BASE}/",
            "cache_age": 3600,
            "html": f'<iframe src="{BASE}/embed/basel?view=timeline" title="Basel Convention" width="400" height="600"'
            ' loading="lazy" frameborder="0"></iframe>',
            "width": 400,
            "height": 600,
        },
    )


@pytest.mark.parametrize(
    ("path", "embed"),
    [
        ("", "/embed/all"),
        ("/", "/embed/all"),
        ("/?convention=basel", "/embed/basel"),
        ("/?convention=basel&view=month&lang=fr", "/embed/basel?lang=fr"),
        ("/?convention=basel&kind=webinar", "/embed/custom?convention=basel&amp;kind=webinar"),
        ("/subscribe?topic=e-waste", "/embed/e-waste"),
        ("/feeds/rotterdam.ics", "/embed/rotterdam"),
        ("/embed/custom?q=police", "/embed/custom?q=police"),
    ],
)
def test_oembed_knows_the_pages_of_a_calendar(client: FlaskClient, path: str, embed: str) -> None:
    status, answer = oembed(client, BASE + path)
    assert status == 200
    assert str(answer["html"]).startswith(f'<iframe src="{BASE}{embed}" ')


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/embed/basel",
        "https://calendar.example.org.evil.example/embed/basel",
        "https://calendar.example.org@evil.example/embed/basel",
        "http://calendar.example.org/embed/basel",
        f"{BASE}//evil.example/embed/basel",
        f"{BASE}/embed/nothing",
        f"{BASE}/embed/basel?view=grid",
        f"{BASE}/?convention=basle",
        f"{BASE}/status",
        f"{BASE}/events/ev-exact",
        f"{BASE}//[",
        "javascript:alert(1)",
        EVIL,
    ],
)
def test_oembed_answers_for_no_other_address(client: FlaskClient, url: str) -> None:
    status, answer = oembed(client, url)
    assert (status, answer["status"]) == (404, 404)


def test_oembed_speaks_json_only(client: FlaskClient) -> None:
    assert oembed(client, f"{BASE}/embed/all", format="xml")[0] == 501
    assert client.get("/oembed").status_code == 400
    assert oembed(client, f"{BASE}/embed/all", maxwidth=0)[0] == 400
    assert oembed(client, f"{BASE}/embed/all", maxwidth=120, maxheight=80, unknown=1)[1]["height"] == 80


def test_a_page_names_its_oembed_answer() -> None:
    application = app()
    with application.test_request_context("/"):
        link = application.jinja_env.globals["oembed_discovery"]("/?convention=basel")
    assert link == (
        f'<link rel="alternate" type="application/json+oembed" href="{BASE}/oembed?'
        'url=https%3A%2F%2Fcalendar.example.org%2F%3Fconvention%3Dbasel&amp;format=json">'
    )
