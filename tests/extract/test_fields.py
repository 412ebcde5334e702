"""The fields of a record: tables of texts by language (fields/*.toml), the roles of pairs and columns (labels.toml)."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from calfeed.extract.fields import Fields, fields_of, label_kind, status_of
from calfeed.extract.venues import venue_for_all
from calfeed.model import Status

HERE = Path(__file__).parent
EMPTY: dict[str, object] = {
    "title": None,
    "place": None,
    "country": None,
    "online": False,
    "status": None,
    "kinds": [],
    "links": [],
}
MARK = re.compile(r"\[\[(.*?)\]\]")


def cases(folder: str) -> list[Any]:
    found = []
    for path in sorted((HERE / folder).glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))["case"]
        found += [pytest.param(path.stem, case, id=f"{path.stem}: {case['text'][:50]}") for case in table]
    return found


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    spans: list[tuple[int, int]] = []
    while match := MARK.search(text):
        spans.append((match.start(), match.start() + len(match[1])))
        text = text[: match.start()] + match[1] + text[match.end() :]
    return text, spans


@pytest.mark.parametrize(("lang", "case"), cases("fields"))
def test_the_fields_of_a_record(lang: str, case: dict[str, Any]) -> None:
    text, spans = unmarked(case["text"])
    headings = [case["heading"]] if "heading" in case else []
    found = fields_of([text], [spans], lang=lang, headings=headings)
    told = {
        "title": found.title,
        "place": found.place,
        "country": found.country,
        "online": found.online,
        "status": str(found.status) if found.status else None,
        "kinds": list(found.kinds),
        "links": list(found.links),
    }
    wanted = {name: case.get(name, empty) for name, empty in EMPTY.items()}
    assert told == wanted


def labels() -> list[Any]:
    table = tomllib.loads((HERE / "labels.toml").read_text("utf-8"))
    return [
        pytest.param(lang, label, None if role == "none" else role, id=f"{lang}: {label}")
        for lang, roles in table.items()
        for role, said in roles.items()
        for label in said
    ]


@pytest.mark.parametrize(("lang", "label", "role"), labels())
def test_what_a_label_announces(lang: str, label: str, role: str | None) -> None:
    assert label_kind(label, lang) == role


def test_english_labels_are_understood_in_every_language() -> None:
    assert label_kind("Venue", "fr") == "place"
    assert label_kind("Deadline", "zh") == "deadline"


def test_cells_with_roles_give_their_fields() -> None:
    texts = ["12 May 2014", "Budget working group", "Nairobi", "Kenya", "Ms A. Smith", "cancelled"]
    roles = ["date", "title", "place", "place", "speaker", "status"]
    found = fields_of(texts, [[(0, 11)]], lang="en", roles=roles)
    assert (found.title, found.title_from) == ("Budget working group", "role")
    assert (found.place, found.country) == ("Nairobi, Kenya", "KE")
    assert found.status is Status.CANCELLED


def test_a_place_that_is_not_told_yet_is_none() -> None:
    found = fields_of(["12 May 2014", "Workshop", "TBC"], [[(0, 11)]], lang="en", roles=["date", "title", "place"])
    assert found.place is None


def test_a_bold_run_is_the_title() -> None:
    text = "On 12 May 2014 the members gather for their Summer Fair with cake and music."
    found = fields_of([text], [[(3, 14)]], lang="en", emphases=[[(44, 55)]])
    assert (found.title, found.title_from) == ("Summer Fair", "emphasis")


def test_a_deadline_within_a_record_is_named_after_its_event() -> None:
    texts = ["Workshop on mercury", "Registration deadline: 3 May 2014"]
    found = fields_of(texts, [[], [(23, 33)]], lang="en", label="Registration deadline")
    assert found.title == "Registration deadline: Workshop on mercury"
    assert found.kinds == ("deadline", "workshop")


def test_nothing_gives_nothing() -> None:
    assert fields_of([], [], lang=None) == Fields()
    assert fields_of(["12 May 2014"], [[(0, 11)]], lang="en").title is None


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Spring concert (cancelled)", Status.CANCELLED),
        ("Spring concert - POSTPONED", Status.POSTPONED),
        ("tentative", Status.TENTATIVE),
        ("Talk on cancelled projects", None),
        ("Workshop on completed work", None),
    ],
)
def test_a_state_counts_where_it_stands_alone(text: str, status: Status | None) -> None:
    assert status_of(text, "en") is status


@pytest.mark.parametrize(
    ("lang", "text", "place"),
    [
        ("en", "All meetings are held at 7.30 pm in the Village Hall, Church Lane.", "Village Hall, Church Lane"),
        ("en", "Unless otherwise noted, talks take place in Room 12, City Library.", "Room 12, City Library"),
        ("en", "The committee discussed the Village Hall.", None),
        ("fr", "Les séances se tiennent en Mairie, elles sont publiques.", "Mairie"),
        ("de", "Alle Vorträge finden im Rathaussaal statt.", "Rathaussaal"),
        ("es", "Todas las actividades se realizan en el Centro Cívico.", "Centro Cívico"),
        ("ru", "Заседания проводятся в библиотеке им. Гоголя.", "библиотеке им. Гоголя"),
    ],
)
def test_the_place_of_all_of_a_list(lang: str, text: str, place: str | None) -> None:
    found = venue_for_all(text, [], lang=lang)
    assert (found.name if found else None) == place
