"""Two readers -> one list of entries: what both find is surer, what only one finds is judged.

calfeed's own entries keep their place and words; none is removed. What only the assistant found becomes an entry
where its quotation stands in the document: suggested, or (`trusting`) accepted where calfeed reads its days there.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from calfeed.assistant.answers import Answer
from calfeed.assistant.grounding import Grounded, Grounding, Verdict, same_days
from calfeed.assistant.words import Piece, Words, words_of
from calfeed.documents.tree import NodeKind
from calfeed.extract import Survey
from calfeed.extract.anchors import Part
from calfeed.extract.fields import fields_of
from calfeed.model import Entry, Inferred, Interpretation

# What a second reader's word is worth, in log-odds, for one that finds 98 of 100 events and, of ten dates that are no
# events, takes one at most.
SURER = math.log(0.98 / 0.05)
LESS_SURE = math.log(0.02 / 0.95)
# A model's word alone, where calfeed reads its days in the document.
_ALONE, _UNSURE = 0.9, 0.5
_CELLS, _LINES = " | ", " "


class Bar(Protocol):
    """From which probability on an entry is accepted."""

    @property
    def accept(self) -> float: ...


class Merged(Struct, frozen=True, kw_only=True):
    """The entries of both readers in the document's order, and how the proposals fared: `verdicts` counts them,
    `refused` are items of the answer that were no proposals."""

    entries: tuple[Entry, ...]
    grounded: tuple[Grounded, ...]
    refused: int = 0

    @property
    def dropped(self) -> int:
        """Proposals whose quotation does not stand in the document."""
        return sum(one.verdict is Verdict.ABSENT for one in self.grounded)


def merge(survey: Survey, answer: Answer, *, source: str, bar: Bar, trusting: bool = False) -> Merged:
    """The entries of a survey and an answer. `bar` has the threshold of acceptance."""
    grounding = Grounding(survey)
    grounded = grounding.ground(answer.proposed)
    support: dict[int, list[Grounded]] = defaultdict(list)
    own: list[Grounded] = []
    for one in grounded:
        holder = _holder(survey, one)
        if holder is not None:
            support[holder].append(one)
        elif one.verdict is not Verdict.ABSENT:
            own.append(one)
    scanned = any(one.entry is not None and one.entry.suggested for one in survey.judged) and _all_suggested(survey)
    placed: list[tuple[int, int, Entry]] = []
    for at, judged in enumerate(survey.judged):
        if judged.entry is not None:
            entry = _weighed(judged.entry, judged.probability, support.get(at, ()), bar, scanned=scanned)
            where = grounding.words.words_in(_first(judged.record.parts, grounding.words))
            placed.append((where[0] if where else 0, len(placed), entry))
    for each in _together(own, survey):
        entry = _own_entry(each, survey, grounding.words, source, trusting=trusting and not scanned)
        where = grounding.words.words_in(each[0].pieces[0].part)
        placed.append((where[0] if where else 0, len(placed), entry))
    # Calfeed's own order stays; what the assistant adds goes where it stands.
    return Merged(entries=_ordered(placed, len(survey.entries)), grounded=grounded, refused=answer.refused)


def _ordered(placed: Sequence[tuple[int, int, Entry]], first: int) -> tuple[Entry, ...]:
    kept = list(placed[:first])
    for one in placed[first:]:
        at = next((index for index, other in enumerate(kept) if other[0] > one[0]), len(kept))
        kept.insert(at, one)
    return tuple(entry for _, _, entry in kept)


def _all_suggested(survey: Survey) -> bool:
    """Whether nothing at all was accepted, whatever its probability: a scan, whose words are not sure."""
    return all(entry.suggested for entry in survey.entries) and any(entry.confidence > 0.6 for entry in survey.entries)


def _first(parts: Sequence[Part], words: Words) -> Part:
    for part in parts:
        for each in part.walk():
            if words.words_in(each) is not None:
                return each
    return parts[0]


def _holder(survey: Survey, one: Grounded) -> int | None:
    """The record whose entry is the proposal's event: that of its place, where the quotation has its date or most of
    its words. Another sentence of the same text is another event."""
    if one.judged is None or one.verdict in (Verdict.ABSENT, Verdict.UNREAD):
        return None
    judged = survey.judged[one.judged]
    if judged.entry is None:
        return None
    quoted = " ".join(piece.text for piece in one.pieces)
    if any(anchor.found.text in quoted for anchor in one.anchors):
        return one.judged
    words, own = {word for word, _, _ in words_of(quoted)}, {word for word, _, _ in words_of(judged.record.text)}
    return one.judged if len(words & own) * 2 >= len(own) else None


def _weighed(entry: Entry, probability: float, support: Iterable[Grounded], bar: Bar, *, scanned: bool) -> Entry:
    """An entry of calfeed's own after the assistant's word."""
    support = list(support)
    agreed = [one for one in support if one.verdict is Verdict.AGREED]
    other = [one for one in support if one.verdict is Verdict.ALTERNATIVE]
    chance = _moved(probability, SURER if support else LESS_SURE)
    if agreed or other:
        found = entry.found if agreed else other[0].told
        return replace(
            entry,
            found=found,
            reader="both",
            confidence=round(chance, 3),
            suggested=chance < bar.accept or scanned,
            why=("the assistant found it too", *entry.why),
        )
    if support:
        days = "; ".join(dict.fromkeys(one.proposed.days for one in support if one.proposed.days))
        return replace(
            entry,
            reader="both",
            suggested=True,
            confidence=round(min(chance, _UNSURE), 3),
            proposed=days or None,
            why=(f"the assistant understands other days: {days or 'none'}", *entry.why),
        )
    return replace(entry, confidence=round(chance, 3), suggested=entry.suggested or chance < bar.accept or scanned)


def _moved(probability: float, by: float) -> float:
    inside = min(max(probability, 1e-9), 1 - 1e-9)
    return 1 / (1 + math.exp(-(math.log(inside / (1 - inside)) + by)))


def _together(own: Iterable[Grounded], survey: Survey) -> list[list[Grounded]]:
    """The proposals that calfeed has no entry of, those together that are one date expression of one text."""
    groups: dict[tuple[object, ...], list[Grounded]] = {}
    for at, one in enumerate(own):
        key: tuple[object, ...] = (at,)
        if one.anchors and one.verdict is Verdict.AGREED and one.told and one.told.readings:
            periods = one.told.readings[0].periods
            if len(periods) > 1:
                key = (id(one.dated), one.anchors[0].start, one.proposed.quote)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _own_entry(group: Sequence[Grounded], survey: Survey, words: Words, source: str, *, trusting: bool) -> Entry:
    """An entry of what only the assistant found: its words and days are the document's."""
    one = group[0]
    agreed = one.verdict in (Verdict.AGREED, Verdict.ALTERNATIVE)
    part = one.pieces[0].part
    spot = survey.spot(part)
    lang = survey.reader.lang
    text = _text(one.pieces) or one.pieces[0].part.node.label
    told = _told(group) if agreed else None
    spans = tuple(_spans(one, text))
    fields = fields_of([text], [spans], lang=lang, headings=list(reversed(spot.headings)))
    lent = {each.field: each for anchor in one.anchors[:1] for each in reversed(anchor.lent)}
    days = "; ".join(dict.fromkeys(each.proposed.days for each in group if each.proposed.days))
    return Entry(
        source=source,
        outline=spot.outline,
        text=text,
        where=part.node.where,
        headings=spot.headings,
        sections=spot.sections,
        damage=part.node.damage,
        lang=lang,
        when="; ".join(anchor.found.text for anchor in one.anchors) if agreed else "",
        lent=tuple(
            Inferred(field=each.field.value, value=str(each.value), origin=each.origin) for each in lent.values()
        )
        if agreed
        else (),
        spans=spans if agreed else (),
        found=replace(told, text=text, spans=spans, tokens=()) if told else Interpretation(text=text, lang=lang),
        title=_standing(one.proposed.title, one, words) or fields.title,
        place=_standing(one.proposed.place, one, words) or fields.place,
        country=fields.country,
        status=fields.status,
        suggested=not (trusting and agreed),
        confidence=_ALONE if agreed else _UNSURE,
        why=(_WHY[one.verdict],),
        reader="assistant",
        proposed=None if agreed else days or None,
    )


_WHY = {
    Verdict.AGREED: "the assistant proposed it, and calfeed reads its days there",
    Verdict.ALTERNATIVE: "the assistant proposed it, and calfeed can read its days there",
    Verdict.DISPUTED: "the assistant proposed it, with days that calfeed does not read there",
    Verdict.UNREAD: "the assistant proposed it, with days that calfeed does not read",
}


def _told(group: Sequence[Grounded]) -> Interpretation | None:
    """How the group's date is read: of several periods those that were proposed."""
    told = group[0].told
    if told is None or not told.readings:
        return None
    first = told.readings[0]
    wanted = tuple(period for period in first.periods if any(same_days(period, one.proposed) for one in group))
    return replace(told, readings=(replace(first, periods=wanted or first.periods), *told.readings[1:]))


def _text(pieces: Sequence[Piece]) -> str:
    """The quoted words as the document has them; a text that is cut in a word's middle is none."""
    cells = all(piece.part.kind is NodeKind.CELL for piece in pieces)
    return (_CELLS if cells else _LINES).join(" ".join(piece.text.split()) for piece in pieces if piece.text)


def _spans(one: Grounded, text: str) -> Iterable[tuple[int, int]]:
    """Where the date's words stand in the entry's text."""
    for anchor in one.anchors:
        at = text.find(anchor.found.text)
        if at >= 0:
            yield at, at + len(anchor.found.text)


def _standing(told: str | None, one: Grounded, words: Words) -> str | None:
    """A title or place of the model's, where all its words stand around the quotation: in its texts, its row and its
    column's heads, or the headings above."""
    if not told or not told.strip():
        return None
    part = one.pieces[0].part
    near = {word for piece in one.pieces for word, _, _ in words_of(piece.part.text)}
    for above in part.ancestors():
        if above.heading is not None:
            near |= {word for word, _, _ in words_of(above.heading.text)}
        if above.kind is NodeKind.ROW:
            near |= {word for cell in above.walk() for word, _, _ in words_of(cell.text)}
        if above.kind is NodeKind.TABLE:
            heads = [each for row in above.children[:3] for each in row.walk() if row.node.head or each.node.head]
            near |= {word for each in heads for word, _, _ in words_of(each.text)}
    own = [word for word, _, _ in words_of(told)]
    return " ".join(told.split()) if own and all(word in near for word in own) else None


def told_of(merged: Merged) -> str:
    """How the proposals fared, in a line."""
    counts = [f"{sum(one.verdict is verdict for one in merged.grounded)} {words}" for verdict, words in _FARED.items()]
    refused = f"; {merged.refused} items were no proposals" if merged.refused else ""
    return f"assistant: {len(merged.grounded)} proposals: {', '.join(counts)}{refused}."


_FARED = {
    Verdict.AGREED: "agree",
    Verdict.ALTERNATIVE: "agree with another reading",
    Verdict.DISPUTED: "name other days",
    Verdict.UNREAD: "have days that calfeed does not read",
    Verdict.ABSENT: "are not in the document",
}
