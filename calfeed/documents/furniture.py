"""Page furniture of text that was taken from pages: page numbers, and the headers and footers that repeat."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from calfeed.documents.decode import PAGE_BREAK

# "Page 3 of 12", "- 3 -", "3/12", "Seite 3", "стр. 3", "第 3 页"; a bare number needs a neighbour that counts on.
_PAGE_WORDS = re.compile(
    r"(?:page|pagina|página|seite|стр\.?|страница|صفحة|p\.|第)\s*\d{1,4}\s*(?:页|頁)?"
    r"(?:\s*(?:of|/|de|sur|von|из|من)\s*\d{1,4})?$|[-–—]\s*\d{1,4}\s*[-–—]$|\[\s*\d{1,3}\s*\]$",
    re.IGNORECASE,
)
_BARE_NUMBER = re.compile(r"\d{1,3}$")
_DIGITS = re.compile(r"\d+")
# How many lines beside a page break may be header or footer.
_REACH = 2


def without_furniture(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines with their numbers (from 1), page numbers and repeated headers and footers left out.

    A page break is a form feed or a page number. A line repeats where the same one, digits aside, stands at the same
    side of at least two breaks. What was left out leaves a blank line, unless the text runs on over the break.
    """
    numbered = list(enumerate(lines, start=1))
    breaks = _page_numbers(lines) | {n for n, line in numbered if line.startswith(PAGE_BREAK)}
    if not breaks:
        return numbered
    dropped = _page_numbers(lines)
    counts: Counter[str] = Counter()
    beside: dict[int, str] = {}
    for at in sorted(breaks):
        for number in _neighbours(lines, at, dropped):
            if number not in beside:
                beside[number] = _DIGITS.sub("#", lines[number - 1].replace(PAGE_BREAK, "").strip().casefold())
                counts[beside[number]] += 1
    dropped |= {number for number, words in beside.items() if counts[words] >= max(2, len(breaks) // 2)}
    return _close_gaps(numbered, dropped)


def _page_numbers(lines: Sequence[str]) -> set[int]:
    found: set[int] = set()
    bare: list[tuple[int, int]] = []
    for number, line in enumerate(lines, start=1):
        text = line.replace(PAGE_BREAK, "").strip()
        if _PAGE_WORDS.match(text):
            found.add(number)
        elif _BARE_NUMBER.match(text) and _alone(lines, number):
            bare.append((number, int(text)))
    for (first, low), (second, high) in pairwise(bare):
        if high == low + 1:
            found |= {first, second}
    return found


def _alone(lines: Sequence[str], number: int) -> bool:
    """Whether a line has a blank line, a page break or the document's edge on at least one side."""
    before = lines[number - 2] if number >= 2 else ""
    after = lines[number] if number < len(lines) else ""
    return not before.strip() or not after.strip() or PAGE_BREAK in after or PAGE_BREAK in lines[number - 1]


def _neighbours(lines: Sequence[str], at: int, dropped: set[int]) -> list[int]:
    """The numbers of the `_REACH` lines with words on either side of a break; a form feed's own line is one."""
    found: list[int] = []
    for step in (-1, 1):
        number = at if step == 1 and at not in dropped else at + step
        taken = 0
        while 1 <= number <= len(lines) and taken < _REACH and abs(number - at) <= _REACH + 4:
            if lines[number - 1].replace(PAGE_BREAK, "").strip() and number not in dropped:
                found.append(number)
                taken += 1
            number += step
    return found


def _close_gaps(numbered: list[tuple[int, str]], dropped: set[int]) -> list[tuple[int, str]]:
    """Leave out the dropped lines; the blank lines around them go where the text runs on in mid-sentence."""
    kept: list[tuple[int, str]] = []
    gap = False
    for number, line in numbered:
        if number in dropped:
            while kept and not kept[-1][1].strip():
                kept.pop()
            gap = True
        elif gap and not line.replace(PAGE_BREAK, "").strip():
            continue
        else:
            text = line.replace(PAGE_BREAK, "").strip()
            if gap and kept and not _runs_on(kept[-1][1], text):
                kept.append((number, ""))
            gap = False
            kept.append((number, line.replace(PAGE_BREAK, "")))
    return kept


def _runs_on(before: str, after: str) -> bool:
    """Whether a text goes on over the page: it does not close, and what follows begins small or with a digit."""
    return not before.rstrip().endswith((".", "!", "?", ":", "。")) and (after[:1].islower() or after[:1].isdigit())
