"""A table's row -> an item: which column holds the date, the event, the place."""

from __future__ import annotations

from collections.abc import Sequence

from calfeed.extract.dated import DateWords
from calfeed.extract.lines import Line
from calfeed.extract.words import words
from calfeed.model import BlockKind

DATE, EVENT, PLACE = "date", "event", "place"


def role(name: str) -> str | None:
    """What a column with this heading holds: "date", "event", "place", None where its name does not say."""
    table = words().columns
    folded = name.casefold().strip(" :：.*")
    if folded in table:
        return table[folded]
    return next((table[word] for word in folded.replace("/", " ").split() if word in table), None)


def names_dates(line: Line) -> bool:
    """Whether a row stands in a table that has a column of dates beside others, or is the header of one."""
    roles = [role(name) for name in line.columns or line.cells]
    return DATE in roles and len(roles) > 1


def is_header(line: Line, following: Line | None) -> bool:
    """Whether a row names the columns of those below it."""
    if line.columns:
        return False
    roles = [role(cell) for cell in line.cells]
    named = DATE in roles or sum(role is not None for role in roles) >= 2
    return named and following is not None and following.kind is BlockKind.ROW and following.columns == line.cells


def cells_of(line: Line, dates: DateWords) -> tuple[str, dict[str, str]]:
    """A row as one text, and its cells by their role: where the header names it, else where one alone is a date."""
    if not line.columns:
        return " | ".join(cell for cell in line.cells if cell), _by_date(line.cells, dates)
    columns: dict[str, str] = {}
    for name, cell in zip(line.columns, line.cells, strict=False):
        key = role(name) or name.casefold().strip()
        if cell and key:
            columns[key] = f"{columns[key]}, {cell}" if key in columns else cell
    return " | ".join(cell for cell in line.cells if cell), columns


def _by_date(cells: Sequence[str], dates: DateWords) -> dict[str, str]:
    """The cell that is a date and the others, {} where none or several look like one."""
    for test in (dates.only, dates.starts, dates.has_date):
        dated = [at for at, cell in enumerate(cells) if test(cell)]
        if len(dated) == 1:
            others = [cell for at, cell in enumerate(cells) if cell and at != dated[0]]
            return {DATE: cells[dated[0]], EVENT: ", ".join(others)} if others else {}
        if dated:
            return {}
    return {}
