"""What is drawn on a PDF's page and says how its words belong together: straight lines, edges of boxes, bullets.

In: a page of pypdfium2. Out: values in points from the page's upper left corner.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from calfeed.documents.pdf_words import View

Matrix = tuple[float, float, float, float, float, float]

_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
# A filled shape thinner than this is a line (points); bullets are between these sizes both ways.
_THIN = 3.0
_SMALLEST_DOT, _LARGEST_DOT = 1.5, 9.0
# Paths of more segments are drawings; forms in forms deeper than this are no text's.
_MOST_SEGMENTS = 400
_MOST_OBJECTS = 50_000
_DEEPEST_FORM = 4
# Text rendering mode 3 (ISO 32000-1, table 106).
_INVISIBLE = 3


class Rule(NamedTuple):
    """A straight line, horizontal where its top is its bottom, else vertical; `shade`: the edge of a filled box."""

    left: float
    top: float
    right: float
    bottom: float
    shade: bool = False


class Dot(NamedTuple):
    """The middle of a small shape, which may be a bullet."""

    x: float
    y: float


class Drawing(NamedTuple):
    """What is drawn on a page. `pictures`: whether it has any. `unseen`: its words are not painted, but laid under a
    picture that they were recognised from."""

    rules: list[Rule]
    dots: list[Dot]
    pictures: bool = False
    unseen: bool = False


def drawing_of(page: Any, view: View) -> Drawing:
    """The straight lines, edges of boxes and bullets that are drawn on a page."""
    found: list[Rule | Dot] = []
    waiting: list[tuple[Any, Matrix, int]] = [
        (pdfium.FPDFPage_GetObject(page.raw, index), _IDENTITY, 0)
        for index in range(min(_MOST_OBJECTS, pdfium.FPDFPage_CountObjects(page.raw)))
    ]
    done = pictures = unseen = 0
    while waiting and done < _MOST_OBJECTS:
        thing, outer, depth = waiting.pop()
        done += 1
        kind = pdfium.FPDFPageObj_GetType(thing)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            found += _path(thing, outer, view)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
        elif kind == pdfium.FPDF_PAGEOBJ_TEXT:
            unseen += 1 if pdfium.FPDFTextObj_GetTextRenderMode(thing) == _INVISIBLE else -1
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST_FORM:
            inner = _times(_matrix(thing), outer)
            count = min(_MOST_OBJECTS, pdfium.FPDFFormObj_CountObjects(thing))
            waiting += [(pdfium.FPDFFormObj_GetObject(thing, index), inner, depth + 1) for index in range(count)]
    return Drawing(
        [thing for thing in found if isinstance(thing, Rule)],
        [thing for thing in found if isinstance(thing, Dot)],
        pictures=pictures > 0,
        unseen=unseen > 0 and pictures > 0,
    )


def _matrix(thing: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(thing, matrix):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _path(path: Any, outer: Matrix, view: View) -> Iterator[Rule | Dot]:
    count = pdfium.FPDFPath_CountSegments(path)
    if not 2 <= count <= _MOST_SEGMENTS:
        return
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if pdfium.FPDFPath_GetDrawMode(path, fill, stroke) and not fill.value and not stroke.value:
        return
    a, b, c, d, e, f = _times(_matrix(path), outer)
    x, y = ctypes.c_float(), ctypes.c_float()
    strokes: list[list[tuple[float, float]]] = []
    curved = False
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            return
        curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
        point = view.seen(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        if kind == pdfium.FPDF_SEGMENT_MOVETO or not strokes:
            strokes.append([point])
        else:
            strokes[-1].append(point)
        if pdfium.FPDFPathSegment_GetClose(segment):
            strokes[-1].append(strokes[-1][0])
    xs, ys = zip(*(point for points in strokes for point in points), strict=True)
    if all(_SMALLEST_DOT <= max(along) - min(along) <= _LARGEST_DOT for along in (xs, ys)):
        yield Dot((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    elif not curved:
        for points in strokes:
            yield from _straight(points, filled=bool(fill.value) and not stroke.value)


def _straight(points: list[tuple[float, float]], *, filled: bool) -> Iterator[Rule]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, right, top, bottom = min(xs), max(xs), min(ys), max(ys)
    if filled or len(points) > 3:
        # A box: thin ones are lines, others have four edges.
        if bottom - top <= _THIN < right - left:
            yield Rule(left, (top + bottom) / 2, right, (top + bottom) / 2)
            return
        if right - left <= _THIN < bottom - top:
            yield Rule((left + right) / 2, top, (left + right) / 2, bottom)
            return
    for (x0, y0), (x1, y1) in pairwise(points):
        if abs(y0 - y1) <= 1 < abs(x0 - x1):
            yield Rule(min(x0, x1), (y0 + y1) / 2, max(x0, x1), (y0 + y1) / 2, filled)
        elif abs(x0 - x1) <= 1 < abs(y0 - y1):
            yield Rule((x0 + x1) / 2, min(y0, y1), (x0 + x1) / 2, max(y0, y1), filled)
