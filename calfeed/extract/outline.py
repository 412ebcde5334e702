"""Where a record stands: theme, activity and section, the headings above it, and the activity's other sections.

A section is named by the settings ("Calendar of events", "Target audience"); a name is evidence, never needed. The
headings that all entries share are the document's, not a theme.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from calfeed.documents.tree import Node, NodeKind
from calfeed.extract.anchors import Part, words_in
from calfeed.extract.scopes import is_scope

CALENDAR, BACKGROUND = "calendar", "background"
_NUMBERING = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[A-Z][.)]|[IVX]{1,4}[.)])\s+")
_YEARS = re.compile(r"\(?(?<!\d)(?:19|20|21)\d\d(?:\s*(?:[-–/]|to|and|et|y|und|и)\s*\d{2,4})?\)?")
_PARENTHESIS = re.compile(r"\([^)]*\)")
_EDGES = " :：.-–—*#"
_MAX_WORDS = 9
# The name of a section, and the title over it, have so many words at most.
_NAME_WORDS, _TITLE_WORDS = 6, 16


class Names:
    """The names that the settings give to sections, ready for comparison."""

    def __init__(self, sections: Mapping[str, Sequence[str]]) -> None:
        named = [(name, canonical) for canonical, names in sections.items() for name in (canonical, *names)]
        self._names = {_fold(name): canonical for name, canonical in named if not name.endswith("*")}
        self._openings = tuple((name[:-1].casefold(), canonical) for name, canonical in named if name.endswith("*"))

    def find(self, text: str) -> str | None:
        """The canonical name of the section that a heading names, None where it names none."""
        if found := self._names.get(_fold(text)):
            return found
        if words_in(text) > _MAX_WORDS or ":" in text.rstrip(" :"):
            return None
        bare = _fold(_YEARS.sub(" ", _PARENTHESIS.sub(" ", text)))
        if found := self._names.get(bare):
            return found
        return next((canonical for opening, canonical in self._openings if bare.startswith(opening)), None)


def _fold(text: str) -> str:
    text = _NUMBERING.sub("", text.strip(), count=1)
    return " ".join(text.casefold().replace("_", " ").strip(_EDGES).split())


def regroup(root: Part, names: Names) -> None:
    """Put sections where they belong in a document whose headings do not say how they rank (plain text, PDF).

    A line that is the name of a section opens one, and the title directly over it another. A named section belongs
    under the one before it, and what follows a heading without any text under that heading."""
    for part in list(root.walk()):
        if part.kind in (NodeKind.SECTION, NodeKind.DOCUMENT):
            part.children = _opened(part, names)
    for part in list(root.walk()):
        part.children = [each for child in part.children for each in _lifted(child, part, names)]
    for part in list(root.walk()):
        if sum(child.kind is NodeKind.SECTION for child in part.children) > 1:
            part.children = _themes(_named_under(part, names), names)


def _opened(part: Part, names: Names) -> list[Part]:
    """The children, those gathered into sections that a line with the name of a section opens."""
    kept: list[Part] = []
    section: Part | None = None
    for child in part.children:
        if child.kind is NodeKind.PARAGRAPH and _names_a_section(child, names):
            if kept and _may_be_title(kept[-1] if section is None else section.children[-1]):
                title = kept.pop() if section is None else section.children.pop()
                kept.append(_section([title], part))
            section = _section([child], part)
            kept.append(section)
        elif child.kind is NodeKind.SECTION:
            section = None
            kept.append(child)
        elif section is not None:
            section.children.append(child)
            child.above = section
        else:
            kept.append(child)
    return kept


def _names_a_section(part: Part, names: Names) -> bool:
    return (
        words_in(part.text) <= _NAME_WORDS and not part.text.endswith((".", ",")) and names.find(part.text) is not None
    )


def _may_be_title(part: Part) -> bool:
    """Whether a line over the name of a section is the title of what the section is about."""
    text = part.text
    plain = part.kind is NodeKind.PARAGRAPH and not text.rstrip().endswith((".", ":", ";", ",", "!", "?"))
    return plain and words_in(text) <= _TITLE_WORDS and not any(map(str.isdigit, text)) and not text[:1].islower()


def _section(parts: Sequence[Part], above: Part) -> Part:
    """A section whose heading is the first of some parts."""
    level = 1 + max((each.node.level for each in above.children if each.kind is NodeKind.HEADING), default=0)
    node = replace(parts[0].node, kind=NodeKind.HEADING, level=level)
    section = Part(node=Node(kind=NodeKind.SECTION, level=level, where=node.where), above=above)
    section.children = [Part(node=node, above=section), *parts[1:]]
    return section


def _lifted(child: Part, above: Part, names: Names) -> list[Part]:
    """A section, followed by those that were opened within it although it is only a named one."""
    if child.kind is not NodeKind.SECTION or names.find(_heading(child)) is None:
        return [child]
    opened = [each for each in child.children if each.kind is NodeKind.SECTION]
    if not any(names.find(_heading(each)) for each in opened):
        return [child]
    child.children = [each for each in child.children if each.kind is not NodeKind.SECTION]
    for each in opened:
        each.above = above
    return [child, *opened]


def _named_under(part: Part, names: Names) -> list[Part]:
    kept: list[Part] = []
    host: Part | None = None
    for child in part.children:
        named = child.kind is NodeKind.SECTION and names.find(_heading(child)) is not None
        if named and host is not None:
            host.children = [*host.children, child]
            child.above = host
            continue
        if child.kind is NodeKind.SECTION:
            host = None if named else child
        kept.append(child)
    return kept


def _themes(children: Sequence[Part], names: Names) -> list[Part]:
    kept: list[Part] = []
    theme: Part | None = None
    for child, after in zip(children, [*children[1:], None], strict=True):
        bare = child.kind is NodeKind.SECTION and len(child.children) == 1 and names.find(_heading(child)) is None
        if bare and after is not None and after.kind is NodeKind.SECTION and len(after.children) > 1:
            theme = child
        elif theme is not None and child.kind is NodeKind.SECTION and _level(child) >= _level(theme):
            theme.children = [*theme.children, child]
            child.above = theme
            continue
        kept.append(child)
    return kept


def _level(section: Part) -> int:
    return section.heading.node.level if section.heading is not None else 0


class Spot(Struct, frozen=True, kw_only=True):
    """Where a record stands, as `Entry` has it; `calendar`: a heading over it names a calendar."""

    outline: tuple[str, ...]
    headings: tuple[str, ...]
    sections: dict[str, str]
    calendar: bool


class Outline:
    """The outline of a document, for its records."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._texts: dict[int, dict[str, str]] = {}
        self._shared: dict[int, list[Part]] = {}

    def common(self, paths: Sequence[Sequence[str]]) -> int:
        """How many headings stand over all themes: what all paths share, as long as two levels remain below it."""
        above = [list(path) for path in paths if path]
        depth = min(map(len, above), default=0)
        same = 0
        while len(above) > 1 and same < depth - 2 and len({path[same] for path in above}) == 1:
            same += 1
        return same

    def path(self, part: Part, lead: str) -> tuple[list[Part], str, list[str]]:
        """The sections over a part down to its activity, the heading of its calendar ("" without), and the headings
        within the calendar."""
        sections = [each for each in reversed(list(part.ancestors())) if each.heading is not None]
        if part.kind is NodeKind.HEADING and sections and sections[-1].heading is part:
            sections.pop()
        named = [self._names.find(_heading(section)) == CALENDAR for section in sections]
        if any(named):
            at = max(at for at, calendar in enumerate(named) if calendar)
            return sections[:at], _heading(sections[at]), [_heading(section) for section in sections[at + 1 :]]
        if lead and self._names.find(lead) == CALENDAR:
            return sections, _NUMBERING.sub("", lead.strip(), count=1).rstrip(" :：."), []
        within: list[str] = []
        while sections and (over := sections[-1].heading) is not None and is_scope(over.text, over.anchors):
            within.insert(0, _heading(sections.pop()))
        return sections, "", within

    def spot(self, part: Part, lead: str, shared: int) -> Spot:
        """Where a record stands whose first part is `part`."""
        above, section, within = self.path(part, lead)
        names = [_heading(each) for each in above]
        title, names = names[:shared], names[shared:]
        activities = [_heading(each) for each in self._sharing(above[-1])] if above and names else []
        activities += names[-1:]
        themes = names[:-1]
        return Spot(
            outline=(*themes[:1], *(["; ".join(activities)] if activities else []), section),
            headings=(*title, *themes, *activities, *within),
            sections=self._sections(above[-1]) if above else {},
            calendar=bool(section),
        )

    def _sharing(self, activity: Part) -> list[Part]:
        """The siblings directly before an activity that share its calendar: nothing but headings, or with sections of
        their own that it lacks."""
        if id(activity) not in self._shared:
            siblings = (
                [one for one in activity.above.children if one.kind is NodeKind.SECTION] if activity.above else []
            )
            at = next((at for at, one in enumerate(siblings) if one is activity), 0)
            found: list[Part] = []
            for other in reversed(siblings[:at]):
                if not self._shares(other, activity):
                    break
                found.insert(0, other)
            self._shared[id(activity)] = found
        return self._shared[id(activity)]

    def _shares(self, other: Part, activity: Part) -> bool:
        texts = self._own(other)
        if CALENDAR in texts:
            return False
        if all(each is other.heading or not each.text.strip() for each in other.walk()):
            return True
        return bool(texts) and not (texts.keys() & self._own(activity).keys() - {BACKGROUND})

    def _sections(self, activity: Part) -> dict[str, str]:
        texts: dict[str, str] = {}
        for part in (*self._sharing(activity), activity):
            for name, text in self._own(part).items():
                if name != CALENDAR:
                    texts[name] = f"{texts[name]} {text}" if name in texts else text
        return texts

    def _own(self, activity: Part) -> dict[str, str]:
        """The named sections of an activity, by canonical name, with their text."""
        if id(activity) not in self._texts:
            texts: dict[str, str] = {}
            for name, text in self._named(activity):
                texts[name] = f"{texts[name]} {text}".strip() if name in texts else text
            self._texts[id(activity)] = texts
        return self._texts[id(activity)]

    def _named(self, activity: Part) -> Iterator[tuple[str, str]]:
        running: str | None = None
        for child in activity.children:
            if child.kind is NodeKind.SECTION:
                running = None
                if name := self._names.find(_heading(child)):
                    yield name, " ".join(each.text for each in child.walk() if each.text and each is not child.heading)
                continue
            if child.kind is NodeKind.PAIR and (name := self._names.find(child.node.label)):
                yield name, child.text
                continue
            if child.kind is NodeKind.PARAGRAPH:
                head, colon, rest = child.text.replace("：", ":").partition(":")
                if name := self._names.find(child.text):
                    running = name
                    yield name, ""
                    continue
                if colon and (name := self._names.find(head)):
                    running = None
                    yield name, rest.strip()
                    continue
            if running:
                yield running, " ".join(each.text for each in child.walk() if each.text)


def _heading(section: Part) -> str:
    return section.heading.text.strip() if section.heading is not None else ""
