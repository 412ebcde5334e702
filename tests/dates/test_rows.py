"""Every row of the grammar reads its own examples, and no two rows read the same words in different ways."""

from __future__ import annotations

from datetime import date

import pytest

from calfeed.dates.context import Context, language_of
from calfeed.dates.find import read_line
from calfeed.dates.grammar import Production, source, tables
from calfeed.dates.notation import Item, Node, applied

UNDER_A_MONTH = ("either of two days",)
REFERENCE = date(2013, 3, 13)
# What stands in another language than its words tell, and what is read only where a month is known.
LANGUAGE = {"vor drei Monaten": "de", "III. Quartal 2014": "de", "a las 15 horas": "es", "9:00 a 11 horas": "es"}


@pytest.mark.parametrize("row", source().dates + source().parts, ids=lambda row: row.name)
def test_a_row_reads_its_examples(row: Production) -> None:
    assert row.examples
    headings = ("May",) if row.name in UNDER_A_MONTH else ()
    for example in row.examples:
        context = Context(reference=REFERENCE, lang=LANGUAGE.get(example), headings=headings)
        lang = language_of(example, context.lang)
        line = read_line(example, context, lang, bare=True)
        items: list[Item] = list(line.scene.lexemes)
        read = applied(tables()[0], line.scene, items)
        rows = [item.row for item in (*read, *line.items) if isinstance(item, Node)]
        assert row.name in rows, example


def test_names_are_used_once() -> None:
    names = [row.name for row in source().dates + source().parts]
    assert len(names) == len(set(names))
