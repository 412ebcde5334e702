"""Entries -> proposals: titles, places, facets with their evidence, drafts by reading."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.model import Draft, Entry, Inferred, Proposal, Where
from calfeed.normalise import outline_terms, propose, slug
from calfeed.settings import Settings, Source, parse_settings

HERE = Path(__file__).parent
REFERENCE = date(2014, 1, 1)
SETTINGS = parse_settings(
    """
    [[places]]
    name = "Spreitenbach"
    country = "CH"

    [[facets]]
    name = "convention"
    plural = "conventions"
    title = "Convention"
    evidence = ["heading", "everywhere", "entry", "audience"]
    everywhere = ["CROSS CUTTING"]
    values = [
      { id = "basel", name = "Basel Convention", words = ["Basel"] },
      { id = "rotterdam", name = "Rotterdam Convention", words = ["Rotterdam", "designated national authorit*"] },
    ]
    """,
    source="calfeed.toml",
    folder=HERE,
)


def table(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((HERE / name).read_text("utf-8"))["text"]
    return found


def entry(text: str, *headings: str, **fields: Any) -> Entry:
    above = headings or ("Waste", "Used Oils")
    outline = fields.pop(
        "outline", (above[0], "; ".join(above[1:]), "Calendar of events") if above[1:] else (*above, "")
    )
    given: dict[str, Any] = {"lang": "en", "headings": above, "where": Where(lines=(1, 1)), "outline": outline}
    return Entry(source="programme", text=text, **(given | fields))


def proposed(one: Entry, settings: Settings = SETTINGS, source: Source | None = None) -> Proposal:
    return propose(one, settings, reference=REFERENCE, source=source)


def draft(text: str, *headings: str, **fields: Any) -> Draft:
    return next(iter(proposed(entry(text, *headings, **fields)).drafts.values()))[0]


@pytest.mark.parametrize("case", table("places.toml"), ids=lambda case: case["text"])
def test_the_place_of_an_entry(case: dict[str, Any]) -> None:
    found = draft(case["text"], lang=case.get("lang", "en"))
    assert (found.place, found.country) == (case.get("place"), case.get("country"))


def test_the_settings_name_places_too() -> None:
    found = draft("Workshop in Spreitenbach: May 2014")
    assert (found.place, found.country) == ("Spreitenbach, Switzerland", "CH")


@pytest.mark.parametrize("case", table("titles.toml"), ids=lambda case: case["text"])
def test_the_title_of_an_entry(case: dict[str, Any]) -> None:
    found = draft(case["text"])
    assert found.title == case["title"]
    assert found.provenance is not None
    if "date" in case:
        assert found.provenance.date_text == case["date"]


def conventions(*arguments: str, **fields: Any) -> tuple[tuple[str, ...], list[str]]:
    found = draft(*arguments, **fields)
    assert found.provenance is not None
    return found.facets["convention"], [p.words for p in found.provenance.evidence if p.facet == "convention"]


def test_the_nearest_heading_that_names_a_value_decides() -> None:
    assert conventions("Webinars on Rotterdam: 2014", "Rotterdam lists", "Plans under the Basel Convention") == (
        ("basel",),
        ["heading names the Basel Convention: “Plans under the Basel Convention”"],
    )
    assert conventions("Webinars: 2014", "Rotterdam lists", "Oils")[0] == ("rotterdam",)


def test_activities_that_share_a_calendar_are_taken_together() -> None:
    assert conventions("Webinars: 2014", "Waste", "Basel oils", "Rotterdam lists")[0] == ("basel", "rotterdam")


def test_the_title_of_the_document_is_no_evidence() -> None:
    above = ("Basel programme", "Waste", "Oils")
    one = entry(
        "Webinars: 2014", *above, outline=("Waste", "Oils", "Calendar"), sections={"audience": "Rotterdam bodies"}
    )
    assert proposed(one).drafts["single"][0].facets["convention"] == ("rotterdam",)


def test_a_heading_that_stands_for_all_gives_all_values() -> None:
    assert conventions("Workshops under the Basel Convention: 2014", "CROSS CUTTING", "Oils") == (
        ("basel", "rotterdam"),
        ["heading stands for all of them: “CROSS CUTTING”"] * 2,
    )


def test_the_entry_outweighs_the_audience() -> None:
    sections = {"audience": "Designated national authorities and ministries"}
    assert conventions("Basel workshops: 2014", sections=sections)[0] == ("basel",)
    assert conventions("Workshops: 2014", sections=sections) == (
        ("rotterdam",),
        ["audience names the Rotterdam Convention: “Designated national authorities and ministries”"],
    )
    assert conventions("Workshops: 2014") == ((), [])


def test_a_long_text_is_quoted_around_the_words() -> None:
    audience = "People of many kinds and places, " * 6 + "Basel focal points, " + "and others of many kinds, " * 6
    (words,) = conventions("Workshops: 2014", sections={"audience": audience})[1]
    assert words.startswith("audience names the Basel Convention: “…")
    assert "Basel focal points" in words
    assert words.endswith("…”")
    assert len(words) < 140


@pytest.mark.parametrize(
    ("text", "lang", "kinds"),
    [
        ("Workshops and webinars on oils: 2014", "en", ("workshop", "webinar")),
        ("Training during the directors' meetings: 2014", "en", ("training",)),
        ("Training workshops: 2014", "en", ("workshop", "training")),
        ("Series of webinars: 2014", "en", ("webinar",)),
        ("Pilot-projects in five countries to test a workshop: 2014", "en", ("pilot project",)),
        ("Pilot projects and project activities: 2014", "en", ("pilot project", "project")),
        ("Projection of a film: 2014", "en", ()),
        ("Atelier de formation sur les huiles : 2014", "fr", ("workshop", "training")),
        ("Seminarios web: 2014", "es", ("webinar",)),
        ("Вебинары и семинары: 2014", "ru", ("workshop", "webinar")),
        ("网络研讨会：2014年", "zh", ("webinar",)),
        ("ورشة عمل: 2014", "ar", ("workshop",)),
    ],
)
def test_the_head_of_the_title_tells_the_kind(text: str, lang: str, kinds: tuple[str, ...]) -> None:
    assert draft(text, lang=lang).facets["kind"] == kinds


def test_theme_and_activities_are_topics() -> None:
    found = draft("Webinars: 2014", "Hazardous Waste", "Used Oils", "Batteries & Co.")
    assert found.facets["topic"] == ("hazardous-waste", "used-oils", "batteries-co")
    assert outline_terms([found]) == {
        "hazardous-waste": "Hazardous Waste",
        "used-oils": "Used Oils",
        "batteries-co": "Batteries & Co.",
    }


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [
        ("E-waste", "e-waste"),
        ("CROSS CUTTING", "cross-cutting"),
        ("Gestes de l'accueil à l’école", "gestes-de-laccueil-a-lecole"),
        ("Straße & Øre", "strasse-ore"),
        ("Обращение с отходами", "obrashchenie-s-otkhodami"),
        ("إدارة النفايات", "idara-alnfayat"),
        ("废物管理", "topic-593746"),
        ("废物 PCB 管理", "pcb-4e142b"),
    ],
)
def test_a_slug_is_readable_ascii(heading: str, wanted: str) -> None:
    assert slug(heading) == wanted


@given(st.text(min_size=1, max_size=300))
def test_any_heading_has_a_slug_for_an_address(heading: str) -> None:
    found = slug(heading)
    assert 1 <= len(found) <= 120
    assert found.replace("-", "").isalnum()
    assert found.isascii()
    assert "--" not in found
    assert found == found.strip("-")


def test_long_headings_that_begin_alike_have_slugs_of_their_own() -> None:
    assert slug("waste " * 30 + "oil") != slug("waste " * 30 + "tyres")


def test_an_entry_gives_drafts_for_each_reading() -> None:
    found = proposed(entry("Webinars: July-September 2013, 2014"))
    assert list(found.drafts) == ["list", "each-year"]
    assert [str(one.period.start) for one in found.drafts["list"] if one.period] == ["2013-07-01", "2014-01-01"]
    assert [str(one.period.start) for one in found.drafts["each-year"] if one.period] == ["2013-07-01", "2014-07-01"]
    first, second = found.drafts["list"]
    assert [other.rule for other in first.alternatives] == ["each-year"]
    assert first.review == ("The months could hold in each of the years, or in the first only.",)
    assert first.provenance is not None
    assert second.provenance is not None
    assert [(one.part, one.parts) for one in (first.provenance, second.provenance)] == [(1, 2), (2, 2)]


def test_a_source_can_prefer_a_reading() -> None:
    source = Source(id="programme", title="Programme", path="x", prefer=("each-year",))
    found = proposed(entry("Webinars: July-September 2013, 2014"), source=source)
    assert list(found.drafts) == ["each-year", "list"]
    assert found.drafts["each-year"][0].alternatives[0].rule == "list"


def test_an_entry_without_a_date_is_one_undated_draft() -> None:
    found = proposed(entry("E-learning courses for police officers"))
    assert list(found.drafts) == ["undated"]
    (one,) = found.drafts["undated"]
    assert (one.period, one.reading, one.review) == (None, None, ())


def test_damage_is_for_review() -> None:
    found = draft("Workshops: 2014", damage=("the text was put together from scattered lines (lines 3-9)",))
    assert found.review == ("The text was put together from scattered lines (lines 3-9).",)


def test_headings_and_neighbours_supply_a_missing_year() -> None:
    one = entry("Workshop: May", "Waste", "Oils", "2013", outline=("Waste", "Oils", "Calendar"))
    found = proposed(one).drafts["single"][0]
    assert found.period is not None
    assert found.period.start == date(2013, 5, 1)
    in_section = entry("Workshop: May", outline=("Waste", "Used Oils", "Calendar 2012"))
    found = proposed(in_section).drafts["single"][0]
    assert found.period is not None
    assert found.period.start == date(2012, 5, 1)


def test_a_row_is_bound_as_its_record_says() -> None:
    found = draft(
        "5-9 May 2014 | Meeting on the budget 2015 | Palais Wilson",
        when="5-9 May 2014",
        title="Meeting on the budget 2015",
        place="Palais Wilson",
    )
    assert (found.title, found.place, found.country) == ("Meeting on the budget 2015", "Palais Wilson", None)
    assert found.period is not None
    assert (found.period.start, found.period.end) == (date(2014, 5, 5), date(2014, 5, 9))
    assert found.provenance is not None
    assert found.provenance.date_text == "5-9 May 2014"
    assert found.provenance.told == {"title": "Meeting on the budget 2015", "place": "Palais Wilson"}


def test_a_stored_entry_is_read_again_as_it_was() -> None:
    lent = (Inferred(field="year", value="2012", origin="heading"),)
    found = draft("Reading | 5 May", when="5 May", lent=lent, title="Reading")
    assert found.period is not None
    assert found.period.start == date(2012, 5, 5)


@given(st.text(min_size=1, max_size=120).filter(lambda text: text.strip()))
def test_any_entry_becomes_at_least_one_draft_with_a_title(text: str) -> None:
    drafts = [one for several in proposed(entry(text)).drafts.values() for one in several]
    assert drafts
    assert all(one.title.strip() for one in drafts)
