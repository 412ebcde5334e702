"""The documents with gold that the weights are fitted on, and which records of each are events.

Two kinds of gold: tests/extract/documents (NAME.toml, by lines) and ../shared/documents (NAME.gold.json, by words).
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from msgspec import Struct

from calfeed.documents import read_tree
from calfeed.errors import CalfeedError
from calfeed.extract import Judged, survey
from calfeed.settings import parse_settings

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests/extract/documents"
SHARED = ROOT.parent / "shared/documents"
SETTINGS = parse_settings("", source="defaults", folder=ROOT)
READ = date(2026, 11, 24)
_HAN = "\u3400-\u9fff"


class Wanted(Struct, frozen=True, kw_only=True):
    """An event of the gold: its periods' days, its words or its lines; `optional` ones are neither right nor wrong."""

    days: tuple[tuple[str | None, str | None], ...]
    words: frozenset[str] = frozenset()
    lines: tuple[int, int] | None = None
    optional: bool = False


class Case(Struct, frozen=True, kw_only=True):
    """A document: its records, each with what the gold says (1 an event, 0 none, None optional), and events missed."""

    name: str
    lang: str
    judged: tuple[Judged, ...]
    labels: tuple[int | None, ...]
    missed: int


def cases() -> Iterator[Case]:
    """All documents that are at hand and can be read."""
    for path in sorted(OWN.glob("*.toml")):
        document = next(other for other in OWN.glob(f"{path.stem}.*") if other.suffix != ".toml")
        yield from _case(document, list(_of_toml(tomllib.loads(path.read_text("utf-8")))), READ, None)
    for path in sorted(SHARED.rglob("*.gold.json")):
        stem = path.name.removesuffix(".gold.json")
        meta = json.loads(path.with_name(f"{stem}.meta.json").read_text("utf-8"))
        document = next(p for p in path.parent.glob(f"{stem}.*") if p.suffix != ".json")
        if meta.get("scan"):
            continue
        lang = meta.get("lang") if re.fullmatch(r"[a-z]{2}", meta.get("lang") or "") else None
        reference = date.fromisoformat(meta["reference"]) if meta.get("reference") else READ
        yield from _case(document, list(_of_json(json.loads(path.read_text("utf-8")))), reference, lang)


def _of_toml(gold: dict[str, list[dict[str, list[str]]]]) -> Iterator[Wanted]:
    for entry in gold["entry"]:
        days = tuple(_pair(*one.split("..")) for one in entry.get("days", []))
        first, last = entry["lines"]
        yield Wanted(days=days, lines=(int(first), int(last)))


def _of_json(gold: list[dict[str, object]]) -> Iterator[Wanted]:
    for entry in gold:
        if entry.get("decoy"):
            continue
        told = words(f"{entry.get('title') or ''} {entry['entry']}")
        for option in [entry["periods"], *entry.get("alt", [])]:  # type: ignore[misc]
            days = tuple(_pair(one[0], one[1]) for one in option)
            yield Wanted(days=days, words=told, optional=bool(entry.get("optional")))


def _pair(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    return start or None, end or None


def words(text: str) -> frozenset[str]:
    text = text.lower()
    han = "".join(re.findall(rf"[{_HAN}]", text))
    return frozenset(re.findall(rf"[^\W{_HAN}]{{3,}}", text)) | {han[at : at + 2] for at in range(len(han) - 1)}


def _case(document: Path, wanted: list[Wanted], reference: date, lang: str | None) -> Iterator[Case]:
    try:
        tree = read_tree(document.read_bytes(), source=document.name, name=document.name, lang=lang)
    except CalfeedError:
        return
    found = survey(tree, SETTINGS.sections, reference=reference, lang=lang)
    labels: list[int | None] = []
    used: set[int] = set()
    for one in found.judged:
        hits = [at for at, want in enumerate(wanted) if _is(one, want)]
        used |= set(hits)
        # An event that was read with other days says nothing for or against the evidence.
        near = not hits and any(_speaks(one, want) for want in wanted)
        labels.append(None if near or (hits and all(wanted[at].optional for at in hits)) else 1 if hits else 0)
    missed = sum(not want.optional and at not in used for at, want in enumerate(wanted) if want.days)
    yield Case(name=document.stem, lang=tree.lang or "", judged=found.judged, labels=tuple(labels), missed=missed)


def _is(one: Judged, want: Wanted) -> bool:
    record = one.record
    days = [period for anchor in record.anchors for period in anchor.periods]
    if bool(days) != bool(want.days):
        return False
    if days and not any(
        _same(str(p.start or "") or None, str(p.end or "") or None, day) for p in days for day in want.days
    ):
        return False
    return _speaks(one, want)


def _speaks(one: Judged, want: Wanted) -> bool:
    record = one.record
    if want.lines is not None:
        lines = record.parts[0].node.where.lines
        return lines is not None and lines[0] <= want.lines[1] and lines[1] >= want.lines[0]
    said = words(f"{one.entry.title if one.entry and one.entry.title else ''} {record.text}")
    return bool(said and want.words) and len(said & want.words) >= 0.5 * min(len(said), len(want.words))


def _same(start: str | None, end: str | None, day: tuple[str | None, str | None]) -> bool:
    if (start, end) == day:
        return True
    if start is None:
        return end == day[1] and day[0] in (None, day[1])
    return end is None and start == day[0]
