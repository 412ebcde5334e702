"""What may be an entry: a record with its text, its dates and the evidence for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from calfeed.dates import Field
from calfeed.extract.anchors import Anchor, Part, covered, words_in
from calfeed.model import Interpretation, Qualifier, Reading

# What may stand between dates that are one expression, or between a date and the edge that it stands at.
_BETWEEN = re.compile(r"[\s,;&/|+()\[\]]*(?:(?:and|und|et|y|e|и|и|和|及|、|و)\s*)?[\s,;&/|]*")
_EDGE = re.compile(r"[\s\W]*(?:(?:on|am|le|el|em|the|den|der|il|o|в|с|from|du|del|vom)\s+)?[\s\W]*", re.IGNORECASE)
_CLAUSE = re.compile(r"(?<=[\w)][.!?])\s+(?=[A-ZÄÖÜÉА-Я])|[;；]\s*|[。！？]\s*|\n")
# So many words may follow a date that still stands at a line's end.
_TAIL_WORDS = 4
_MOSTLY_TIME = 0.3
# A place has so many words at most.
_PLACE_WORDS = 4
_SENTENCE_END = (".", "!", "?", "。", "！", "？", "؟", "…")


class Line(Struct, eq=False, kw_only=True):
    """A piece of a part's text that stands for itself: a whole paragraph, or one of its lines. Offsets are the
    part's."""

    part: Part
    start: int
    end: int
    anchors: tuple[Anchor, ...] = ()

    @property
    def text(self) -> str:
        return self.part.text[self.start : self.end]

    @property
    def dated(self) -> tuple[Anchor, ...]:
        return tuple(anchor for anchor in self.anchors if anchor.periods)

    @property
    def look(self) -> str:
        """Where the date stands: "none", "time" (a time alone), "date" (nothing else), "begins", "ends", "label"
        (after a colon), "inside", "prose"."""
        dated = self.dated
        text = self.text
        if not dated:
            timed = [_at(anchor, self.start) for anchor in self.anchors if anchor.times and anchor.end <= self.end]
            opens = bool(timed) and (not words_in(text[: timed[0].start]) or covered(text, timed) > _MOSTLY_TIME)
            return "time" if opens or (timed and _EDGE.fullmatch(text[: timed[0].start])) else "none"
        inside = [_at(anchor, self.start) for anchor in self.anchors if anchor.end <= self.end]
        if covered(text, inside) >= 0.75:
            return "date"
        first, last = dated[0].start - self.start, dated[-1].end - self.start
        if _EDGE.fullmatch(text[:first]):
            return "prose" if is_prose(text) and words_in(text) > 30 else "begins"
        labelled = text[:first].rstrip().endswith((":", "：", "|"))
        if is_prose(text) and not (labelled and words_in(text[last:]) <= _TAIL_WORDS):
            return "prose"
        if labelled:
            return "label"
        return "ends" if words_in(text[last:]) <= _TAIL_WORDS else "inside"


def _at(anchor: Anchor, start: int) -> Anchor:
    return Anchor(start=anchor.start - start, end=anchor.end - start, found=anchor.found)


def is_prose(text: str) -> bool:
    """Whether a text is a sentence rather than a line of a list."""
    words = words_in(text)
    return words > 30 or (
        words >= 7 and text.rstrip(' )"”»').endswith(_SENTENCE_END) and not text.rstrip().endswith("...")
    )


def lines_of(part: Part, *, always: bool = False) -> list[Line]:
    """A part's lines: one, unless its own lines hold whole dates; `always` also where there are none."""
    text = part.text
    if not text.strip():
        return []
    breaks = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n"), len(text) + 1]
    spans = [(a, min(b - 1, len(text))) for a, b in pairwise(breaks) if text[a : b - 1].strip()]
    if len(spans) < 2 or not (always or part.dated):
        return [Line(part=part, start=0, end=len(text), anchors=part.anchors)]
    held = [[one for one in part.anchors if a <= one.start < b] for a, b in spans]
    if any(one.end > b for (_, b), inside in zip(spans, held, strict=True) for one in inside):
        return [Line(part=part, start=0, end=len(text), anchors=part.anchors)]
    return [Line(part=part, start=a, end=b, anchors=tuple(inside)) for (a, b), inside in zip(spans, held, strict=True)]


class Record(Struct, eq=False, kw_only=True):
    """An entry before it is accepted.

    `text` is verbatim; `spans` are the offsets of its date words in it. `anchors` give its periods. `shape` says what
    it is cut from: "item", "line", "row", "cell", "heading", "sentence", "stated". `look` as of a line. `title`,
    `place`, `label` are known by their role (a cell, a line of its own), None where the text itself has to be asked.
    `body`: texts that belong to it. `peers`, `dated_peers`: how many siblings there are, and how many of them have
    dates. `bare_of`: it has no title, where most of its siblings have one.
    """

    parts: list[Part]
    text: str
    shape: str
    look: str = "none"
    spans: tuple[tuple[int, int], ...] = ()
    anchors: tuple[Anchor, ...] = ()
    times: str | None = None
    headings: tuple[str, ...] = ()
    lead: str = ""
    title: str | None = None
    place: str | None = None
    label: str | None = None
    body: list[str] = []
    columns: dict[str, str] = {}
    found: Interpretation | None = None
    when: str = ""
    peers: int = 1
    dated_peers: int = 1
    bare_of: bool = False
    cuts: tuple[tuple[int, int], ...] = ()


def expressions(text: str, anchors: Sequence[Anchor]) -> list[list[Anchor]]:
    """The dated anchors of a text, those together that are one expression ("4 May, 8 June and 6 July")."""
    groups: list[list[Anchor]] = []
    for anchor in anchors:
        if not anchor.periods:
            continue
        if groups and _BETWEEN.fullmatch(text[groups[-1][-1].end : anchor.start]) and _alike(groups[-1][-1], anchor):
            groups[-1].append(anchor)
        else:
            groups.append([anchor])
    return groups


def _alike(one: Anchor, other: Anchor) -> bool:
    """Whether two dates beside each other are of a kind: a date in brackets behind another is none of its list."""
    return (Field.DAY in one.has) == (Field.DAY in other.has) and not any(
        period.qualifier in (Qualifier.BY, Qualifier.UNTIL) for anchor in (one, other) for period in anchor.periods
    )


def bound(anchors: Sequence[Anchor], text: str = "") -> Interpretation | None:
    """The interpretation that some anchors give together: their periods in order."""
    dated = [anchor for anchor in anchors if anchor.periods]
    if not dated:
        return None
    first = dated[0].found
    reasons = tuple(dict.fromkeys(reason for one in dated for reason in one.found.reasons))
    doubts = tuple(f"{one.doubt[:1].upper()}{one.doubt[1:]}." for one in dated if one.doubt)
    review = bool(doubts) or any(one.found.review for one in dated)
    readings = first.readings
    if len(dated) > 1:
        periods = tuple(period for one in dated for period in one.periods)
        inferred = tuple(dict.fromkeys(each for one in dated for each in one.found.readings[0].inferred))
        readings = (Reading(rule=first.readings[0].rule, periods=periods, inferred=inferred),)
    return Interpretation(
        text=text,
        lang=first.lang,
        readings=readings,
        review=review,
        reasons=(*reasons, *doubts),
        status=next((one.found.status for one in dated if one.found.status), None),
        spans=tuple((one.start, one.end) for one in dated),
    )


def goes_on(text: str, one: Sequence[Anchor], other: Sequence[Anchor]) -> bool:
    """Whether an event that is held several times goes on behind a semicolon: only another place stands before its next
    date ("Nairobi, 4-6 March; Dakar, 10-12 June")."""
    between = text[one[-1].end : other[0].start]
    return between.lstrip().startswith((";", "；")) and words_in(between) <= _PLACE_WORDS and _alike(one[-1], other[0])


def clauses(text: str, groups: Sequence[Sequence[Anchor]]) -> list[tuple[int, int]]:
    """Cut a text with several expressions into the clauses that hold one each; offsets. Where no boundary stands
    between two expressions they share a clause."""
    cuts = [0]
    for one, other in pairwise(groups):
        between = list(_CLAUSE.finditer(text, one[-1].end, other[0].start))
        if between and not goes_on(text, one, other):
            cuts.append(between[0].end())
    ends = [*cuts[1:], len(text)]
    return list(zip(cuts, ends, strict=True))


def dated_clauses(part: Part, headings: tuple[str, ...], lead: str = "") -> list[Record]:
    """The lines and clauses of a cell that name a day of their own, beside words: each may be an event."""
    made = []
    for line in lines_of(part, always=True):
        groups = [group for group in expressions(part.text, line.dated) if all(Field.DAY in one.has for one in group)]
        if not groups or line.look in ("date", "prose"):
            continue
        moved = [[_at(one, line.start) for one in group] for group in groups]
        for (start, end), group, own in zip(clauses(line.text, moved), groups, moved, strict=False):
            text = line.text[start:end].strip(" ;")
            shift = line.text.index(text, start)
            spans = tuple((one.start - shift, one.end - shift) for one in own)
            made.append(
                Record(
                    parts=[part],
                    text=text,
                    shape="item",
                    look=Line(part=part, start=line.start + start, end=line.start + end, anchors=tuple(group)).look,
                    spans=spans,
                    anchors=tuple(group),
                    headings=headings,
                    lead=lead,
                )
            )
    return made
