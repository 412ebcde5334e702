"""The activity before a title that says too little without it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from calfeed.model import Entry, Where
from calfeed.normalise import propose_all
from calfeed.normalise.activities import with_activities
from calfeed.settings import Settings, parse_settings

SETTINGS = parse_settings('[site]\nname = "S"', source="calfeed.toml", folder=Path())
OFF = parse_settings('[site]\nname = "S"\nactivity_in_titles = false', source="calfeed.toml", folder=Path())


def titles(*rows: tuple[str, str], lang: str = "en", settings: Settings = SETTINGS) -> list[str]:
    """The titles of entries, each with the activity that it stands under."""
    entries = tuple(
        Entry(source="programme", outline=("Wastes", activity, "Calendar"), text=text, where=Where(), lang=lang)
        for activity, text in rows
    )
    proposals = with_activities(propose_all(entries, settings, reference=date(2026, 11, 24)), settings)
    return [next(iter(proposal.drafts.values()))[0].title for proposal in proposals]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("E-waste", "Webinars: 2027")], ["E-waste: webinars"]),
        ([("E-waste", "Training workshops: 2027")], ["E-waste: training workshops"]),
        ([("E-waste", "Workshop of the enforcement network: 2027")], ["Workshop of the enforcement network"]),
        (
            [("E-waste", "Steering group: 2027"), ("Used oils", "Steering group: 2027"), ("Used oils", "Tour: 2027")],
            ["E-waste: Steering group", "Used oils: Steering group", "Tour"],
        ),
        ([("E-waste", "Steering group: May 2027"), ("E-waste", "Steering group: June 2027")], ["Steering group"] * 2),
        ([("Webinars", "Webinars: 2027")], ["Webinars"]),
        ([("", "Webinars: 2027")], ["Webinars"]),
    ],
)
def test_a_title_that_says_too_little_has_its_activity(rows: list[tuple[str, str]], expected: list[str]) -> None:
    assert titles(*rows) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("fr", "Webinaires : 2027", "Déchets: webinaires"),
        ("ru", "Вебинары: 2027", "Déchets: вебинары"),
        ("de", "Tagung: 2027", "Déchets: Tagung"),
        ("zh", "网络研讨会：2027年", "Déchets: 网络研讨会"),
    ],
)
def test_a_kind_loses_its_capital_where_the_language_has_none_there(lang: str, text: str, expected: str) -> None:
    assert titles(("Déchets", text), lang=lang) == [expected]


def test_a_setting_leaves_titles_as_they_stand() -> None:
    assert titles(("E-waste", "Webinars: 2027"), settings=OFF) == ["Webinars"]
