"""Phrases and what they mean: each line of phrases/*.txt is a case."""

import re

import pytest

from calfeed.dates import find, interpret

from .phrase_table import FOLDER, Case, cases, days_of, notes_of

PHRASES = [case for path in sorted(FOLDER.glob("[!_]*.txt")) for case in cases(path.name) if path.name != "entries.txt"]


@pytest.mark.parametrize("case", PHRASES, ids=lambda case: case.place)
def test_a_phrase_means_what_its_table_says(case: Case) -> None:
    told = interpret(case.phrase, case.context)
    assert (days_of(told), notes_of(told)) == (case.days, case.notes), case.phrase


# A century in a title is no date, and the number of events belongs to the title.
DATED = [
    case
    for case in PHRASES
    if case.days != "no date"
    and "century" not in case.phrase
    and not re.search("unread|relative to|events", " ".join(case.notes))
]


@pytest.mark.parametrize("case", DATED, ids=lambda case: case.place)
def test_a_phrase_after_a_colon_is_found_whole(case: Case) -> None:
    text = f"Qwerty zxcv: {case.phrase}"
    told = find(text, case.context)
    assert days_of(told) == case.days
    assert text[told.spans[0][0] : told.spans[-1][1]].startswith(case.phrase.lstrip('¿(["')[:3]), told.spans
