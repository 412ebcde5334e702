"""Entries, and where in them the dates stand: each line of phrases/entries.txt is a case."""

import pytest

from calfeed.dates import find

from .phrase_table import Case, cases, days_of, notes_of

ENTRIES = cases("entries.txt")


@pytest.mark.parametrize("case", ENTRIES, ids=lambda case: case.place)
def test_an_entry_happens_when_the_marked_words_say(case: Case) -> None:
    text = case.phrase.replace("[", "").replace("]", "")
    told = find(text, case.context)
    marked = text
    for start, end in reversed(told.spans):
        marked = f"{marked[:start]}[{marked[start:end]}]{marked[end:]}"
    assert (marked, days_of(told), notes_of(told)) == (case.phrase, case.days, case.notes)
