"""What each column of a table holds: its role is told by its cells, with its head as evidence.

In: a `Grid` whose cells have their anchors. Out: a `Column` for each, in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Part, covered, words_in
from calfeed.extract.grid import Grid, head_kind, numbering
from calfeed.extract.lexicon import LANGUAGES, lexicon
from calfeed.extract.naming import promise
from calfeed.extract.placenames import place_names
from calfeed.extract.records import lines_of
from calfeed.extract.scopes import is_scope

_DATE_KINDS = ("date", "start", "end", "deadline")
# A column whose cells promise so much on average names events: words, not codes.
_NAMES = 1.3
# So many cells are enough to tell what a column without a head holds.
_FEW = 3
# A code is a word of so many letters at most.
_CODE = 8


class Column(Struct, kw_only=True):
    """What a column holds: `role` is date, start, end, scope, time, place, title, home, away, number, other."""

    at: int
    head: str
    kind: str | None
    cells: list[Part]
    role: str = "other"


def columns_of(grid: Grid, lang: str | None) -> list[Column]:
    """The columns of a grid with their roles; one of them names the events."""
    numbers = numbering(grid)
    found = []
    for at, head in enumerate(grid.heads):
        kind = head_kind(head, lang)
        column = Column(at=at, head=head, kind=kind, cells=grid.column(at))
        column.role = "number" if at in numbers else _role(column, lang)
        found.append(column)
    _pair_days(grid, [column for column in found if column.role == "date"])
    _pair_sides(found, lang)
    _title(found, lang)
    return found


def _pair_days(grid: Grid, dates: Sequence[Column]) -> None:
    """Two columns of days are first and last day: their heads say so, or one head does and the second day is never the
    earlier one, or neither has a head."""
    kinds = [column.kind for column in dates]
    if "start" in kinds and "end" in kinds:
        for column in dates:
            column.role = column.kind if column.kind in ("start", "end") else column.role
        return
    if len(dates) != 2 or not _ordered(grid, dates[0].at, dates[1].at):
        return
    told = kinds[0] == "start" or kinds[1] == "end"
    if (told and "deadline" not in kinds) or not any(column.head for column in dates):
        dates[0].role, dates[1].role = "start", "end"


def _ordered(grid: Grid, first: int, second: int) -> bool:
    pairs = [
        (row.cells[first].dated, row.cells[second].dated) for row in grid.body if {first, second} <= row.cells.keys()
    ]
    days = [(a[0].day, b[0].day) for a, b in pairs if a and b]
    return len(days) > 1 and all(a is not None and b is not None and a <= b for a, b in days)


def _pair_sides(columns: Sequence[Column], lang: str | None) -> None:
    """Fixtures: two columns beside each other whose heads name the two sides of a game."""
    for one, other in pairwise(columns):
        for each in dict.fromkeys((lang, *LANGUAGES)):
            sides = lexicon(each, one.head).of("fixtures")
            if {sides.whole(one.head.strip()), sides.whole(other.head.strip())} == {"home", "away"}:
                one.role, other.role = "home", "away"
                return


def _role(column: Column, lang: str | None) -> str:
    """The role that most cells of a column speak for."""
    cells = column.cells
    if not cells:
        return "empty"
    dated = [cell for cell in cells if cell.dated]
    scopes = sum(is_scope(cell.text, cell.anchors) for cell in cells)
    whole = sum(1 for cell in dated if _says_when(cell))
    timed = sum(1 for cell in cells if not cell.dated and any(anchor.times for anchor in cell.anchors))
    if scopes * 2 > len(cells) and len(dated) >= len(cells) * 0.5:
        return "scope"
    if whole * 2 >= len(cells) or (column.kind in _DATE_KINDS and dated):
        return "date"
    if timed * 2 > len(cells) or column.kind == "time":
        return "time"
    if (
        column.kind is None
        and len(cells) >= _FEW
        and sum(_is_place(cell.text, lang) for cell in cells) * 2 > len(cells)
    ):
        return "place"
    return column.kind if column.kind in ("place", "number", "contact", "link", "speaker", "note", "title") else "other"


def _is_place(text: str, lang: str | None) -> bool:
    return bool(text.strip()) and place_names(lang, text, ()).is_place(text.split(",")[0])


def _says_when(cell: Part) -> bool:
    """Whether a cell, or a line of it, is mostly a date."""
    if covered(cell.text, cell.anchors) >= 0.5:
        return True
    return any(line.look == "date" for line in lines_of(cell, always=True))


def _title(columns: Sequence[Column], lang: str | None) -> None:
    """The column that names the events: its head says so, else that with the most and most various words."""
    titled = [column for column in columns if column.role == "title"]
    if titled:
        # "Short name" and "Title" both name it; codes are outdone by words.
        best_named = next((one for one in titled if _named(one, lang) >= _NAMES), None) or max(
            titled, key=lambda one: _named(one, lang)
        )
        for column in titled:
            column.role = "title" if column is best_named else "other"
        return
    others = [column for column in columns if column.role in ("other", "speaker", "note")]
    best, most = None, 0.0
    for column in others:
        texts = [cell.text for cell in column.cells]
        various = len(set(texts)) / len(texts) if texts else 0
        length = sum(min(12, words_in(text)) for text in texts) / len(texts) if texts else 0
        filled = len(texts) / max(1, max(len(each.cells) for each in columns))
        score = length * various * filled * {"note": 0.3, "speaker": 0.5}.get(column.role, 1.0)
        if score > most:
            best, most = column, score
    if best is not None:
        best.role = "title"


def _named(column: Column, lang: str | None) -> float:
    """How much a column's cells look like names of events, on average."""
    told = [promise(cell.text, lexicon(lang, cell.text)) for cell in column.cells]
    return sum(told) / len(told) if told else 0.0


def denies(text: str, lang: str | None) -> bool:
    """Whether a cell says that nothing takes place ("No class"), or holds nothing but a dash."""
    hits = lexicon(lang, text).of("prose.denying").find(text)
    begins = any(hit.start == 0 for hit in hits) and len(text.split()) <= 6
    bare = not any(map(str.isalnum, text))
    return begins or (bare and text.strip() in ("-", "–", "—", "--", "/", ".", "…"))


def codes_of(root: Part) -> dict[str, str]:
    """What the codes of a document stand for: tables of two columns without dates, a short word and its meaning."""
    found: dict[str, str] = {}
    for part in root.walk():
        if part.kind is not NodeKind.TABLE:
            continue
        grid = Grid(part)
        rows = [row.cells for row in grid.body if set(row.cells) == {0, 1}]
        pairs = [(cells[0].text.strip(), cells[1].text.strip()) for cells in rows]
        codes = {code: meaning for code, meaning in pairs if code and meaning and code != meaning}
        short = all(len(code) <= _CODE and len(code.split()) == 1 for code in codes)
        told = all(len(meaning) > len(code) and any(map(str.isalpha, meaning)) for code, meaning in codes.items())
        dated = any(cell.dated for row in grid.rows for _, cell in row.starts)
        if 1 < len(codes) == len(rows) and short and told and not dated:
            found |= codes
    return found
