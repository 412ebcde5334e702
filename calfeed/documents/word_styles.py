"""What a DOCX says apart from its text: the look of styles, and the markers of numbered paragraphs.

Source: ECMA-376 part 1, 17.7 (styles), 17.9 (numbering).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from calfeed.documents.looks import Look

# An element of lxml, which has no types.
Element = Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING_NAME = re.compile(r"(?:heading|überschrift|titre|título|заголовок|标题|標題|عنوان)\s*([1-9])", re.IGNORECASE)
_LIST_NAME = re.compile(r"(?:list|liste|lista|aufzählung)\b.*([2-5])$", re.IGNORECASE)
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_DEPTH = 20
# Half points: the size of text where nothing says another.
_DEFAULT_SIZE = 20.0


def w(name: str) -> str:
    """The name of an element or attribute of WordprocessingML as lxml writes it."""
    return _W + name


def on(properties: Element | None, name: str) -> bool | None:
    """A toggle of run properties: None where it is not said."""
    found = properties.find(w(name)) if properties is not None else None
    if found is None:
        return None
    return found.get(w("val"), "true") not in ("false", "0", "off", "none")


def look(properties: Element | None) -> Look:
    """What a w:rPr says."""
    if properties is None:
        return Look()
    size = properties.find(w("sz"))
    strikes = [said for name in ("strike", "dstrike") if (said := on(properties, name)) is not None]
    try:
        half_points = float(size.get(w("val"))) if size is not None else None
    except (TypeError, ValueError):
        half_points = None
    return Look(
        bold=on(properties, "b"),
        italic=on(properties, "i"),
        struck=any(strikes) if strikes else None,
        hidden=on(properties, "vanish"),
        size=half_points,
    )


class ParagraphStyle(NamedTuple):
    """A paragraph's style with all that it inherits. `level`: of a heading (0: none; Title is 1). `number` is a
    numbering's id, `depth` its level from 0, `nesting` the level from 0 that the style's name tells ("List Bullet
    2").
    """

    name: str = ""
    look: Look = Look()
    level: int = 0
    number: str = ""
    depth: int = 0
    nesting: int = 0


class Styles:
    """The styles of a document by id, resolved when asked for."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._known: dict[str, ParagraphStyle] = {}
        self._default = ""
        self.base = Look(size=_DEFAULT_SIZE)
        if root is None:
            return
        defaults = root.find(f"{w('docDefaults')}/{w('rPrDefault')}/{w('rPr')}")
        self.base = look(defaults).over(self.base)
        for element in root.iterchildren(w("style")):
            key = element.get(w("styleId"), "")
            self._elements[key] = element
            if element.get(w("type")) == "paragraph" and element.get(w("default")) in ("1", "true"):
                self._default = key

    def get(self, key: str | None) -> ParagraphStyle:
        """The style of that id; the document's default one where it is None or unknown."""
        key = key if key in self._elements else self._default
        assert key is not None
        if key not in self._known:
            self._known[key] = self._resolved(key, _DEPTH)
        return self._known[key]

    def _resolved(self, key: str, depth: int) -> ParagraphStyle:
        element = self._elements.get(key)
        if element is None or not depth:
            return ParagraphStyle()
        based = element.find(w("basedOn"))
        below = self._resolved(based.get(w("val"), ""), depth - 1) if based is not None else ParagraphStyle()
        named = element.find(w("name"))
        name = str(named.get(w("val"), "")) if named is not None else ""
        properties = element.find(w("pPr"))
        number, at = numbering_of(properties)
        return ParagraphStyle(
            name=name,
            look=look(element.find(w("rPr"))).over(below.look),
            level=heading_level(name, properties) or below.level,
            number=number or below.number,
            depth=at if at is not None else below.depth,
            nesting=int(listed[1]) - 1 if (listed := _LIST_NAME.match(name)) else below.nesting,
        )


def heading_level(name: str, properties: Element | None) -> int:
    """The level that a style's name or an outline level gives, 0 for text."""
    if name.lower() in ("title", "titel", "titre", "título"):
        return 1
    named = _HEADING_NAME.match(name)
    if named:
        return int(named[1])
    outline = properties.find(w("outlineLvl")) if properties is not None else None
    value = outline.get(w("val"), "9") if outline is not None else "9"
    return int(value) + 1 if value.isdigit() and int(value) < 9 else 0


def numbering_of(properties: Element | None) -> tuple[str, int | None]:
    """The numbering id ("" where none is said, "0" where it is switched off) and level of paragraph properties."""
    found = properties.find(w("numPr")) if properties is not None else None
    if found is None:
        return "", None
    number, level = found.find(w("numId")), found.find(w("ilvl"))
    value = level.get(w("val"), "0") if level is not None else "0"
    return (number.get(w("val"), "") if number is not None else ""), int(value) if value.isdigit() else 0


class _Level(NamedTuple):
    form: str
    text: str
    start: int


class Numbering:
    """Counts numbered paragraphs as Word does, in the document's order."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._group: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if root is None:
            return
        abstract = {e.get(w("abstractNumId")): _levels(e) for e in root.iterchildren(w("abstractNum"))}
        for element in root.iterchildren(w("num")):
            key, base = element.get(w("numId"), ""), element.find(w("abstractNumId"))
            group = base.get(w("val"), "") if base is not None else ""
            overrides: dict[int, _Level] = {}
            for override in element.iterchildren(w("lvlOverride")):
                overrides |= _levels(override)
            started = element.find(f"{w('lvlOverride')}/{w('startOverride')}") is not None
            self._levels[key] = abstract.get(group, {}) | overrides
            # Numberings of one abstract one go on counting, unless they start anew.
            self._group[key] = key if started or overrides else f"abstract {group}"

    def marker(self, number: str, depth: int) -> str | None:
        """The next marker ("2.1", "•") of a numbering at a level from 0; None where there is no such numbering."""
        levels = self._levels.get(number)
        if not levels or depth not in levels:
            return None
        level = levels[depth]
        counts = self._counts.setdefault(self._group[number], {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if level.form in ("bullet", "none"):
            return "•" if level.form == "bullet" else ""
        return re.sub(r"%([1-9])", lambda found: _at(levels, counts, int(found[1]) - 1), level.text)


def _at(levels: Mapping[int, _Level], counts: Mapping[int, int], depth: int) -> str:
    level = levels.get(depth, _Level("decimal", "", 1))
    return numeral(counts.get(depth, level.start), level.form)


def _levels(element: Element) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in element.iterchildren(w("lvl")):
        said = {name: level.find(w(name)) for name in ("numFmt", "lvlText", "start")}
        values = {name: e.get(w("val"), "") if e is not None else "" for name, e in said.items()}
        at = level.get(w("ilvl"), "0")
        start = int(values["start"]) if values["start"].isdigit() else 1
        found[int(at) if at.isdigit() else 0] = _Level(values["numFmt"] or "decimal", values["lvlText"], start)
    return found


def numeral(count: int, form: str) -> str:
    """A number as a numbering's format writes it."""
    if form in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        written, rest = "", count
        for value, sign in _ROMAN:
            written += sign * (rest // value)
            rest %= value
        return written if form == "lowerRoman" else written.upper()
    return f"{count:02d}" if form == "decimalZero" else str(count)
