"""What a document says of a model's proposals: its words decide, its dates are calfeed's own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from calfeed.assistant import Answer, Merged, Proposed, merge, read_answer
from calfeed.documents import read_tree
from calfeed.extract import Survey, read_weights, survey

PROGRAMME = Path(__file__).with_name("programme.md").read_bytes()


@pytest.fixture(scope="module")
def read() -> Survey:
    return survey_of(PROGRAMME, "programme.md")


def survey_of(content: bytes, name: str) -> Survey:
    return survey(read_tree(content, source=name, name=name), {}, reference=date(2027, 1, 1))


def both(read: Survey, *proposed: Proposed, trusting: bool = False) -> Merged:
    return merge(read, Answer(proposed=proposed), source="p", bar=read_weights(), trusting=trusting)


def days(merged: Merged, title: str) -> list[tuple[str, str]]:
    found = [one for one in merged.entries if title in one.text and one.reader == "assistant" and not one.suggested]
    return [(f"{p.start}", f"{p.end}") for one in found if one.found for p in one.found.readings[0].periods]


MUSIC = Proposed(
    title="Brass band on the quay",
    quote="At 14:00 the brass band plays on the quay",
    date_words="3 May",
    start=date(2027, 5, 3),
    end=date(2027, 5, 3),
)


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("11 March | B. Moss | The lighthouse keepers", "agreed"),
        ("11 march B MOSS the Lighthouse-Keepers", "agreed"),
        ("11 March | The lighthouse keepers", "agreed"),  # a column left out
        ("Programme 2027 | Lectures | 11 March | Title | The lighthouse keepers", "agreed"),  # with the heads over it
        ("11 March | [The lighthouse keepers](keepers.pdf)", "agreed"),  # a link's address is no word
        ("11 March | Ropes and knots", "absent"),  # words of two rows
        ("11 March | B. Moss | The lighthouse keepers of Skagen", "absent"),  # words of nowhere
        ("", "absent"),
    ],
)
def test_a_quotation_stands_in_one_row_with_all_its_words(read: Survey, quote: str, verdict: str) -> None:
    one = Proposed(title="x", quote=quote, date_words="11 March", start=date(2027, 3, 11), end=date(2027, 3, 11))
    assert both(read, one).grounded[0].verdict == verdict


def test_what_calfeed_alone_did_not_find_is_accepted_only_where_it_is_trusted_and_its_days_agree(read: Survey) -> None:
    assert days(both(read, MUSIC), "brass band") == []
    assert days(both(read, MUSIC, trusting=True), "brass band") == [("2027-05-03", "2027-05-03")]


def test_days_that_calfeed_does_not_read_are_never_accepted(read: Survey) -> None:
    wrong = Proposed(
        title="Brass band",
        quote="the brass band plays on the quay",
        date_words="3 May",
        start=date(2027, 5, 4),
        end=date(2027, 5, 4),
    )
    found = both(read, wrong, trusting=True)
    assert found.grounded[0].verdict == "disputed"
    (suggested,) = [one for one in found.entries if one.reader == "assistant"]
    assert suggested.suggested
    assert suggested.proposed == "2027-05-04..2027-05-04"


def test_days_that_the_assistant_understands_otherwise_are_for_an_editor_to_decide(read: Survey) -> None:
    wrong = Proposed(
        title="Ropes and knots",
        quote="4 March | A. Lind | Ropes and knots",
        start=date(2027, 4, 3),
        end=date(2027, 4, 3),
    )
    (entry,) = [one for one in both(read, wrong, trusting=True).entries if "Ropes" in one.text]
    assert entry.suggested
    assert entry.proposed == "2027-04-03..2027-04-03"


def test_days_in_a_row_that_are_listed_agree_with_the_range_from_first_to_last() -> None:
    read = survey_of(b"# Fair 2027\n\n- 7 and 8 May: Open house\n- 20 May: Regatta\n", "p.md")
    one = Proposed(title="Open house", quote="7 and 8 May: Open house", start=date(2027, 5, 7), end=date(2027, 5, 8))
    assert both(read, one).grounded[0].verdict == "agreed"


def test_what_the_assistant_leaves_out_is_less_sure_and_never_removed(read: Survey) -> None:
    alone, together = read.entries, both(read).entries
    assert [one.text for one in together] == [one.text for one in alone]
    assert all(after.confidence < before.confidence for before, after in zip(alone, together, strict=True))


def test_a_title_of_the_models_own_words_is_not_taken(read: Survey) -> None:
    found = both(read, replace(MUSIC, title="Brilliant concert by world stars"), trusting=True)
    (entry,) = [one for one in found.entries if one.reader == "assistant"]
    assert entry.title != "Brilliant concert by world stars"


def test_text_that_a_reader_cannot_see_grounds_nothing() -> None:
    page = b"<h1>Programme 2027</h1><p>3 May: regatta</p><p style='display:none'>4 May: free money for all</p>"
    one = Proposed(title="Free money", quote="free money for all", start=date(2027, 5, 4), end=date(2027, 5, 4))
    assert both(survey_of(page, "p.html"), one, trusting=True).grounded[0].verdict == "absent"


@pytest.mark.parametrize(
    ("text", "proposed", "refused"),
    [
        ('[{"title": "A", "quote": "a"}]', 1, 0),
        ('```json\n[{"title": "A", "quote": "a"}]\n```', 1, 0),
        ('{"events": [{"title": "A", "quote": "a"}]}', 1, 0),
        (
            '[{"title": "A", "quote": "a"}, {"title": 3}, "x", {"title": "B", "quote": "b", "start": "2027-13-01"}]',
            1,
            3,
        ),
        ('[{"title": "A", "quote": "a", "start": "2027-05-04", "end": "2027-05-03"}]', 0, 1),
        ("[]", 0, 0),
    ],
)
def test_items_that_are_no_proposals_are_counted(text: str, proposed: int, refused: int) -> None:
    answer = read_answer(text)
    assert (len(answer.proposed), answer.refused) == (proposed, refused)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sorry, I cannot help.",
        '[{"title": "A"',
        "<html></html>",
        "3",
        '{"a": [], "b": []}',
        "[" * 100_000,
        " " * 2**22,
    ],
)
def test_an_answer_that_is_nonsense_as_a_whole_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="the answer"):
        read_answer(text)


def test_a_recorded_answer_of_another_document_adds_nothing(read: Survey) -> None:
    other = json.dumps([{"title": "Dock party", "quote": "12 May: dock party", "start": "2027-05-12"}])
    found = merge(read, read_answer(other), source="p", bar=read_weights(), trusting=True)
    assert found.dropped == 1
    assert not [one for one in found.entries if one.reader == "assistant"]
