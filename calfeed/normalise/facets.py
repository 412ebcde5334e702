"""An entry -> the values of its facets, each with the evidence for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from calfeed.model import Entry, Evidence
from calfeed.normalise.slugs import slug
from calfeed.normalise.titles import head_of
from calfeed.settings import Facet, Term

_QUOTED = 90
_IDEOGRAPH = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


def facets_of(
    entry: Entry, title: str, facets: Sequence[Facet], lang: str | None
) -> tuple[dict[str, tuple[str, ...]], tuple[Evidence, ...]]:
    """The values of every facet, in the order of its vocabulary, and a sentence for each."""
    values: dict[str, tuple[str, ...]] = {}
    evidence: list[Evidence] = []
    for facet in facets:
        found = _outline(entry, facet) if facet.outline else _vocabulary(entry, title, facet, lang)
        values[facet.name] = tuple(dict.fromkeys(proof.value for proof in found))
        evidence.extend(found)
    return values, tuple(evidence)


def activities_of(outline: Sequence[str], headings: Sequence[str]) -> tuple[str, ...]:
    """The headings of the activities that share an entry's calendar, in their order."""
    if len(outline) < 2:
        return ()
    joined = outline[-2]
    for first in range(len(headings)):
        for last in range(first + 1, len(headings) + 1):
            if "; ".join(headings[first:last]) == joined:
                return tuple(headings[first:last])
    return (joined,)


def headings_within(entry: Entry) -> tuple[str, ...]:
    """The headings inside the entry's calendar ("2014", "Africa"), outermost first."""
    return _around(entry, activities_of(entry.outline, entry.headings))[1]


def matches(terms: Sequence[Term], text: str) -> dict[str, str]:
    """The values that a text names, by the words that name them. Of words that overlap, the longest counts."""
    found = [
        (match.start(), match.end(), term.id, match[0])
        for term in terms
        for word in (term.words or (term.name,))
        for match in _pattern(word).finditer(text)
    ]
    taken: list[tuple[int, int, str, str]] = []
    for one in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        if all(one[1] <= start or one[0] >= end for start, end, _, _ in taken):
            taken.append(one)
    named = {value: said for _, _, value, said in sorted(taken, reverse=True)}
    return {term.id: named[term.id] for term in terms if term.id in named}


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """Matches words whole, a word with a trailing * with any ending; a space in them is also a hyphen."""
    parts = word.split()
    body = r"[\s-]+".join(re.escape(part.rstrip("*")) + (r"\w*" if part.endswith("*") else "") for part in parts)
    body = body.replace("'", "['’]").replace("’", "['’]") if "'" in body or "’" in body else body
    if _IDEOGRAPH.search(word):
        return re.compile(body)
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)


def _vocabulary(entry: Entry, title: str, facet: Facet, lang: str | None) -> list[Evidence]:
    for place in facet.evidence:
        for name, texts in _texts(entry, title, place, lang):
            proofs = _named(facet, name, texts)
            if proofs:
                return proofs
        if place == "everywhere" and (heading := _everywhere(entry, facet)) is not None:
            return [
                Evidence(facet=facet.name, value=term.id, words=f"heading stands for all of them: “{heading}”")
                for term in facet.values
            ]
    return []


def _texts(entry: Entry, title: str, place: str, lang: str | None) -> Iterator[tuple[str, Sequence[str]]]:
    """The texts of a place of evidence, nearest first; texts that count together stand in one sequence."""
    if place == "heading":
        activities = activities_of(entry.outline, entry.headings)
        above, below = _around(entry, activities)
        for heading in reversed(below):
            yield "heading", (heading,)
        yield "heading", activities
        for heading in reversed(above):
            yield "heading", (heading,)
    elif place == "title":
        yield "title", (head_of(title, lang),)
        yield "title", (title,)
    elif place == "entry":
        yield "entry", (entry.text,)
    elif place in entry.sections:
        yield place, (entry.sections[place],)


def _around(entry: Entry, activities: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The headings above the activities, from the theme on (a document's title says nothing of one event), and those
    below them, within the calendar."""
    headings = entry.headings
    if not activities or activities[0] not in headings:
        return (), headings
    at = next(at for at in range(len(headings)) if headings[at : at + len(activities)] == tuple(activities))
    theme = headings.index(entry.outline[0]) if len(entry.outline) > 2 and entry.outline[0] in headings else at
    return headings[theme:at], headings[at + len(activities) :]


def _named(facet: Facet, place: str, texts: Sequence[str]) -> list[Evidence]:
    said: dict[str, tuple[str, str]] = {}
    for text in texts:
        for value, words in matches(facet.values, text).items():
            said.setdefault(value, (words, text))
    return [
        Evidence(facet=facet.name, value=term.id, words=f"{place} names {_article(term)}: “{_quote(*said[term.id])}”")
        for term in facet.values
        if term.id in said
    ]


def _everywhere(entry: Entry, facet: Facet) -> str | None:
    wanted = {name.casefold() for name in facet.everywhere}
    return next((heading for heading in reversed(entry.headings) if heading.casefold() in wanted), None)


def _article(term: Term) -> str:
    return f"the {term.name}" if " " in term.name and term.name[0].isupper() else term.name


def _quote(words: str, text: str) -> str:
    """The words in their context, on one line."""
    text = " ".join(text.split())
    if len(text) <= _QUOTED:
        return text
    at = max(0, text.find(" ".join(words.split())))
    start = max(0, min(at - (_QUOTED - len(words)) // 2, len(text) - _QUOTED))
    part = text[start : start + _QUOTED]
    if start:
        part = "…" + (part.partition(" ")[2] or part)
    return part if start + _QUOTED >= len(text) else (part.rpartition(" ")[0] or part) + "…"


def _outline(entry: Entry, facet: Facet) -> list[Evidence]:
    """A value for the theme and for each activity."""
    theme = entry.outline[:1] if len(entry.outline) > 2 else ()
    named = [("theme", heading) for heading in theme]
    named += [("activity", heading) for heading in activities_of(entry.outline, entry.headings)]
    return [Evidence(facet=facet.name, value=slug(text), words=f"{what} is “{text}”") for what, text in named]
