"""Which unmarked lines are headings, which of them belong together, and how they rank.

A text does not mark its headings. What tells them: they stand before a section ("Background"), after a blank line,
close with no full stop, and are written like titles. Wrapped headings follow one another without a blank line, so the
width of their column says where one ends and the next begins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from calfeed.extract.dated import DateWords
from calfeed.extract.joining import fits, is_address, last_word_is_small, open_end, rejoin, small_start
from calfeed.extract.lines import Line, is_glyph
from calfeed.extract.words import words
from calfeed.model import BlockKind

# The style of the document's own title, which stands above every other heading.
TITLE = "title"
_STOPS = (".", ";", "!", "?", "。", "؛", "؟")
_LONG_WORD = re.compile(r"[^\W\d_][\w’'-]{3,}")
_SENTENCE_END = re.compile(r"[^\W\d]{3,}[.!?] +[^\W\d_a-z]")
_MAIL_ADDRESS = re.compile(r"\S@\S+\.\w{2,}")
_MAX_LINES = 8
_MAX_WIDTH = 110
# The share of its longer words that a title writes with a capital.
_TITLE_SHARE = 0.6
# The length of a long word.
_LONG = 12
_NUMBERED = re.compile(r"((?:\d{1,2}|[A-Z](?=\.\d))(?:\.\d{1,2})*)\.?\s+(?=\S)")
_LETTERED = re.compile(r"[A-Z][.)]\s+(?=\S)")
_ROMAN = re.compile(r"[IVX]{1,5}[.)]\s+(?=\S)")
_NAMED_PART = re.compile(
    r"(part|chapter|theme|component|pillar|cluster|area|activity|objective|output|outcome|partie|chapitre|thème|activité"
    r"|objectif|parte|capítulo|tema|actividad|objetivo|teil|kapitel|aktivität|часть|глава|мероприятие)"
    r"\s+(\d{1,2}|[IVX]{1,5}|[A-Z]\d{0,2}|one|two|three|four|five|six)\b",
    re.IGNORECASE,
)


class Heading(Struct, frozen=True, kw_only=True):
    """A heading, rejoined, without its number. `style` says how it is set off ("#2", "number 1", "caps", "plain")."""

    text: str
    style: str
    lines: tuple[Line, ...]


def style_of(line: Line) -> str:
    """How a heading is set off: the level that the document gives it, its numbering, its capitals, or nothing."""
    if line.kind is BlockKind.HEADING and line.level:
        return f"#{line.level}"
    text = line.bare
    if match := _NUMBERED.match(text):
        return f"number {match[1].count('.') + 1}"
    if _ROMAN.match(text):
        return "roman"
    if _LETTERED.match(text):
        return "letter"
    if match := _NAMED_PART.match(text):
        return match[1].casefold()
    letters = [letter for letter in text if letter.isalpha()]
    if len(letters) >= 4 and all(letter.isupper() for letter in letters):
        return "caps"
    return "plain"


def title_share(text: str) -> float:
    """The share of the longer words that begin with a capital; 1 for a text without such words (or without case)."""
    found = _LONG_WORD.findall(text)
    if not found:
        first = text.strip("(\"'“‘ ")[:1]
        return 0.0 if first.islower() else 1.0
    return sum(not word[0].islower() for word in found) / len(found)


def may_be_heading(line: Line, dates: DateWords) -> bool:
    """Whether nothing about a line speaks against its being (a part of) a heading."""
    if line.kind is BlockKind.ROW or is_glyph(line.marker) or not line.text:
        return False
    if line.width > _MAX_WIDTH or line.text.endswith(_STOPS) or is_address(line.text) or is_imprint(line.text):
        return False
    return not (dates.ends(line.text) and ":" in line.text) and not dates.only(line.text)


def is_imprint(text: str) -> bool:
    """Whether a line gives contact data: what follows the last entry and is none."""
    folded = text.casefold().lstrip("+ ")
    return is_address(text) or _MAIL_ADDRESS.search(text) is not None or folded.startswith(words().imprint)


def is_prose(lines: Sequence[Line], dates: DateWords) -> bool:
    """Whether lines are running text: unmarked sentences that close with a full stop and not with a date."""
    if not lines or lines[0].marker or lines[-1].kind is not BlockKind.PARAGRAPH:
        return False
    text = rejoin([line.text for line in lines])
    if dates.starts(text) or not text.endswith((".", "。", "!", "?")):
        return False
    if dates.ends(text.rstrip(".")) and not _SENTENCE_END.search(text):
        return False
    return len(text.split()) >= 9 or len(text) > 60 or (len(text) > 25 and not text.isascii() and " " not in text)


def groups(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines that stand together without a gap."""
    found: list[list[Line]] = []
    for line in lines:
        if line.gap or not found:
            found.append([])
        found[-1].append(line)
    return found


def tail(lines: Sequence[Line], dates: DateWords, measure: int, *, whole: bool, after: str | None) -> int:
    """Where the headings begin that close `lines` (before the next section): an index, len(lines) where there are none.

    `whole` says that all lines may be headings (nothing must remain as a section's body); `after` is the canonical
    name of the section that the lines stand in, None outside any.
    """
    start = len(lines)
    stacked = groups(lines)
    indent = lines[0].indent if lines and after == "calendar" else 0
    while stacked:
        group = stacked.pop()
        # In a calendar, what stands in the column of the items, ends with a date or has one below it is one of them.
        dated = dates.ends(group[-1].text) or any(dates.starts(line.text) for line in group[1:])
        if after == "calendar" and ((indent and group[0].indent == indent) or dated):
            break
        if not whole and not stacked and start < len(lines):
            break
        count = _closing_headings(group, dates, measure, whole=whole or bool(stacked))
        start -= count
        if count < len(group) or len(group) > 3:
            break
    if start < len(lines) and after not in (None, "calendar") and _is_list_of_lines(lines, start, dates):
        return len(lines)
    return start


def _closing_headings(group: Sequence[Line], dates: DateWords, measure: int, *, whole: bool) -> int:
    """How many lines at the end of a group are headings."""
    if whole and len(group) <= _MAX_LINES and _all_headings(group, dates):
        return len(group)
    count = 0
    for line in reversed(group):
        if not may_be_heading(line, dates) or title_share(line.text) < _TITLE_SHARE or dates.has_date(line.text):
            break
        count += 1
        # A lone space before the text marks an item or the first of the headings, as style_of does.
        if line.indent or style_of(line) != "plain":
            break
    if count == len(group) and not whole:
        return 0
    if not count or count == len(group):
        return count
    above, first = group[-count - 1], group[-count]
    # A line that goes on from the one above is the end of its sentence, however it is written.
    wrapped = not fits(above.width, first.text, measure) and not last_word_is_small(above.text)
    goes_on = small_start(first.text) or open_end(above.text) or wrapped
    return 0 if goes_on and not above.text.endswith(_STOPS) else count


def _all_headings(group: Sequence[Line], dates: DateWords) -> bool:
    if not all(may_be_heading(line, dates) for line in group) or small_start(group[0].text):
        return False
    # Several items of a numbered or lettered list are no headings; "1." over "1.1" is.
    styles = [style_of(line) for line in group if line.marker]
    if len(styles) > len(set(styles)):
        return False
    # Long lines without capitals are a sentence that lost its full stop.
    shares = [title_share(line.text) for line in group[1:]]
    return not (len(shares) > 1 and max(shares) < _TITLE_SHARE / 2 and len(group[0].text) > 60)


def _is_list_of_lines(lines: Sequence[Line], start: int, dates: DateWords) -> bool:
    """Whether the supposed headings are the last of several short paragraphs of a section, each like the others."""
    before = groups(lines[:start])
    return (
        bool(before)
        and len(groups(lines[start:])) == 1
        and len(lines) - start == 1
        and all(len(group) == 1 and may_be_heading(group[0], dates) and not group[0].marker for group in before)
    )


def column_width(tails: Sequence[Sequence[Line]], measure: int) -> int:
    """The width of the headings' column: that of the widest heading line where headings are seen to wrap before the
    text does, else the text's measure."""
    pairs = [pair for lines in tails for pair in pairwise(lines) if not pair[1].gap]
    widths = [line.width for lines in tails for line in lines]
    wrapped = [one.width for one, two in pairs if small_start(two.text) or open_end(one.text, colon=False)]
    if not wrapped or max(wrapped) < 0.7 * min(measure, max(widths)):
        return max([measure, *widths])
    # Wider by more than a long word than any line that wraps: from another column, or no heading.
    return max(width for width in widths if width <= max(wrapped) + _LONG)


def join(lines: Sequence[Line], width: int, vocabulary: frozenset[str]) -> list[Heading]:
    """The headings in contiguous heading lines."""
    found: list[list[Line]] = []
    for line in lines:
        if found and _continues(found[-1][-1], line, width):
            found[-1].append(line)
        else:
            found.append([line])
    return [_heading(part, vocabulary) for part in found]


def _continues(before: Line, line: Line, width: int) -> bool:
    if line.gap or BlockKind.HEADING in (line.kind, before.kind) or line.marker:
        return False
    style, above = style_of(line), style_of(before)
    if small_start(line.text) or open_end(before.text):
        return True
    if style != above and "caps" in (style, above):
        return False
    if style not in ("plain", "caps"):
        return False
    return not fits(before.width, line.text, width)


def _heading(lines: Sequence[Line], vocabulary: frozenset[str]) -> Heading:
    style = style_of(lines[0])
    text = rejoin([lines[0].text if lines[0].marker else lines[0].bare, *(line.text for line in lines[1:])], vocabulary)
    for numbering in (_NUMBERED, _ROMAN, _LETTERED):
        if match := numbering.match(text):
            text = text[match.end() :]
            break
    return Heading(text=text.strip().rstrip(":：").rstrip(), style=style, lines=tuple(lines))


def mark_title(stacks: list[list[Heading]], lines: Sequence[Line]) -> None:
    """Give the document's title the style of its own: a heading that opens the document above two levels of others."""
    first = next((stack for stack in stacks if stack), None)
    if first is None or not lines:
        return
    head = first[0]
    if any(other.style == head.style for stack in stacks for other in stack if other is not head):
        # "1 Plenary" over a later "2 Working groups" is the first of several.
        alone = not head.style.startswith(("#", "number", "roman")) and head.lines[0] == lines[0]
    else:
        alone = head.style.startswith("#") or head.lines[0] == lines[0]
    marked = {other.style for stack in stacks for other in stack if other is not head and other.style != "plain"}
    plain = max(sum(other.style == "plain" for other in stack if other is not head) for stack in stacks)
    below = max(len(marked), plain) if head.style.startswith("#") else max(len(first) - 1, len(marked))
    if not alone or below < 2:
        return
    # What stands directly below the title is its second line, unless the outline needs it.
    second = [other for other in first[1 : max(1, len(first) - 2)] if not any(line.gap for line in other.lines)]
    second = second if first[1 : len(second) + 1] == second else []
    text = " ".join(heading.text for heading in (head, *second))
    first[: len(second) + 1] = [
        replace(head, text=text, style=TITLE, lines=(*head.lines, *(x for s in second for x in s.lines)))
    ]


class Ranks:
    """Which style of heading stands above which, from how the document uses them; the plain style is the lowest."""

    def __init__(self, stacks: Sequence[Sequence[Heading]]) -> None:
        styles = [heading.style for stack in stacks for heading in stack if heading.style != TITLE]
        below = any(_plain_above_capitals(stack) for stack in stacks)
        mixed = len(set(styles)) > 1
        order = [style for style in dict.fromkeys(styles) if style != "plain" and not style.startswith(("#", "number"))]
        self._rank: dict[str, float] = {TITLE: 0}
        for style in dict.fromkeys(styles):
            if style.startswith("#"):
                self._rank[style] = float(style[1:])
            elif style.startswith("number"):
                self._rank[style] = 10 + float(style.split()[1])
        numbered_first = bool(styles) and styles[0].startswith("number")
        for place, style in enumerate(order):
            if style == "caps" and (below or not mixed):
                continue
            self._rank[style] = (20 if numbered_first and style != "caps" else 7) + place / 10

    def of(self, heading: Heading) -> float | None:
        """The rank of a heading, 1 the highest; None for one that only its place ranks."""
        return self._rank.get(heading.style)

    def place(self, path: Sequence[Heading], stack: Sequence[Heading]) -> tuple[Heading, ...]:
        """The path of headings after a stack of new ones, outermost first.

        Plain headings: several together replace all plain ones, one alone replaces the last of them.
        """
        plain: list[Heading] = []
        kept = list(path)
        for heading in stack:
            rank = self.of(heading)
            if rank is None:
                plain.append(heading)
                continue
            kept = [other for other in kept if (above := self.of(other)) is not None and above < rank]
            kept.append(heading)
            plain = []
        if not plain:
            return tuple(kept)
        ranked = [heading for heading in kept if self.of(heading) is not None]
        old = [heading for heading in kept if self.of(heading) is None]
        return (*ranked, *(old[:-1] if len(plain) == 1 else ()), *plain)


def _plain_above_capitals(stack: Sequence[Heading]) -> bool:
    styles = [heading.style for heading in stack]
    return "plain" in styles and "caps" in styles and styles.index("plain") < styles.index("caps")
