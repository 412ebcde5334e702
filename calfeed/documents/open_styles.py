"""What an OpenDocument file says apart from its text: the look of styles, and the markers of lists.

Source: OASIS OpenDocument 1.3, part 3, sections 16 (styles) and 20 (formatting attributes).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from calfeed.documents.looks import Look
from calfeed.documents.word_styles import numeral

# An element of lxml, which has no types.
Element = Any

_NAMESPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}
_LENGTH = re.compile(r"([0-9.]+)(pt|%|cm|mm|in|px)")
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "px": 0.75}
_DEFAULT_SIZE = 12.0
_DEPTH = 20
_FORMS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}


def ns(name: str) -> str:
    """The name of an element or attribute ("text:p") as lxml writes it."""
    prefix, _, local = name.partition(":")
    return f"{{{_NAMESPACES[prefix]}}}{local}"


class ParagraphStyle(NamedTuple):
    """A paragraph's style with all that it inherits; `name` is the one that the writer of the document sees."""

    name: str = ""
    look: Look = Look()


class Styles:
    """The styles of a document, resolved when asked for. `body_size` is the size of most of the text, in points;
    `paged` says whether the writer has noted where pages end."""

    def __init__(self, common: Element | None, content: Element) -> None:
        roots = [root for root in (common, content) if root is not None]
        self._elements = {
            (style.get(ns("style:family")), style.get(ns("style:name"))): style
            for root in roots
            for style in root.iter(ns("style:style"))
        }
        self.lists = {
            style.get(ns("style:name"), ""): style for root in roots for style in root.iter(ns("text:list-style"))
        }
        self._known: dict[tuple[str, str | None], Look] = {}
        self._default = Look(size=_DEFAULT_SIZE)
        for root in roots:
            for style in root.iter(ns("style:default-style")):
                if style.get(ns("style:family")) == "paragraph":
                    self._default = _look(style, None).over(self._default)
        self.paged = next(content.iter(ns("text:soft-page-break")), None) is not None
        self.body_size = self._most_common_size(content)

    def paragraph(self, name: str | None) -> ParagraphStyle:
        """A paragraph's style by name."""
        return ParagraphStyle(self._shown_name("paragraph", name), self._look("paragraph", name).over(self._default))

    def text(self, name: str | None) -> Look:
        """The look of a run of text by its style's name."""
        return self._look("text", name)

    def cell(self, name: str | None) -> Look:
        """The look of a sheet's cell by its style's name."""
        return self._look("table-cell", name)

    def shows(self, name: str | None) -> bool:
        """Whether a sheet is shown, by its style's name."""
        style = self._elements.get(("table", name))
        properties = style.find(ns("style:table-properties")) if style is not None else None
        return properties is None or properties.get(ns("table:display")) != "false"

    def _shown_name(self, family: str, name: str | None) -> str:
        """An automatic style's parent is the one that the writer chose."""
        for _ in range(_DEPTH):
            style = self._elements.get((family, name))
            if style is None or not (parent := style.get(ns("style:parent-style-name"))):
                break
            if name and not re.fullmatch(r"P\d+", name):
                break
            name = parent
        return name or ""

    def _look(self, family: str, name: str | None) -> Look:
        key = (family, name)
        if key not in self._known:
            self._known[key] = self._resolved(family, name, _DEPTH)
        return self._known[key]

    def _resolved(self, family: str, name: str | None, depth: int) -> Look:
        style = self._elements.get((family, name))
        if style is None or not depth:
            return Look()
        below = self._resolved(family, style.get(ns("style:parent-style-name")), depth - 1)
        return _look(style, below.size or self._default.size).over(below)

    def _most_common_size(self, content: Element) -> float:
        sizes: Counter[float] = Counter()
        for paragraph in content.iter(ns("text:p")):
            size = self.paragraph(paragraph.get(ns("text:style-name"))).look.size
            sizes[size or _DEFAULT_SIZE] += sum(map(len, paragraph.itertext()))
        return max(sizes, key=lambda size: sizes[size], default=_DEFAULT_SIZE)


def _look(style: Element, inherited: float | None) -> Look:
    properties = style.find(ns("style:text-properties"))
    if properties is None:
        return Look()
    weight, slant = properties.get(ns("fo:font-weight")), properties.get(ns("fo:font-style"))
    through, display = properties.get(ns("style:text-line-through-style")), properties.get(ns("text:display"))
    return Look(
        bold=None if weight is None else weight == "bold" or (weight.isdigit() and int(weight) >= 600),
        italic=None if slant is None else slant != "normal",
        struck=None if through is None else through != "none",
        hidden=None if display is None else display == "none",
        size=_points(properties.get(ns("fo:font-size")), inherited),
    )


def _points(value: str | None, inherited: float | None) -> float | None:
    said = _LENGTH.fullmatch(value or "")
    if not said:
        return None
    try:
        number = float(said[1])
    except ValueError:
        return None
    return number / 100 * (inherited or _DEFAULT_SIZE) if said[2] == "%" else number * _POINTS[said[2]]


class Markers:
    """Counts list items in the document's order."""

    def __init__(self, styles: Styles) -> None:
        self._lists = styles.lists
        self._counts: dict[tuple[str, int], int] = {}

    def restart(self, style: str, depth: int) -> None:
        """A list begins at a depth from 1."""
        for key in [key for key in self._counts if key[0] == style and key[1] >= depth]:
            del self._counts[key]

    def next(self, style: str, depth: int) -> str:
        """The marker of the next item ("2.1.", "•")."""
        level = next((level for at, level in self._levels(style) if at == depth), None)
        if level is None or level.tag != ns("text:list-level-style-number"):
            return "•"
        start = level.get(ns("text:start-value"), "1")
        count = self._counts.get((style, depth), (int(start) if start.isdigit() else 1) - 1) + 1
        self._counts[style, depth] = count
        form = _FORMS.get(level.get(ns("style:num-format"), ""))
        if form is None:
            return ""
        shown = level.get(ns("text:display-levels"), "1")
        above = range(max(1, depth + 1 - (int(shown) if shown.isdigit() else 1)), depth)
        numbers = [str(self._counts.get((style, at), 1)) for at in above] + [numeral(count, form)]
        prefix, suffix = level.get(ns("style:num-prefix"), ""), level.get(ns("style:num-suffix"), "")
        return f"{prefix}{'.'.join(numbers)}{suffix}"

    def _levels(self, style: str) -> Iterator[tuple[int, Element]]:
        for level in self._lists.get(style, ()):
            at = level.get(ns("text:level"), "")
            yield (int(at) if at.isdigit() else 0), level
