"""A table -> records: what each column holds is told by its cells, with its head as evidence.

Four kinds of tables have dates. Rows: a column of dates (or one of first and one of last days), the others are fields
of the row's record. Several columns of dates: each of them is a record of its own, named after the row and the column.
Grids: the heads are months, quarters, weeks or weekdays, and each filled cell is a record. Pairs: the first column
names the fields of one record. What fits none only lays out the page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import cache

from babel import Locale, UnknownLocaleError
from msgspec import Struct

from calfeed.dates import Field
from calfeed.extract.anchors import Anchor, Part, Reader, covered, words_in
from calfeed.extract.fields import label_kind
from calfeed.extract.grid import Grid, Row, head_kind, numbering
from calfeed.extract.lexicon import lexicon
from calfeed.extract.naming import promise
from calfeed.extract.placenames import place_names
from calfeed.extract.records import Record, expressions, lines_of
from calfeed.extract.scopes import is_scope
from calfeed.model import Interpretation, Period, Precision, Reading

Headings = tuple[str, ...]
_MARK_WORDS = 0
_DATE_KINDS = ("date", "start", "end", "deadline")
# A column whose cells promise so much on average names events: words, not codes.
_NAMES = 1.3
# So many cells are enough to tell what a column without a head holds.
_FEW = 3
_ASIDE = ("number", "contact", "link", "registration", "status", "time", "place", "weekday", *_DATE_KINDS)
_WEEK = 7


class Column(Struct, kw_only=True):
    """What a column holds: `role` is date, start, end, scope, time, place, title, number, other."""

    at: int
    head: str
    kind: str | None
    cells: list[Part]
    role: str = "other"


def rows(
    table: Part, headings: Headings, reader: Reader, *, day: Sequence[Anchor] = (), lead: str = ""
) -> list[Record] | None:
    """The records of a table; None where it only lays out the page, and its cells stand for themselves."""
    grid = Grid(table)
    if not grid.rows or grid.width < 2 or _lays_out(grid):
        return None
    columns = _columns(grid, reader.lang)
    if found := _pairs(grid, headings, reader.lang):
        return found
    if found := _matrix(grid, headings, reader):
        return found
    return _rows(grid, columns, headings, day, lead)


def _lays_out(grid: Grid) -> bool:
    """Whether most cells with dates hold several dated lines each, or blocks of their own."""
    cells = [cell for row in grid.rows for _, cell in row.starts]
    dated = [
        cell for cell in cells if cell.dated or any(each.dated for child in cell.children for each in child.walk())
    ]
    stacks = sum(1 for cell in dated if cell.children or sum(bool(line.dated) for line in lines_of(cell)) > 1)
    return bool(dated) and stacks * 2 > len(dated)


def _columns(grid: Grid, lang: str | None) -> list[Column]:
    numbers = numbering(grid)
    found = []
    for at, head in enumerate(grid.heads):
        kind = head_kind(head, lang)
        column = Column(at=at, head=head, kind=kind, cells=grid.column(at))
        column.role = "number" if at in numbers else _role(column, lang)
        found.append(column)
    dates = [column for column in found if column.role == "date"]
    if any(column.kind == "start" for column in dates) and any(column.kind == "end" for column in dates):
        for column in dates:
            column.role = column.kind if column.kind in ("start", "end") else column.role
    elif len(dates) == 2 and not any(column.head for column in dates) and _ordered(grid, dates[0].at, dates[1].at):
        # Two columns of days without heads are first and last day where the second is never the earlier one.
        dates[0].role, dates[1].role = "start", "end"
    _title(found, lang)
    return found


def _ordered(grid: Grid, first: int, second: int) -> bool:
    pairs = [
        (row.cells[first].dated, row.cells[second].dated) for row in grid.body if {first, second} <= row.cells.keys()
    ]
    days = [(a[0].day, b[0].day) for a, b in pairs if a and b]
    return len(days) > 1 and all(a is not None and b is not None and a <= b for a, b in days)


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


# Rows


def _rows(grid: Grid, columns: Sequence[Column], headings: Headings, day: Sequence[Anchor], lead: str) -> list[Record]:
    dates = [column for column in columns if column.role == "date"]
    loose = [column for column in columns if column.role == "scope"]
    spans = [column for column in columns if column.role in ("start", "end")]
    records: list[Record] = []
    running = tuple(day)
    for row in grid.body:
        filled = row.filled
        if not filled:
            continue
        if len(filled) == 1 and grid.width > 1:
            cell = filled[0]
            if cell.outcome == "scope":
                continue
            if cell.dated and covered(cell.text, cell.anchors) >= 0.6 and not dates:
                running, cell.outcome = cell.dated, "scope"
                continue
        if records and (dates or spans) and _goes_on(row, [*dates, *spans]):
            _append(records[-1], _record(row, columns, "none"))
            continue
        made = _of_row(row, columns, dates or loose[-1:], spans, () if dates or spans or loose else running)
        for record in made:
            record.headings, record.lead = headings, lead
        records += made
    titled = sum(record.title is not None for record in records)
    for record in records:
        record.bare_of = record.title is None and titled * 2 > len(records)
    looks = Counter(bool(record.anchors) for record in records)
    for record in records:
        record.peers, record.dated_peers = len(grid.body), looks[True]
    return records


def _goes_on(row: Row, dates: Sequence[Column]) -> bool:
    """Whether a row only goes on with the one above: where that has its date, it has a time of day."""
    cells = [row.cells[column.at] for column in dates if column.at in row.cells]
    return any(cell.anchors for cell in cells) and not any(cell.dated for cell in row.filled)


def _append(record: Record, more: Record) -> None:
    record.text = f"{record.text} | {more.text}"
    record.parts += more.parts
    record.times = record.times or more.times
    if more.place:
        record.place = f"{record.place}, {more.place}" if record.place else more.place


def _of_row(
    row: Row, columns: Sequence[Column], dates: Sequence[Column], spans: Sequence[Column], running: tuple[Anchor, ...]
) -> list[Record]:
    made: list[Record] = []
    if spans:
        cells = [row.cells[column.at] for column in spans if column.at in row.cells]
        anchors = [cell.dated[0] for cell in cells if cell.dated]
        if anchors:
            record = _record(row, columns, "span" if len(anchors) > 1 else "cell")
            record.anchors = (_span(anchors),) if len(anchors) > 1 else (anchors[0],)
            record.when = " – ".join(cell.text for cell in cells if cell.dated)
            made.append(record)
    exact = [cell for cell in row.filled if any(Field.DAY in one.has for one in cell.dated)]
    if not made and exact and not any(row.cells.get(column.at) in exact for column in dates):
        # The row says its days elsewhere than in the column of loose dates.
        dates = [column for column in columns if row.cells.get(column.at) is exact[0]][:1]
    for column in dates:
        cell = row.cells.get(column.at)
        if cell is None or not cell.dated:
            continue
        for group in expressions(cell.text, cell.dated):
            record = _record(row, columns, "cell")
            record.anchors = tuple(group)
            record.when = cell.text[group[0].start : group[-1].end]
            if len(dates) + len(spans) > 1 and column.head:
                record.label = column.head
                record.title = record.title or column.head
            if words_in(cell.text) > words_in(record.when) + 2:
                record.body = [cell.text]
            made.append(record)
    if made:
        return made
    inside = [cell for cell in row.filled if cell.dated]
    if inside and not dates and not spans:
        cell = inside[0]
        record = _record(row, columns, "inside")
        record.anchors = tuple(expressions(cell.text, cell.dated)[0])
        record.when = cell.text[record.anchors[0].start : record.anchors[-1].end]
        return [record]
    record = _record(row, columns, "none")
    times = any(anchor.times for cell in row.filled for anchor in cell.anchors)
    if running and times:
        record.anchors, record.look = running, "under"
        return [record]
    return [record] if dates or spans else []


def _record(row: Row, columns: Sequence[Column], look: str) -> Record:
    """The record of a row without its dates: title, place and times by the roles of its columns."""
    text = " | ".join(cell.text.replace("\n", " ") for cell in row.filled)
    by_role: dict[str, list[Part]] = {}
    for column in columns:
        cell = row.cells.get(column.at)
        if cell is not None and (cell.text.strip() or cell.children) and cell not in by_role.get(column.role, ()):
            by_role.setdefault(column.role, []).append(cell)
    title = " ".join(cell.text for cell in by_role.get("title", ())).strip()
    if not any(map(str.isalpha, title)):
        others = [*by_role.get("other", ()), *by_role.get("speaker", ()), *by_role.get("note", ())]
        title = next((cell.text for cell in others if any(map(str.isalpha, cell.text))), "")
    place = ", ".join(cell.text for cell in by_role.get("place", ()) if any(map(str.isalpha, cell.text)))
    times = next((one.times for cell in row.filled for one in cell.anchors if one.times), None)
    return Record(
        parts=[row.part, *row.filled],
        text=text,
        shape="row",
        look=look,
        title=title or None,
        place=place or None,
        times=times,
        columns={
            column.head: row.cells[column.at].text for column in columns if column.head and column.at in row.cells
        },
    )


def _span(anchors: Sequence[Anchor]) -> Anchor:
    """One period from the first of some anchors to the last."""
    first, last = anchors[0].periods[0], anchors[-1].periods[-1]
    start, end = first.start or first.end, last.end or last.start
    if start is None or end is None or end < start:
        return anchors[0]
    period = Period(start=start, end=end, precision=first.precision, times=first.times, zone=first.zone)
    found = anchors[0].found
    reading = Reading(rule="range", periods=(period,), inferred=found.readings[0].inferred)
    one = Interpretation(
        text=found.text, lang=found.lang, readings=(reading,), review=found.review, reasons=found.reasons
    )
    return Anchor(start=0, end=0, found=one, has=anchors[0].has, lacks=anchors[0].lacks, lent=anchors[0].lent)


# Grids


def _matrix(grid: Grid, headings: Headings, reader: Reader) -> list[Record]:
    """The records of a grid whose heads are dates or weekdays."""
    heads: dict[int, Anchor] = {}
    for row in grid.rows:
        if row.head:
            for column, cell in row.cells.items():
                if cell.dated and covered(cell.text, cell.dated) >= 0.5:
                    heads[column] = cell.dated[0]
    weekdays = {} if heads else _weekdays(grid, reader)
    if len(heads) < 2 and len(weekdays) < 2:
        return []
    if len(heads) * 2 < grid.width - 1 and not weekdays:
        return []
    made: list[Record] = []
    for row in grid.body:
        made += _grid_row(row, grid, heads, weekdays, headings)
    for record in made:
        record.peers = record.dated_peers = len(made)
    return made


def _weekdays(grid: Grid, reader: Reader) -> dict[int, int]:
    """The weekday that each column's head names, 0 is Monday."""
    names = weekday_names(reader.lang)
    found: dict[int, int] = {}
    for first in range(grid.width):
        for start in range(_WEEK):
            run = 0
            while (
                first + run < grid.width
                and run < _WEEK
                and _abbreviates(grid.heads[first + run], names[(start + run) % _WEEK])
            ):
                run += 1
            if run >= 4 and run > len(found):
                found = {first + at: (start + at) % _WEEK for at in range(run)}
    if found:
        return found
    whole = {at: names.index(head.casefold()) for at, head in enumerate(grid.heads) if head.casefold() in names}
    return whole if len(whole) > 1 else {}


def _abbreviates(head: str, name: str) -> bool:
    head = head.casefold().rstrip(".")
    return bool(head) and name.startswith(head)


@cache
def weekday_names(lang: str | None) -> tuple[str, ...]:
    """The seven weekdays from Monday in a language, in small letters (CLDR)."""
    try:
        locale = Locale.parse((lang or "en").replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        locale = Locale("en")
    names = locale.days["stand-alone"]["wide"]
    return tuple(str(names[day]).casefold() for day in range(_WEEK))


def _grid_row(
    row: Row, grid: Grid, heads: dict[int, Anchor], weekdays: dict[int, int], headings: Headings
) -> list[Record]:
    over = heads.keys() | weekdays.keys()
    names = [cell for column, cell in row.starts if column not in over and cell.text.strip()]
    days = [one for cell in names for one in cell.dated]
    week = days[0] if days else None
    name = " ".join(cell.text for cell in names if not cell.dated).strip()
    made = []
    for column, cell in row.starts:
        if column not in over or not cell.text.strip():
            continue
        own = cell.dated
        if own:
            anchors: list[Anchor] = expressions(cell.text, own)[0]
        elif column in weekdays and week is not None:
            anchors = _weekday_of(days, weekdays[column])
        elif column in heads and not weekdays:
            anchors = [heads[column]]
        else:
            continue
        text = cell.text.replace("\n", " ")
        said = any(map(str.isalpha, text)) and len(text) > 2 and covered(text, own) < 0.75
        if not anchors or (not said and not name):
            continue
        record = Record(parts=[row.part, cell], text=f"{name} | {text}" if name else text, shape="grid", look="cell")
        record.title = None if own and said else text if said else name
        record.anchors, record.headings = tuple(anchors), headings
        if own:
            offset = len(record.text) - len(text)
            record.spans = tuple((one.start + offset, one.end + offset) for one in own)
        record.when = cell.text[own[0].start : own[-1].end] if own else grid.heads[column]
        record.times = next((one.times for one in cell.anchors if one.times), None)
        if own and not said:
            record.title = name
        made.append(record)
    return made


def _weekday_of(days: Sequence[Anchor], weekday: int) -> list[Anchor]:
    """The day with a weekday: of those that are told one by one, else of the week that begins with the first."""
    periods = [period for one in days for period in one.periods]
    told = [period.start for period in periods if period.start and period.start == period.end]
    start = periods[0].start
    if start is None:
        return []
    week = days[0]
    if len(told) > 1:
        day = next((each for each in told if each.weekday() == weekday), None)
        if day is None:
            return []
    else:
        day = start + timedelta(days=(weekday - start.weekday()) % _WEEK)
    period = Period(start=day, end=day, precision=Precision.DAY)
    reading = Reading(rule="weekday", periods=(period,), inferred=week.found.readings[0].inferred)
    found = Interpretation(text=week.found.text, lang=week.found.lang, readings=(reading,))
    return [Anchor(start=0, end=0, found=found, has=frozenset(Field), lacks=week.lacks, lent=week.lent)]


# Pairs


def _pairs(grid: Grid, headings: Headings, lang: str | None) -> list[Record]:
    """A table of two columns whose first names the fields of one record."""
    if grid.width != 2 or len(grid.rows) < 2:
        return []
    kinds: dict[str, Part] = {}
    known = 0
    for row in grid.rows:
        label, value = row.cells.get(0), row.cells.get(1)
        kind = label_kind(label.text, lang) if label is not None and not label.dated else None
        known += kind is not None
        if kind and value is not None and kind not in kinds:
            kinds[kind] = value
    date = kinds.get("date") or kinds.get("start")
    if known * 2 < len(grid.rows) or known < 2 or date is None or not date.dated:
        return []
    group = expressions(date.text, date.dated)[0]
    text = " | ".join(
        f"{row.cells[0].text}: {row.cells[1].text}" for row in grid.rows if 0 in row.cells and 1 in row.cells
    )
    return [
        Record(
            parts=[cell for row in grid.rows for cell in row.cells.values()],
            text=text,
            shape="pair",
            look="cell",
            anchors=tuple(group),
            when=date.text[group[0].start : group[-1].end],
            title=kinds["title"].text if "title" in kinds else None,
            place=kinds["place"].text if "place" in kinds else None,
            times=next((one.times for one in (kinds["time"].anchors if "time" in kinds else ()) if one.times), None),
            headings=headings,
        )
    ]
