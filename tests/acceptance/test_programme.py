"""The first programme: the digest in data/sources, and the full document where ../shared has it.

Both give the same entries. The digest is written clean; in the full document one entry was torn apart when its text was
taken from a PDF: four of its words stand in lines of their own, and are no part of it.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calfeed.documents import read_tree
from calfeed.extract import extract
from calfeed.model import Draft, Entry, Proposal
from calfeed.normalise import outline_terms, propose_all
from calfeed.settings import load_settings
from tests.needs import shared

ROOT = Path(__file__).parents[2]
DIGEST = ROOT / "data/sources/brs-technical-assistance-2013-2015.txt"
DOCUMENT = ("programme", "brs-technical-assistance-2013-2015.txt")
REFERENCE = date(2013, 1, 1)
SETTINGS = load_settings(ROOT / "calfeed.toml")
TORN = "Regional and national Green Customs Initiative workshops: www.greencustoms.org"
# What is left of it, and the entry behind it, whose activity is not told after the torn lines.
LEFT = ("Regional and national www.greencustoms.org", "www.greencustoms.org")
BEHIND = "Customs e-learning platform"
FOR_REVIEW = {
    "Workshops and webinars on CLI pillars",
    "Regional Workshops in cooperation with regional centres and UNEP regional offices",
    "Regional workshops in cooperation with Stockholm regional centres and UNEP regional offices",
    "Online preparatory training and follow-up sessions through online meetings and webinars",
    "Webinars",
}


def entries(content: str | bytes) -> tuple[Entry, ...]:
    raw = content.encode() if isinstance(content, str) else content
    tree = read_tree(raw, source="brs-2013-2015", name="programme.txt")
    found = extract(tree, SETTINGS.sections, reference=REFERENCE, settings=SETTINGS.dates)
    return tuple(entry for entry in found if not entry.suggested)


def proposals(content: str | bytes) -> tuple[Proposal, ...]:
    return propose_all(entries(content), SETTINGS, source=SETTINGS.source("brs-2013-2015"), reference=REFERENCE)


def drafts(proposal: Proposal) -> tuple[Draft, ...]:
    return next(iter(proposal.drafts.values()))


@pytest.fixture(scope="module")
def digest() -> tuple[Proposal, ...]:
    return proposals(DIGEST.read_bytes())


def whole(found: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    """The entries of calendars that were not torn apart."""
    torn = (*LEFT, BEHIND)
    return tuple(
        one
        for one in found
        if one.entry.outline[-1] and not one.entry.text.startswith(torn) and one.entry.text != "Regional and national"
    )


@pytest.fixture(scope="module")
def programme() -> tuple[Proposal, ...]:
    return whole(proposals(shared(*DOCUMENT).read_bytes()))


@pytest.fixture(scope="module")
def gold() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shared("programme", "gold.json").read_text("utf-8"))
    return [one for one in found if one["entry"] != TORN and not one["entry"].startswith(BEHIND)]


def test_the_digest_has_40_entries_and_88_events(digest: tuple[Proposal, ...]) -> None:
    found = [draft for proposal in digest for draft in drafts(proposal)]
    assert len(digest) == 40
    assert len(found) == 88
    assert sum(draft.period is None for draft in found) == 2


def test_what_is_for_review_in_the_digest(digest: tuple[Proposal, ...]) -> None:
    for_review = [drafts(proposal)[0] for proposal in digest if drafts(proposal)[0].review]
    assert len(for_review) == 9
    assert {draft.title for draft in for_review} == FOR_REVIEW
    assert all(draft.alternatives[0].rule == "each-year" for draft in for_review)


def test_the_conventions_of_the_digest(digest: tuple[Proposal, ...]) -> None:
    counted: dict[tuple[str, ...], int] = {}
    for proposal in digest:
        named = drafts(proposal)[0].facets["convention"]
        counted[named] = counted.get(named, 0) + 1
    assert counted == {
        ("basel",): 6,
        ("rotterdam",): 6,
        ("stockholm",): 7,
        ("basel", "stockholm"): 8,
        ("rotterdam", "stockholm"): 1,
        ("basel", "rotterdam", "stockholm"): 12,
    }


def test_every_event_says_why_it_belongs_where(digest: tuple[Proposal, ...]) -> None:
    for draft in (draft for proposal in digest for draft in drafts(proposal)):
        assert draft.provenance is not None
        proven = {(proof.facet, proof.value) for proof in draft.provenance.evidence}
        assert proven == {(facet, value) for facet, values in draft.facets.items() for value in values}


def test_the_one_place_of_the_programme(digest: tuple[Proposal, ...]) -> None:
    assert [(d.place, d.country) for p in digest for d in drafts(p) if d.place] == [("Manama, Bahrain", "BH")]


def test_each_theme_and_activity_is_a_topic(digest: tuple[Proposal, ...]) -> None:
    terms = outline_terms([draft for proposal in digest for draft in drafts(proposal)])
    assert len(terms) == 30
    assert terms["e-waste"] == "E-waste"
    assert terms["used-and-waste-pneumatic-tyres"] == "Used and Waste Pneumatic Tyres"
    assert terms["cross-cutting"] == "CROSS CUTTING"


def test_the_programme_is_read_as_its_gold_says(programme: tuple[Proposal, ...], gold: list[dict[str, Any]]) -> None:
    assert len(programme) == len(gold) == 38
    for proposal, wanted in zip(programme, gold, strict=True):
        entry, first = proposal.entry, drafts(proposal)[0]
        assert first.provenance is not None
        assert {
            "theme": entry.outline[0],
            "activity": entry.outline[1],
            "lines": list(entry.where.lines or ()),
            "entry": entry.text,
            "title": first.title,
            "date_text": first.provenance.date_text,
            "conventions": list(first.facets["convention"]),
            "kinds": list(first.facets["kind"]),
            "place": first.place,
            "needs_review": bool(first.review),
        } == {
            name: value for name, value in wanted.items() if name not in ("id", "periods", "open_end", "alternatives")
        }


def told(drafts: tuple[Draft, ...], *, open_end: bool) -> list[tuple[str, str | None, str | None]]:
    """The periods of some drafts; the first one's end is left out where the text leaves it open."""
    periods = [draft.period for draft in drafts if draft.period is not None]
    return [
        (str(p.start), None if open_end and not at else str(p.end), p.qualifier.value if p.qualifier else None)
        for at, p in enumerate(periods)
    ]


def test_the_periods_are_those_of_the_gold(programme: tuple[Proposal, ...], gold: list[dict[str, Any]]) -> None:
    for proposal, wanted in zip(programme, gold, strict=True):
        is_open = wanted["open_end"]
        periods = [
            (p["start"], None if is_open and not at else p["end"], p["qualifier"])
            for at, p in enumerate(wanted["periods"])
        ]
        assert told(drafts(proposal), open_end=is_open) == periods, wanted["id"]


def test_the_alternatives_are_those_of_the_gold(programme: tuple[Proposal, ...], gold: list[dict[str, Any]]) -> None:
    for proposal, wanted in zip(programme, gold, strict=True):
        for other in wanted["alternatives"]:
            periods = told(proposal.drafts[other["reading"]], open_end=False)
            assert [start for start, _, _ in periods] == [p["start"] for p in other["periods"]], wanted["id"]


def test_the_digest_says_what_the_programme_says(programme: tuple[Proposal, ...], digest: tuple[Proposal, ...]) -> None:
    clean = [one for one in digest if one.entry.text != TORN and not one.entry.text.startswith(BEHIND)]
    for full, short in zip(programme, clean, strict=True):
        assert (full.entry.text, full.entry.outline) == (short.entry.text, short.entry.outline)
        for one, other in zip(drafts(full), drafts(short), strict=True):
            assert (one.title, one.period, one.facets, one.place) == (
                other.title,
                other.period,
                other.facets,
                other.place,
            )


# The leading space of an item is all that was left of its bullet; one heading has it too.
ITEM = re.compile(r"^ (?!National Plans)(?=\S)", re.MULTILINE)


@pytest.mark.parametrize(
    ("what", "pattern", "becomes"),
    [
        ("bullets", ITEM, "• "),
        ("hyphens", ITEM, "- "),
        ("glyphs of a lost font", ITEM, "\uf0b7 "),
        ("set in", ITEM, "    – "),
        ("bullets that touch", ITEM, "•"),
        ("line ends of Windows", re.compile("\n"), "\r\n"),
        ("a blank line below", re.compile(r"^Calendar of events\n", re.MULTILINE), "Calendar of events\n\n"),
        ("a colon after its name", re.compile(r"^Calendar of events$", re.MULTILINE), "Calendar of events:"),
        ("its name in capitals", re.compile(r"^Calendar of events$", re.MULTILINE), "CALENDAR OF EVENTS"),
    ],
)  # fmt: skip
def test_the_layout_of_the_programme_does_not_matter(
    what: str, pattern: re.Pattern[str], becomes: str, gold: list[dict[str, Any]]
) -> None:
    text = pattern.sub(becomes, shared(*DOCUMENT).read_text("utf-8"))
    found = [(one.entry.text, *one.entry.outline[:2]) for one in whole(proposals(text))]
    assert found == [(wanted["entry"], wanted["theme"], wanted["activity"]) for wanted in gold]


def test_pages_with_headers_and_numbers_do_not_matter(gold: list[dict[str, Any]]) -> None:
    lines = shared(*DOCUMENT).read_text("utf-8").split("\n")
    pages = [lines[at : at + 45] for at in range(0, len(lines), 45)]
    header = "Technical assistance                         2013-2015"
    text = "\n\x0c".join("\n".join([header, "", *page, "", str(n)]) for n, page in enumerate(pages, start=1))
    found = [(one.entry.text, *one.entry.outline[:2]) for one in whole(proposals(text))]
    assert found == [(wanted["entry"], wanted["theme"], wanted["activity"]) for wanted in gold]
