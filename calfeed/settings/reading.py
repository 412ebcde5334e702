"""The text of calfeed.toml -> `Settings`, with defaults.toml for what it leaves out; errors name line and mend."""

from __future__ import annotations

import difflib
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from calfeed.errors import SettingsError, Spot
from calfeed.settings.forms import FORMS, Table
from calfeed.settings.whole import Settings

FILE_NAME = "calfeed.toml"
_PATTERN = re.compile(r"`str` matching regex '(.*)'")


def find_settings(start: Path) -> Path | None:
    """The calfeed.toml in `start` or in the nearest folder above it, None where there is none."""
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / FILE_NAME).is_file():
            return candidate / FILE_NAME
    return None


def load_settings(path: Path | None) -> Settings:
    """Read a calfeed.toml; with None, the defaults alone, which are enough to read a document.

    Raises SettingsError that names the file with line and column, or with the field and what it expects."""
    if path is None:
        return parse_settings("", source="defaults", folder=Path.cwd())
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SettingsError(f"the settings cannot be read: {reason}.", spot=Spot(path)) from error
    return parse_settings(text, source=path, folder=path.resolve().parent)


def parse_settings(text: str, *, source: str | Path, folder: Path) -> Settings:
    """The settings in TOML `text`; `source` is named in errors, `folder` is where relative paths start."""
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, spot = toml_fault(error, source)
        raise SettingsError(what, spot=spot, mend="Correct it and try again; nothing was changed.") from error
    tables = _with_defaults(own) | {"folder": str(folder)}
    try:
        return msgspec.convert(tables, Settings)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `")
        what = _PATTERN.sub(lambda found: FORMS.get(found[1], found[0]), what)
        place = place.rstrip("`").removeprefix("$").removeprefix(".")
        if unknown := re.search(r"contains unknown field `(.+?)`", what):
            place = f"{place}.{unknown[1]}".removeprefix(".")
            what = f"unknown field `{unknown[1]}`{nearest(unknown[1], Table)}"
        spot = Spot(source, line=_line(text, place), field=place or None)
        raise SettingsError(f"{what}.", spot=spot, mend="Correct it and try again; nothing was changed.") from error


def nearest(name: str, base: type[Struct]) -> str:
    """ " (did you mean `title`?)" for the name of a field below `base` that is most like `name`, "" where none is."""
    known = {field.name for table in base.__subclasses__() for field in msgspec.structs.fields(table)}
    found = difflib.get_close_matches(name, sorted(known), n=1)
    return f" (did you mean `{found[0]}`?)" if found else ""


def _line(text: str, place: str) -> int | None:
    """The line (from 1) of the field at `place` ("facets[1].values[0].colour"), or of the nearest above it."""
    names = re.findall(r"\[(\d+)\]|([^.\[\]]+)", place)
    at, end = None, len(text)
    for step, (number, name) in enumerate(names):
        if name:
            key = re.escape(name)
            header = rf"^[ \t]*\[+[ \t]*{key}[ \t]*\]+" if not step else r"(?!)"
            found = re.compile(rf"{header}|(?<![\w.-])[\"']?{key}[\"']?[ \t]*=", re.MULTILINE)
        else:
            # The next item of an inline array; the first stands behind its own opening brace.
            found = re.compile(rf"^\[\[[ \t]*{re.escape(names[step - 1][1])}" if step == 1 else r"\{", re.MULTILINE)
        start = 0 if at is None else at
        matches = list(found.finditer(text, start, end))
        which = int(number) if number else 0
        if which >= len(matches):
            break
        at = matches[which].start()
        whole = step == 0 and (len(names) == 1 or not names[1][0])
        below = re.compile(r"^[ \t]*\[", re.MULTILINE).search(text, matches[which].end())
        if below and (whole or (step == 1 and number)):
            end = below.start()
    return text.count("\n", 0, at) + 1 if at is not None else None


def toml_fault(error: tomllib.TOMLDecodeError, source: str | Path) -> tuple[str, Spot]:
    """What is wrong in a TOML text, and where: Python 3.11 says line and column only inside the message."""
    message = str(error)
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if not found:
        return f"{message}.", Spot(source)
    return f"{message[: found.start()]}.", Spot(source, line=int(found[1]), column=int(found[2]))


def _with_defaults(own: dict[str, Any]) -> dict[str, Any]:
    defaults = tomllib.loads(resources.files("calfeed").joinpath("defaults.toml").read_text("utf-8"))
    merged = defaults | own
    for name in ("site", "sections"):
        # What is no table is left as it is, for the check of types to name.
        merged[name] = defaults[name] | own[name] if isinstance(own.get(name), dict) else own.get(name, defaults[name])
    facets = own.get("facets", [])
    if isinstance(facets, list):
        named = [facet.get("name") for facet in facets if isinstance(facet, dict)]
        merged["facets"] = [*facets, *(facet for facet in defaults["facets"] if facet["name"] not in named)]
    return merged
