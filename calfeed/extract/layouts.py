"""What lines, sections and runs of lines look like: the questions by which `regions` cuts.

Each is a fact of layout with a name: a day that heads a list, titles that stand under their date lines, fields that
belong to one record. Nothing here makes a record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Anchor, Part, words_in
from calfeed.extract.fields import label_kind
from calfeed.extract.records import Line, goes_on, is_prose, lines_of
from calfeed.model import Precision


def whole_sentences(spans: Iterable[tuple[int, int]], line: Line) -> list[tuple[int, int]]:
    """The sentences of a line, those joined that a date runs through ("2. Quartal")."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        cut = joined and any(
            one.start - line.start < joined[-1][1] and one.end - line.start > start for one in line.anchors
        )
        if cut:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def main_dates(groups: Sequence[Sequence[Anchor]], line: Line) -> list[Anchor]:
    """The dates of a line's first expressions, as far as one goes on with the other."""
    found: list[Anchor] = list(groups[0]) if groups else []
    for one, other in pairwise(groups):
        if not goes_on(line.part.text, one, other):
            break
        found += other
    return found


def moved(anchor: Anchor, start: int) -> Anchor:
    """An anchor with its offsets counted from `start`."""
    return Anchor(
        start=anchor.start - start, end=anchor.end - start, found=anchor.found, has=anchor.has, lacks=anchor.lacks
    )


def heads_a_day(line: Line) -> bool:
    """Whether a line is a day over a list or table: nothing but a date, or one with a colon behind it."""
    return line.look == "date" and is_one_day(line.dated)


def holds_times(part: Part) -> bool:
    """Whether a section under a day, or one beside it, holds several lines that begin with a time: each is an event."""
    beside = [child for child in part.above.children if child.kind is NodeKind.SECTION] if part.above else []
    return any(
        sum(one.look == "time" for each in section.walk() for one in lines_of(each)) > 1 for section in beside or [part]
    )


def opens_a_day(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is a day over lines that begin with a time of day."""
    for line in lines[at + 1 :]:
        if line.look == "time":
            return True
        if line.look != "none" or is_prose(line.text):
            return False
    return False


def has_day_beside(part: Part) -> bool:
    """Whether another section beside this one has a day for its heading."""
    beside = [child for child in part.above.children if child is not part] if part.above else []
    return any(child.heading is not None and any(one.exact for one in child.heading.dated) for child in beside)


def is_one_day(anchors: Sequence[Anchor]) -> bool:
    """Whether a heading is one day, which what stands under it can have."""
    periods = [period for anchor in anchors for period in anchor.periods]
    return len(periods) == 1 and periods[0].precision is Precision.DAY and periods[0].start == periods[0].end


def may_title(line: Line, texts: Counter[str], lang: str | None) -> bool:
    """Whether a line without a date can be the title beside a date line."""
    text = line.text.strip()
    linked = sum(link.end - link.start for link in line.part.node.links if line.start <= link.start < line.end)
    return (
        line.look == "none"
        and not label_of(line, lang)
        and not is_prose(text)
        and texts[text.casefold()] < 2
        and any(map(str.isalpha, text))
        and not (linked >= 0.9 * len(text) and words_in(text) == 1)
    )


def titles_stand_below(lines: Sequence[Line]) -> bool:
    """Whether the titles of a run of date lines stand under them: as the run begins, so it goes on."""
    looks = [line.look for line in lines if line.look in ("date", "none")]
    if not looks or looks[0] == "date":
        return True
    if looks[-1] == "date":
        return False
    bold = [line.part.node.style.bold for line in lines]
    return not any(a and lines[at + 1].look == "date" for at, a in enumerate(bold[:-1]))


def label_of(line: Line, lang: str | None) -> str | None:
    """What kind of field a line is by its label, None where it has none."""
    if line.part.kind is NodeKind.PAIR:
        return label_kind(line.part.node.label, lang, whole=True) or "other"
    head, colon, rest = line.text.partition(":") if ":" in line.text else line.text.partition("：")
    return label_kind(head, lang, whole=True) if colon and rest.strip() and words_in(head) <= 4 else None


def value_of(line: Line) -> str:
    """The words of a field, without its label."""
    return line.text if line.part.kind is NodeKind.PAIR else line.text.replace("：", ":").partition(":")[2].strip()


def end_of_fields(lines: Sequence[Line], at: int, lang: str | None) -> int:
    """Where the run of fields that begins at `at` ends; a label that comes again opens the next record."""
    seen: set[str] = set()
    end = at
    while end < len(lines):
        kind = label_of(lines[end], lang)
        if kind is None or kind == "other" or kind in seen:
            break
        seen.add(kind)
        end += 1
    return end if seen & {"date", "start"} else at
