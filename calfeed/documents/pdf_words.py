"""The words of a PDF's page, in the file's order, as pdfium gives them.

In: a page of pypdfium2. Out: values in points from the page's upper left corner, as a reader sees it (turned and
cropped). pdfium is asked through its C interface, three calls a word, since its own helpers ask for each character.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]

# Where a letter and a figure meet; a gap there of this share of the size is a space.
_TURN = re.compile(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_SPACE = 0.18
_WORD = re.compile(r"\S+")
# Scripts that run from right to left; in them, what runs the other way, and signs that look the other way round.
RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_TURNED_FIGURES = re.compile(r"[0-9A-Za-z\u0660-\u0669][0-9A-Za-z\u0660-\u0669.,:/@_-]*[0-9A-Za-z\u0660-\u0669]")
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")
_SAME_PLACE = 0.05
_BOLD = re.compile(r"bold|black|heavy|semibd|demi|[-,]bd?\b|cmbx|sfbx|medi\b", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|-it\b", re.IGNORECASE)
# FPDFText_GetFontInfo's flags (ISO 32000-1, table 123): italic, force bold.
_FLAG_ITALIC, _FLAG_BOLD = 1 << 6, 1 << 18


class Face(NamedTuple):
    """How a run of characters is set: `size` in points as seen, `turned` where it does not run from left to right."""

    size: float
    bold: bool
    italic: bool
    turned: bool


class Word(NamedTuple):
    """A word and its place. `bottom` is the baseline lowered by a fifth of the size, `top` lies a size above it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    face: Face


class View(NamedTuple):
    """How a page's own coordinates become a reader's: its visible box and its rotation in quarter turns."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def width(self) -> float:
        return self.right - self.left if self.turns % 2 == 0 else self.top - self.bottom

    @property
    def height(self) -> float:
        return self.top - self.bottom if self.turns % 2 == 0 else self.right - self.left

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as distance from the left and the top."""
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        if self.turns == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box of the page as left, top, right, bottom."""
        x0, y0 = self.seen(left, bottom)
        x1, y1 = self.seen(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def view_of(page: Any) -> View:
    """The visible part of a page."""
    left, bottom, right, top = page.get_bbox()
    return View(left, bottom, right, top, (page.get_rotation() // 90) % 4)


def words_of(textpage: Any, view: View) -> Iterator[list[Word]]:
    """The words of a page in the file's order, a list a line as pdfium breaks them."""
    text, indices = _text(textpage)
    faces: dict[int, Face] = {}
    raw = textpage.raw
    for line in re.finditer(r"[^\r\n]+", text):
        words = [
            word
            for found in _WORD.finditer(text, line.start(), line.end())
            if (word := _word(raw, found, indices, view, faces))
        ]
        if words:
            yield words


def _text(textpage: Any) -> tuple[str, range | list[int]]:
    """A page's text, and for each of its characters the index by which pdfium knows it."""
    count = textpage.count_chars()
    buffer = ctypes.create_string_buffer((count + 1) * 2)
    got = pdfium.FPDFText_GetText(textpage.raw, 0, count, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)))
    text = buffer.raw[: max(0, got - 1) * 2].decode("utf-16-le", "replace")
    if len(text) == count:
        return text, range(count)
    # Characters without a Unicode value are left out of the text, pairs of surrogates are one character here.
    letters, indices = [], []
    for index in range(count):
        value = pdfium.FPDFText_GetUnicode(textpage.raw, index)
        if 0 < value < 0x110000 and not 0xD800 <= value < 0xE000:
            letters.append(chr(value))
            indices.append(index)
    return "".join(letters), indices


def _word(
    raw: Any, found: re.Match[str], indices: range | list[int], view: View, faces: dict[int, Face]
) -> Word | None:
    first, last = indices[found.start()], indices[found.end() - 1]
    pointer = pdfium.FPDFText_GetTextObject(raw, first)
    key = ctypes.cast(pointer, ctypes.c_void_p).value or 0
    face = faces.get(key)
    if face is None:
        face = faces[key] = _face(raw, first, view)
    # The first and the last letter stand at a word's ends, but where pdfium may have turned it round.
    ends = {first, last} if not RTL.search(found[0]) else set(indices[found.start() : found.end()])
    boxes = [box for index in ends if (box := _char_box(raw, index))]
    if not boxes:
        return None
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    left, top, right, bottom = view.box(min(lefts), min(bottoms), max(rights), max(tops))
    if not face.turned:
        x, y = ctypes.c_double(), ctypes.c_double()
        if pdfium.FPDFText_GetCharOrigin(raw, first, x, y):
            baseline = view.seen(x.value, y.value)[1]
            top, bottom = baseline - 0.8 * face.size, baseline + 0.2 * face.size
    text = found[0]
    if RTL.search(text):
        text = _logical(raw, found, indices)
    elif _TURN.search(text):
        text = _spaced(raw, found, indices, face.size)
    return Word(text, left, top, right, bottom, face)


def _logical(raw: Any, found: re.Match[str], indices: range | list[int]) -> str:
    """A word of a script that runs from right to left, its letters in the order of reading.

    Some producers write such words as they look, from the left, and pdfium turns round some of them: the letters'
    places tell. Letters of one place are a ligature, in their order; brackets are mirrored by their place, figures
    are not turned.
    """
    letters: list[tuple[float, str]] = []
    for at in range(found.start(), found.end()):
        box, letter = _char_box(raw, indices[at]), found.string[at]
        x = (box[0] + box[2]) / 2 if box else (letters[-1][0] if letters else 0.0)
        if letters and (abs(letters[-1][0] - x) < _SAME_PLACE or unicodedata.combining(letter)):
            letters[-1] = (letters[-1][0], letters[-1][1] + letter)
        else:
            letters.append((x, letter))
    ordered = "".join(letter.translate(_MIRRORED) for _, letter in sorted(letters, key=lambda pair: -pair[0]))
    return _TURNED_FIGURES.sub(lambda run: run[0][::-1], ordered)


def _spaced(raw: Any, found: re.Match[str], indices: range | list[int], size: float) -> str:
    """A word with the spaces that pdfium overlooks where letters and figures meet ("DAY1")."""
    text, offset, added = found[0], found.start(), 0
    for turn in _TURN.finditer(found[0]):
        at = turn.start()
        before, after = (_char_box(raw, indices[offset + at - 1]), _char_box(raw, indices[offset + at]))
        if before and after and after[0] - before[2] > _SPACE * size:
            text = f"{text[: at + added]} {text[at + added :]}"
            added += 1
    return text


def _char_box(raw: Any, index: int) -> Box | None:
    """left, bottom, right, top of a character in the page's own coordinates."""
    left, right, bottom, top = ctypes.c_double(), ctypes.c_double(), ctypes.c_double(), ctypes.c_double()
    if not pdfium.FPDFText_GetCharBox(raw, index, left, right, bottom, top):
        return None
    return left.value, bottom.value, right.value, top.value


def _face(raw: Any, index: int, view: View) -> Face:
    flags = ctypes.c_int()
    buffer = ctypes.create_string_buffer(128)
    length = pdfium.FPDFText_GetFontInfo(raw, index, buffer, len(buffer), flags)
    name = buffer.value.decode("utf-8", "replace") if 0 < length <= len(buffer) else ""
    matrix = pdfium.FS_MATRIX()
    size = pdfium.FPDFText_GetFontSize(raw, index)
    angle = 0.0
    if pdfium.FPDFText_GetMatrix(raw, index, matrix):
        size *= math.hypot(matrix.c, matrix.d) or 1.0
        angle = math.degrees(math.atan2(matrix.b, matrix.a))
    return Face(
        size=round(abs(size), 1) or 1.0,
        # The weight that pdfium tells is an estimate from stems, and wrong for many regular faces: the name knows.
        bold=bool(_BOLD.search(name) or flags.value & _FLAG_BOLD),
        italic=bool(_ITALIC.search(name) or flags.value & _FLAG_ITALIC),
        turned=abs((angle - 90 * view.turns + 180) % 360 - 180) > 20,
    )
