"""What a workbook's cells look like (XLSX): how their dates are shown, bold and struck text, hidden rows, links.

A cell holds the first of July 2013 and shows "Jul-13": a reader sees a month, so that is what is read. Formats are
those of ECMA-376 part 1, 18.8.30 (numFmts); month names are CLDR's, in the language that the format names, else
English.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal, NamedTuple
from xml.parsers import expat

from calfeed.documents.archive import member, xml_of
from calfeed.documents.tree import Style
from calfeed.locales import locale_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN = {
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
}
_TOKEN = re.compile(r'\[\$[^\]]*\]|\[[^\]]*\]|"[^"]*"|\\.|_.|\*.|y+|m+|d+|h+|s+|AM/PM|A/P|.', re.IGNORECASE | re.DOTALL)
_LOCALE = re.compile(r"\[\$[^\]-]*-([0-9a-f]+)\]", re.IGNORECASE)
# The primary language of a Windows locale id is its low ten bits.
_LANGUAGES = {1: "ar", 4: "zh", 7: "de", 9: "en", 10: "es", 12: "fr", 16: "it", 17: "ja", 22: "pt", 25: "ru"}


class Shown(NamedTuple):
    """A date as a cell shows it, and whether its day is among what is shown."""

    text: str
    day: bool


class Format(NamedTuple):
    """How a cell is shown: its number format's code ("" where it has none of its own) and its style."""

    code: str = ""
    style: Style = Style()


class Sheet(NamedTuple):
    """What a sheet's part says beside values: formats by the cell's name, hidden rows and columns (from 0), links."""

    formats: Mapping[str, Format] = {}
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    links: Mapping[str, str] = {}


def sheets_of(archive: zipfile.ZipFile, *, source: str) -> dict[str, Sheet]:
    """The looks of a workbook's sheets, by their names. A part that cannot be read says nothing."""
    try:
        book = xml_of(archive, "xl/workbook.xml", source=source)
        targets = _targets(archive, "xl/_rels/workbook.xml.rels", source)
        formats = _formats(xml_of(archive, "xl/styles.xml", source=source))
        if book is None:
            return {}
        found: dict[str, Sheet] = {}
        for sheet in book.iter(f"{{{_MAIN}}}sheet"):
            path = targets.get(sheet.get(_RELATED), "").removeprefix("/xl/").removeprefix("/")
            content = member(archive, f"xl/{path}", source=source)
            if content:
                found[sheet.get("name", "")] = _sheet(content, formats, _targets(archive, _rels(path), source))
    except (SyntaxError, ModuleNotFoundError):
        return {}
    return found


def _rels(path: str) -> str:
    folder, _, name = path.rpartition("/")
    return f"xl/{folder}/_rels/{name}.rels" if folder else f"xl/_rels/{name}.rels"


def _targets(archive: zipfile.ZipFile, name: str, source: str) -> dict[str, str]:
    root = xml_of(archive, name, source=source)
    return {one.get("Id", ""): one.get("Target", "") for one in root} if root is not None else {}


def _formats(root: Any) -> list[Format]:
    """The formats that cells refer to by number."""
    if root is None:
        return []
    found = root.find(f"{{{_MAIN}}}numFmts")
    codes = dict(_BUILT_IN)
    for one in found if found is not None else ():
        if one.get("numFmtId", "").isdigit():
            codes[int(one.get("numFmtId"))] = one.get("formatCode", "")
    fonts = [_font(font) for font in root.iterfind(f"{{{_MAIN}}}fonts/{{{_MAIN}}}font")]
    cells = root.iterfind(f"{{{_MAIN}}}cellXfs/{{{_MAIN}}}xf")
    return [Format(codes.get(_number(xf, "numFmtId"), ""), _at(fonts, _number(xf, "fontId"))) for xf in cells]


def _number(element: Any, attribute: str) -> int:
    value = element.get(attribute, "0")
    return int(value) if value.isdigit() else 0


def _at(fonts: list[Style], number: int) -> Style:
    return fonts[number] if number < len(fonts) else Style()


def _font(font: Any) -> Style:
    def on(name: str) -> bool:
        found = font.find(f"{{{_MAIN}}}{name}")
        return found is not None and found.get("val", "1") not in ("0", "false")

    return Style(bold=on("b"), italic=on("i"), struck=on("strike"))


def _sheet(content: bytes, formats: list[Format], targets: Mapping[str, str]) -> Sheet:
    """Read a sheet's part once, element by element: it may have a million cells."""
    found: dict[str, Format] = {}
    rows: set[int] = set()
    columns: set[int] = set()
    links: dict[str, str] = {}
    telling = {str(number): one for number, one in enumerate(formats) if one != Format()}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            said = telling.get(attributes.get("s", ""))
            if said and "r" in attributes:
                found[attributes["r"]] = said
        elif attributes.get("hidden") in ("1", "true"):
            if name == "row" and attributes.get("r", "").isdigit():
                rows.add(int(attributes["r"]) - 1)
            elif name == "col":
                first, last = (int(attributes.get(edge, "0")) for edge in ("min", "max"))
                columns.update(range(first - 1, min(last, first + 1000)))
        elif name == "hyperlink" and "ref" in attributes:
            address = next(
                (targets[value] for key, value in attributes.items() if key.endswith("id") and value in targets), ""
            )
            if address:
                links[attributes["ref"].partition(":")[0]] = address

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        return Sheet()
    return Sheet(found, frozenset(rows), frozenset(columns), links)


def shown(value: date | datetime | time, code: str) -> Shown | None:
    """A date or time as its format shows it; None where the format is the reader's own ("short date") or shows no
    date.
    """
    code = code.partition(";")[0]
    tokens = [token for token in _TOKEN.findall(code) if not token.startswith(("_", "*"))]
    kinds = {token[0].lower() for token in tokens if token[0].lower() in "ymdhs"}
    if not kinds or (isinstance(value, time) and kinds & set("yd")):
        return None
    half = any(token.upper() in ("AM/PM", "A/P") for token in tokens)
    locale = _LOCALE.search(code)
    lang = _LANGUAGES.get(int(locale[1], 16) & 0x3FF, "en") if locale else "en"
    written = "".join(_written(token, value, lang, half, minute) for token, minute in _with_minutes(tokens))
    text = " ".join(written.split())
    return Shown(text, any(token[0].lower() == "d" and len(token) < 3 for token in tokens)) if text else None


def _with_minutes(tokens: list[str]) -> list[tuple[str, bool]]:
    """Each token, and whether it is an "m" that stands for minutes: behind hours, or before seconds."""
    parts = [token[0].lower() if token[0].lower() in "ymdhs" else "" for token in tokens]
    done: list[tuple[str, bool]] = []
    for number, token in enumerate(tokens):
        before = next((part for part in reversed(parts[:number]) if part), "")
        after = next((part for part in parts[number + 1 :] if part), "")
        done.append((token, parts[number] == "m" and len(token) < 3 and (before == "h" or after == "s")))
    return done


def _written(token: str, value: date | datetime | time, lang: str, half: bool, minute: bool) -> str:
    kind, length = token[0].lower(), len(token)
    if kind in "ymd" and not minute:
        return _written_date(kind, length, value, lang) if isinstance(value, date) else ""
    if kind in "hms" and not isinstance(value, (time, datetime)):
        return ""
    if token.upper() in ("AM/PM", "A/P"):
        return value.strftime("%p") if isinstance(value, (time, datetime)) else ""
    if isinstance(value, (time, datetime)) and kind in "hms":
        number = {"h": (value.hour % 12 or 12) if half else value.hour, "m": value.minute, "s": value.second}[kind]
        return f"{number:02d}" if length > 1 else str(number)
    if token.startswith("["):
        return ""
    return token[1:-1] if token.startswith('"') else token[1:] if token.startswith("\\") else token


def _written_date(kind: str, length: int, value: date, lang: str) -> str:
    if kind == "y":
        return f"{value.year % 100:02d}" if length <= 2 else str(value.year)
    number = value.month if kind == "m" else value.day
    if length < 3:
        return f"{number:02d}" if length == 2 else str(number)
    from babel.dates import get_day_names, get_month_names

    width: Literal["wide", "abbreviated"] = "wide" if length > 3 else "abbreviated"
    if kind == "m":
        return str(get_month_names(width, locale=locale_of(lang))[value.month])
    return str(get_day_names(width, locale=locale_of(lang))[value.weekday()])
