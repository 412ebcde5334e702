"""Page furniture of text that was taken from pages: page numbers, and the headers and footers that repeat."""

from __future__ import annotations

import re
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
# A page's number at either end of its header; other digits belong to the words.
_PAGE_DIGITS = re.compile(r"^\d{1,3}(?=\s)|(?<=\s)\d{1,3}$")
_MARKED = re.compile(r"(?:[-–—*•▪◦]|\W\s)\s*\w")
# How many lines beside a page break may be header or footer.
_REACH = 2


def without_furniture(lines: Sequence[str]) -> list[tuple[int, str]]:
    """The lines with their numbers (from 1), page numbers and repeated headers and footers left out.

    A page break is a form feed or a page number. A line repeats where the same one, but for its page number, stands
    on the same side of several breaks. What was left out leaves a blank line, unless the text runs on over the break.
    """
    numbered = list(enumerate(lines, start=1))
    breaks = _page_numbers(lines) | {n for n, line in numbered if line.startswith(PAGE_BREAK)}
    if not breaks:
        return numbered
    dropped = _page_numbers(lines)
    return _close_gaps(numbered, dropped | _repeated(lines, breaks, dropped))


def _repeated(lines: Sequence[str], breaks: set[int], dropped: set[int]) -> set[int]:
    """The numbers of the headers and footers."""
    repeated: set[int] = set()
    opening = _words(next((line for line in lines if _words(line)), ""))
    for step in (-1, 1):
        # The document's start is the top of its first page.
        edges = [0, *sorted(breaks)] if step == 1 else sorted(breaks)
        firsts: dict[str, set[int]] = {}
        places: dict[str, set[int]] = {}
        for at in edges:
            beside: dict[str, int] = {}
            for number in _neighbours(lines, at, step, dropped):
                words = _words(lines[number - 1])
                # An item of a list is no header.
                if not _MARKED.match(words):
                    places.setdefault(words, set()).add(number)
                    beside.setdefault(words, number)
            for words, number in beside.items():
                firsts.setdefault(words, set()).add(number)
        for words, numbers in firsts.items():
            if len(numbers) >= max(2 if words == opening and step == 1 else 3, len(breaks) // 3):
                # The one that opens the document may be its title, or the name of its only section.
                repeated |= places[words] - ({min(places[words])} if words == opening else set())
    return repeated


def _words(line: str) -> str:
    """A line as headers are compared: without the page's number and case."""
    return _PAGE_DIGITS.sub("#", line.replace(PAGE_BREAK, "").strip().casefold())


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


def _neighbours(lines: Sequence[str], at: int, step: int, dropped: set[int]) -> list[int]:
    """The numbers of the `_REACH` lines with words nearest to a break, before it (step -1) or after it (step 1).

    The line of a form feed itself stands after its break."""
    found: list[int] = []
    number = at if step == 1 and at and at not in dropped else at + step
    while 1 <= number <= len(lines) and len(found) < _REACH and abs(number - at) <= _REACH + 4:
        if _words(lines[number - 1]) and number not in dropped:
            found.append(number)
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
