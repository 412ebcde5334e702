"""Which headings name a section: "Calendar of events", "Target audience:", "2.3 Objectives"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from calfeed.extract.dated import YEAR
from calfeed.extract.lines import Line, is_glyph
from calfeed.extract.words import words
from calfeed.model import BlockKind

CALENDAR = "calendar"
_NUMBERING = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[A-Z][.)]|[IVX]{1,4}[.)])\s+")
_YEARS = re.compile(rf"\(?{YEAR}(?:\s*(?:[-–/]|to|and|et|y|und|и)\s*(?:{YEAR}|\d\d))?\)?")
_PARENTHESIS = re.compile(r"\([^)]*\)")
_STOPS = (".", ";", ",", "!", "?", "。")
# A heading is no sentence.
_MAX_WORDS = 9


class SectionName(Struct, frozen=True, kw_only=True):
    """A section found: its canonical name, its heading as it stands, what follows the colon on the same line."""

    canonical: str
    heading: str
    rest: str = ""


class SectionNames:
    """The names that the settings give to sections, ready for comparison."""

    def __init__(self, sections: Mapping[str, Sequence[str]]) -> None:
        named = [(name, canonical) for canonical, names in sections.items() for name in (canonical, *names)]
        self._names = {_fold(name): canonical for name, canonical in named if not name.endswith("*")}
        self._openings = tuple((name[:-1].casefold(), canonical) for name, canonical in named if name.endswith("*"))

    def find(self, line: Line) -> SectionName | None:
        """The section whose heading this line is, None where it is something else."""
        if line.kind is BlockKind.ROW or is_glyph(line.marker):
            return None
        text = line.text.strip()
        if canonical := self._canonical(text):
            return SectionName(canonical=canonical, heading=_heading(line.text))
        head, colon, rest = text.partition(":") if ":" in text else text.partition("：")
        if colon and rest.strip() and (canonical := self._names.get(_fold(head))):
            return SectionName(canonical=canonical, heading=head.strip(), rest=rest.strip())
        return None

    def _canonical(self, text: str) -> str | None:
        if canonical := self._names.get(_fold(text)):
            return canonical
        if len(text.split()) > _MAX_WORDS or not any(letter.isalpha() for letter in text):
            return None
        bare = _fold(_YEARS.sub(" ", _PARENTHESIS.sub(" ", text)))
        if canonical := self._names.get(bare):
            return canonical
        parts = bare.split()
        beside = words().beside_section_names
        while parts and parts[0] in beside:
            parts.pop(0)
        while parts and parts[-1] in beside:
            parts.pop()
        return self._names.get(" ".join(parts)) or self._opened(text, " ".join(parts)) if parts else None

    def _opened(self, text: str, bare: str) -> str | None:
        """The section that the first words of a heading name ("Calendar of *"), None where it reads like a sentence."""
        if text.endswith(_STOPS) or ":" in text or "：" in text or _NUMBERING.sub("", text, count=1)[:1].islower():
            return None
        for opening, canonical in self._openings:
            if bare.startswith(opening) and len(bare) > len(opening):
                return canonical
        return None


def _heading(text: str) -> str:
    return _NUMBERING.sub("", text.strip(), count=1).rstrip(" :：.").strip()


def _fold(text: str) -> str:
    text = _NUMBERING.sub("", text.strip(), count=1)
    return " ".join(text.casefold().replace("_", " ").strip(" :：.-–—*#").split())
