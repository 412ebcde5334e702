"""Paragraphs of a PDF: lines rejoined where they were wrapped, kept apart where they were not.

In: segments in the file's order. Out: `Paragraph`s, whose lines say where the author broke them. A line was wrapped
where the first word of the next one would not have fitted behind it; all else that looks like a break is one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from calfeed.documents.assemble import Piece
from calfeed.documents.grid import union
from calfeed.documents.pdf_lines import Segment
from calfeed.documents.pdf_words import Box
from calfeed.documents.tree import Style
from calfeed.model import Where

_BULLET = re.compile(r"[•◦▪▫■□●○‣⁃∙·➢➤✓➔→*–—\-\uf0b7\uf0a7\uf0d8o§]")
_NUMBER = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2})*[.)]|\d{1,2}(?:\.\d{1,2})+|[a-zA-Z][.)]|[ivxIVX]{1,5}[.)])")
# Chinese and Japanese are written without spaces.
_WIDE = re.compile("[\u3001-\u30ff\u3400-\u9fff\uff00-\uffef]")
_HYPHENS = "-\u00ad\u2010\x02"
# Lines farther apart than this many sizes do not belong to one paragraph.
_APART = 1.9
# Sizes that differ by more than this share are two sizes.
_SIZE_SHARE = 0.08


class Paragraph(NamedTuple):
    """Lines that belong together: each `row` is what was wrapped, rejoined; rows were broken on purpose."""

    rows: tuple[tuple[Segment, ...], ...]
    page: int
    marker: str = ""
    left: float = 0.0

    @property
    def segments(self) -> list[Segment]:
        return [segment for row in self.rows for segment in row]

    @property
    def text(self) -> str:
        return "\n".join(" ".join(segment.text for segment in row) for row in self.rows)

    @property
    def where(self) -> Where:
        return place(self.segments, self.page)


def place(segments: Iterable[Segment], page: int) -> Where:
    """Where segments of a page stand."""
    return union(Where(pages=(page, page), box=rounded(segment.box)) for segment in segments)


def rounded(box: Box) -> Box:
    """A box to a tenth of a point."""
    left, top, right, bottom = box
    return round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)


def paragraphs(segments: Sequence[Segment], page: int, width: float) -> Iterator[Paragraph]:
    """The paragraphs of a page's segments; `width` is the page's."""
    for column in _columns(segments):
        yield from _paragraphs(column, page, _room(column, segments, width))


def _columns(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Runs of segments that go down the page one below the other."""
    column: list[Segment] = []
    for segment in segments:
        if column and not _below(column[-1], segment) and not _beside(column[-1], segment):
            yield column
            column = []
        column.append(segment)
    if column:
        yield column


def _below(above: Segment, segment: Segment) -> bool:
    return segment.middle > above.middle


def _beside(before: Segment, segment: Segment) -> bool:
    return min(before.bottom, segment.bottom) - max(before.top, segment.top) > 0.4 * min(
        before.bottom - before.top, segment.bottom - segment.top
    )


def _room(column: Sequence[Segment], all_segments: Sequence[Segment], width: float) -> tuple[float, float]:
    """Between which edges a column's lines could be set: what they reach, or the page's margins if these are alike."""
    left, right = min(s.left for s in column), max(s.right for s in column)
    top, bottom = min(s.top for s in column), max(s.bottom for s in column)
    beside = [s.left for s in all_segments if s.left > right and s.bottom > top and s.top < bottom]
    margin = min((s.left for s in all_segments), default=left)
    limits = [width - margin, *(at - 2 * column[0].face.size for at in beside)]
    if left < 0.3 * width:
        limits.append(width - left)
    limit = min(limits)
    # Where lines come near the limit, the longest of them shows it; where none does, none was wrapped.
    return left, right if right > left + 0.85 * (limit - left) else max(limit, right)


def _paragraphs(column: Sequence[Segment], page: int, room: tuple[float, float]) -> Iterator[Paragraph]:
    rows: list[list[Segment]] = []
    marker, pitch = "", 0.0
    for at, segment in enumerate(column):
        last = rows[-1][-1] if rows else None
        if last is not None and _beside(last, segment):
            rows[-1].append(segment)
            continue
        sign = _marker(column, at)
        if last is not None and not sign and _same_paragraph(rows, last, segment, pitch, marker, room):
            pitch = pitch or segment.middle - last.middle
            if _wrapped(rows[-1], segment, room):
                rows[-1].append(segment)
            else:
                rows.append([segment])
            continue
        if rows:
            yield _made(rows, page, marker)
        rows, marker, pitch = [[segment]], sign, 0.0
    if rows:
        yield _made(rows, page, marker)


def _made(rows: list[list[Segment]], page: int, marker: str) -> Paragraph:
    left = rows[0][0].left
    if marker:
        first = rows[0][0]
        if len(first.words) > 1:
            rest = first.words[1:]
            first = first._replace(words=rest, left=rest[0].left)
            rows = [[first, *rows[0][1:]], *rows[1:]]
        elif len(rows[0]) > 1:
            rows = [rows[0][1:], *rows[1:]]
    return Paragraph(tuple(map(tuple, rows)), page, marker, left)


def _marker(column: Sequence[Segment], at: int) -> str:
    """The bullet or number that a line begins with, "" where it has none."""
    words = column[at].words
    sign = words[0].text
    alone = len(words) == 1
    if alone and not (at + 1 < len(column) and _beside(column[at], column[at + 1])):
        return ""
    return sign if _BULLET.fullmatch(sign) or _NUMBER.fullmatch(sign) else ""


def _same_paragraph(
    rows: Sequence[Sequence[Segment]],
    last: Segment,
    segment: Segment,
    pitch: float,
    marker: str,
    room: tuple[float, float],
) -> bool:
    size = max(last.face.size, segment.face.size)
    if abs(last.face.size - segment.face.size) > _SIZE_SHARE * size or last.face.bold != segment.face.bold:
        return False
    step = segment.middle - last.middle
    if step > _APART * size or (pitch and step > 1.25 * pitch):
        return False
    if marker and segment.left <= rows[0][0].left + 0.3 * size:
        # A list's lines hang below its text; what stands farther left goes on with it only where the line was full.
        return abs(segment.left - rows[0][0].left) < size and _wrapped(rows[-1], segment, room)
    return min(last.right, segment.right) > max(last.left, segment.left)


def _wrapped(row: Sequence[Segment], segment: Segment, room: tuple[float, float]) -> bool:
    """Whether the first word of `segment` would not have fitted on the line before it."""
    last = row[-1]
    left, right = room
    first = segment.words[0]
    need = first.right - first.left + 0.3 * first.face.size
    centred = abs((last.left + last.right) - (segment.left + segment.right)) < 4 and abs(last.left - segment.left) > 4
    if centred:
        return last.width + need > (right - left) * 0.98
    if segment.rtl and last.rtl:
        return last.left - need < left
    return last.right + need > right - 0.5 * first.face.size


def purposes(cells: Iterable[tuple[Sequence[Segment], float]]) -> Counter[str]:
    """How lines of tables begin that were broken on purpose ("10:30"), given each cell's segments and width.

    A cell that happens to be full does not show whether its lines were wrapped; others that break in the same way do.
    """
    purpose: Counter[str] = Counter()
    for segments, width in cells:
        for last, segment in pairwise(in_order(segments)):
            if not _beside(last, segment):
                purpose[_shape(segment)] += 3 if _fits(last, segment, width) else -1
    return purpose


def in_order(segments: Sequence[Segment]) -> list[Segment]:
    """A cell's segments from the top down, as the file has them where it goes down."""
    shuffled = any(b.middle < a.middle - a.face.size for a, b in pairwise(segments))
    return sorted(segments, key=lambda s: (round(s.middle), s.left)) if shuffled else list(segments)


def cell_rows(segments: Sequence[Segment], width: float, purpose: Mapping[str, int]) -> list[list[Segment]]:
    """The lines of a cell, rejoined where they were wrapped."""
    rows: list[list[Segment]] = []
    for segment in in_order(segments):
        last = rows[-1][-1] if rows else None
        if last and (
            _beside(last, segment) or not (_fits(last, segment, width) or purpose.get(_shape(segment), 0) > 0)
        ):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return rows


def _fits(last: Segment, segment: Segment, width: float) -> bool:
    """Whether the first word of a line would have fitted on the line before it."""
    first = segment.words[0]
    return last.width + first.right - first.left + 0.3 * first.face.size <= width


def _shape(segment: Segment) -> str:
    """What a line's first word looks like: its figures alike, a word without figures itself."""
    return re.sub(r"\d+", "9", segment.words[0].text)


def padding_of(cells: Iterable[tuple[Sequence[Segment], float]]) -> float:
    """How far a table's text stands from the left of its cells, given each cell's segments and left edge."""
    gaps = [min(s.left for s in segments) - left for segments, left in cells if segments]
    return max(1.0, min(5.5, *gaps)) if gaps else 3.0


def pieces(rows: Iterable[Sequence[Segment]], body: float, known: Collection[str]) -> list[Piece]:
    """The words of rows as runs of one style, hyphens of wrapped lines resolved by the words that the document
    knows.
    """
    found: list[Piece] = []
    for number, row in enumerate(rows):
        if number:
            found.append(Piece("\n", found[-1].style))
        last = ""
        for segment in row:
            if last:
                found[-1] = found[-1]._replace(text=_behind(found[-1].text, last, segment.words[0].text, known))
            for face, run in groupby(segment.words, key=lambda word: word.face):
                style = Style(size=round(face.size / body, 2), bold=face.bold, italic=face.italic)
                text = " ".join(word.text for word in run).replace("\x02", "-") + " "
                if found and found[-1].style == style:
                    found[-1] = Piece(found[-1].text + text, style)
                else:
                    found.append(Piece(text, style))
            last = segment.words[-1].text
    return found


def _behind(text: str, last: str, following: str, known: Collection[str]) -> str:
    """The end of a line as it goes on: without its hyphen where that only broke a word, without a space in "13/ 01"."""
    if (last[-1] == "/" and last != "/") or (_WIDE.match(last[-1]) and _WIDE.match(following[0])):
        return text.rstrip()
    if last[-1] not in _HYPHENS or len(last) < 2:
        return text
    joined, kept = last[:-1] + following, last[:-1] + "-" + following
    if not (last[-2].isalpha() and following[0].islower()) or (bare(kept) in known and bare(joined) not in known):
        return text.rstrip()
    return text.rstrip().rstrip(_HYPHENS)


def bare(word: str) -> str:
    """A word without the marks around it, to look it up."""
    return word.strip(".,;:()[]\"'“”«»!?").lower()
