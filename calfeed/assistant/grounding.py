"""Proposals -> what the document says of each: where its quotation stands, and what calfeed itself reads there.

The document decides. A quotation that does not stand in it is dropped; days are calfeed's own, read from words of the
document with the scopes of their place. The model's days are only compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from calfeed.assistant.answers import Proposed
from calfeed.assistant.words import Found, Piece, Words, words_of
from calfeed.documents.tree import NodeKind
from calfeed.extract import Judged, Survey
from calfeed.extract.anchors import Anchor, Part
from calfeed.extract.records import bound
from calfeed.model import Interpretation, Period, Reading

# So far before its quotation, in words, a date may stand that is said once for several events.
REACH = 250
_MOST_PLACES = 12


class Verdict(StrEnum):
    """What the document says of a proposal."""

    AGREED = "agreed"  # calfeed reads the same days there
    ALTERNATIVE = "alternative"  # so does another reading than its default
    DISPUTED = "disputed"  # calfeed reads other days there
    UNREAD = "unread"  # calfeed reads no date there
    ABSENT = "absent"  # the quotation does not stand in the document


class Grounded(Struct, frozen=True, kw_only=True):
    """A proposal with what was found of it. `pieces` are the words of the document that it quotes; `anchors` calfeed's
    dates, which stand in `dated`; `told` how they are read, the agreed reading first; `period` the agreed one;
    `judged` the place in the survey of the record that has them, None where calfeed made none of it."""

    proposed: Proposed
    verdict: Verdict
    pieces: tuple[Piece, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    dated: Part | None = None
    told: Interpretation | None = None
    period: Period | None = None
    judged: int | None = None


class _Candidate(Struct, frozen=True, kw_only=True):
    """A reading that may be the proposal's."""

    told: Interpretation
    anchors: tuple[Anchor, ...] = ()
    part: Part | None = None
    judged: int | None = None


def same_days(period: Period, proposed: Proposed) -> bool:
    """Whether a period and a proposal name the same days; a side that one of them leaves open is no contradiction of
    a day, as of a deadline or an opening."""
    days, own = (period.start, period.end), (proposed.start, proposed.end)
    if days == own:
        return True
    if own[0] is None or own[1] is None:
        known = own[0] or own[1]
        return known is not None and (days in ((known, known), (known, None), (None, known)) or _opens(days, own))
    if days[0] is None or days[1] is None:
        known = days[0] or days[1]
        return own == (known, known) or (days[1] is None and own[0] == known and period.precision != "day")
    return False


def _in_a_row(reading: Reading, proposed: Proposed) -> Period | None:
    """The first period of a list of days in a row ("19th and 20th") that a proposal takes for one event."""
    periods = [one for one in reading.periods if one.start and one.end]
    if len(periods) < 2 or len(periods) < len(reading.periods):
        return None
    days = [(one.start, one.end) for one in periods if one.start and one.end]
    follow = all((after[0] - before[1]).days == 1 for before, after in pairwise(days))
    return periods[0] if follow and (days[0][0], days[-1][1]) == (proposed.start, proposed.end) else None


def _opens(days: tuple[object, object], own: tuple[object, object]) -> bool:
    """Whether an opening begins, or a deadline ends, with a period's first or last day ("late August")."""
    return own[0] == days[0] if own[1] is None else own[1] == days[1]


class Grounding:
    """One document, asked about each proposal in turn: a place that was given is not given twice while others are
    free."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.words = Words(survey.root)
        self._records: dict[int, list[int]] = {}
        self._taken: set[tuple[int, str]] = set()
        for at, one in enumerate(survey.judged):
            for part in one.record.parts:
                self._records.setdefault(id(part), []).append(at)

    def ground(self, proposals: Iterable[Proposed]) -> tuple[Grounded, ...]:
        """What the document says of each proposal, in their order."""
        return tuple(self._ground(one) for one in proposals)

    def _ground(self, proposed: Proposed) -> Grounded:
        places = self.words.find(proposed.quote)[:_MOST_PLACES]
        if not places:
            return Grounded(proposed=proposed, verdict=Verdict.ABSENT)
        best: tuple[tuple[bool, bool, bool], Grounded, int] | None = None
        for place in places:
            one = self._at(proposed, place)
            agrees = one.verdict in (Verdict.AGREED, Verdict.ALTERNATIVE)
            # Of several places that one is meant where calfeed has an event of its own.
            held = one.judged is not None and self.survey.judged[one.judged].entry is not None
            rank = (agrees, (place.first, proposed.title) not in self._taken, held)
            if best is None or rank > best[0]:
                best = (rank, one, place.first)
            if all(rank):
                break
        assert best is not None
        self._taken.add((best[2], proposed.title))
        return best[1]

    def _at(self, proposed: Proposed, place: Found) -> Grounded:
        pieces = self.words.pieces(place)
        candidates = list(self._candidates(proposed, place, pieces))
        for one in candidates:
            for at, reading in enumerate(one.told.readings):
                period = next((each for each in reading.periods if same_days(each, proposed)), None)
                period = period or _in_a_row(reading, proposed)
                if period is None:
                    continue
                return Grounded(
                    proposed=proposed,
                    verdict=Verdict.ALTERNATIVE if at else Verdict.AGREED,
                    pieces=pieces,
                    anchors=one.anchors,
                    dated=one.part,
                    told=_chosen(one.told, at) if at else one.told,
                    period=period,
                    judged=one.judged,
                )
        near = next((one for one in candidates if one.told.readings), None)
        return Grounded(
            proposed=proposed,
            verdict=Verdict.DISPUTED if near else Verdict.UNREAD,
            pieces=pieces,
            anchors=near.anchors if near else (),
            dated=near.part if near else None,
            told=near.told if near else None,
            judged=near.judged if near else None,
        )

    def _candidates(self, proposed: Proposed, place: Found, pieces: Sequence[Piece]) -> Iterator[_Candidate]:
        """What calfeed reads at a place: the record that it made of it; the date words within it; all dates of its
        texts; the date words before it, said once for several events; the days over it."""
        yield from self._of_records(pieces)
        within = (place.first, place.last)
        yield from self._of_date_words(proposed, within)
        for piece in pieces:
            yield from (_Candidate(told=one.found, anchors=(one,), part=piece.part) for one in piece.part.dated)
        for piece in pieces:
            row = next((each for each in piece.part.ancestors() if each.kind is NodeKind.ROW), None)
            for cell in row.children if row else ():
                yield from (_Candidate(told=one.found, anchors=(one,), part=cell) for one in cell.dated)
        yield from self._of_date_words(proposed, (max(0, place.first - REACH), place.last + REACH // 5))
        for above in pieces[0].part.ancestors():
            heading = above.heading
            if heading is not None:
                yield from (_Candidate(told=one.found, anchors=(one,), part=heading) for one in heading.dated)

    def _of_records(self, pieces: Sequence[Piece]) -> Iterator[_Candidate]:
        seen: set[int] = set()
        found: list[tuple[int, int]] = []
        for piece in pieces:
            for part in (piece.part, *piece.part.ancestors()):
                for at in self._records.get(id(part), ()):
                    if at not in seen and self.survey.judged[at].record.anchors:
                        seen.add(at)
                        found.append((-_shared(self.survey.judged[at], pieces), at))
        for shared, at in sorted(found):
            one = self.survey.judged[at]
            if not shared:
                continue
            told = one.entry.found if one.entry and one.entry.found else bound(one.record.anchors, one.record.text)
            if told is not None:
                yield _Candidate(told=told, anchors=one.record.anchors, part=one.record.parts[0], judged=at)

    def _of_date_words(self, proposed: Proposed, within: tuple[int, int]) -> Iterator[_Candidate]:
        """The anchors on the date words, the nearest before the end of `within` first; else their text, read anew."""
        if not proposed.date_words:
            return
        places = self.words.find(proposed.date_words, within=within)
        for place in reversed(places[:_MOST_PLACES]):
            for piece in self.words.pieces(place):
                on = [one for one in piece.part.dated if one.start < piece.end and piece.start < one.end]
                told = bound(on, piece.part.text)
                if told is not None:
                    yield _Candidate(told=told, anchors=tuple(on), part=piece.part)
                elif not piece.part.anchors:
                    anew = self.survey.reader.search(piece.text, piece.part.lent[:2])
                    yield from (_Candidate(told=one.found, anchors=(one,), part=piece.part) for one in anew)


def _chosen(told: Interpretation, at: int) -> Interpretation:
    """An interpretation with another of its readings first, for review."""
    chosen: Reading = told.readings[at]
    others = tuple(one for one in told.readings if one is not chosen)
    reason = "The assistant understands the date otherwise than calfeed would."
    return replace(told, readings=(chosen, *others), review=True, reasons=(*told.reasons, reason))


def _shared(one: Judged, pieces: Sequence[Piece]) -> int:
    """How many words a record and a quotation have in common."""
    own = {word for word, _, _ in words_of(one.record.text)}
    return sum(word in own for piece in pieces for word, _, _ in words_of(piece.text))
