"""Records -> how sure it is that each is an event: named evidence, added up with the weights of weights.toml.

The sum goes through the logistic function and is a probability: above `accept` the record is an entry, above `suggest`
one for an editor to decide, below it is left; the features that weighed most say why. `bench/extract/fit` fits the
weights.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from msgspec import Struct

from calfeed.dates import Field
from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import words_in
from calfeed.extract.features import Feature
from calfeed.extract.lexicon import lexicon
from calfeed.extract.prose import judge
from calfeed.extract.records import Record, is_prose
from calfeed.model import Precision

_BRACKETS = ("(", "（", "[")
_COARSE = (Precision.YEAR, Precision.DECADE, Precision.CENTURY)
_REASONS = 3
_ANNOUNCE = frozenset(("announcing", "opening", "deadline"))


class Weights(Struct, frozen=True, kw_only=True):
    """What each feature weighs, in log-odds; the two thresholds are probabilities. `held` are weights that a promise
    demands and no fit changes."""

    bias: float
    accept: float
    suggest: float
    features: dict[str, float]
    held: dict[str, float]

    def of(self, name: str) -> float:
        return self.held.get(name, self.features.get(name, 0.0))


def read_weights(path: Path | None = None) -> Weights:
    """The weights of a file, the product's own where none is named."""
    return _parse((path or Path(__file__).with_name("weights.toml")).read_text("utf-8"))


@cache
def _parse(text: str) -> Weights:
    raw = tomllib.loads(text)
    return Weights(
        bias=raw["bias"],
        accept=raw["accept"],
        suggest=raw["suggest"],
        features=raw["features"],
        held=raw.get("held", {}),
    )


class Around(Struct, frozen=True, kw_only=True):
    """What the document says around its records: its own day, its language, whether a calendar is named over a
    record."""

    written: date | None
    lang: str | None
    scanned: bool = False


def probability(features: Iterable[Feature], weights: Weights) -> float:
    total = weights.bias + sum(weights.of(one.name) * one.value for one in features)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def reasons(features: Sequence[Feature], weights: Weights, *, against: bool = False) -> tuple[str, ...]:
    """The features that weighed most for a record (or against it), in words."""
    weighed = [(weights.of(one.name) * one.value * (-1 if against else 1), one) for one in features]
    best = sorted((each for each in weighed if each[0] > 0), key=lambda each: -each[0])
    return tuple(one.words or one.name for _, one in best[:_REASONS])


def features_of(record: Record, around: Around, *, calendar: bool) -> tuple[Feature, ...]:
    """The evidence for a record."""
    return (
        *_of_shape(record),
        *_of_date(record),
        *_of_place(record, calendar=calendar),
        *_of_words(record, around),
    )


def _of_shape(record: Record) -> Iterable[Feature]:
    yield Feature(f"shape {record.shape}", 1.0, f"it is a {record.shape}")
    if record.anchors:
        yield Feature(f"look {record.look}", 1.0, _LOOKS.get(record.look, ""))
    alike = record.dated_peers
    if alike > 1:
        yield Feature(
            "peers", min(1.0, math.log2(alike) / 4), f"one of {alike} {record.shape}s with a date in the same place"
        )
    if record.peers > 1:
        yield Feature("share", alike / record.peers, f"{alike} of {record.peers} beside it have dates")


_LOOKS = {
    "begins": "it begins with a date",
    "ends": "it ends with a date",
    "label": "a date follows its colon",
    "date": "a line that is nothing but a date",
    "cell": "a cell holds its date",
    "span": "it has a first and a last day",
    "under": "a day stands over it",
    "inside": "a date stands within it",
    "prose": "a date stands in a sentence",
}


def _of_date(record: Record) -> Iterable[Feature]:
    if not record.anchors:
        yield Feature("undated", 1.0, "it has no date")
        return
    periods = [period for anchor in record.anchors for period in anchor.periods]
    precision = periods[0].precision if periods else None
    if precision is Precision.DAY:
        yield Feature("day", 1.0, "its days are told")
    elif precision is Precision.MONTH:
        yield Feature("month", 1.0, "its month is told")
    elif precision in _COARSE:
        yield Feature("year", 1.0, "only a year is told")
    else:
        yield Feature("loose", 1.0, "its time of the year is told")
    if len(periods) > 1:
        yield Feature("several", 1.0, f"{len(periods)} dates")
    if Field.YEAR in record.anchors[0].has:
        yield Feature("full year", 1.0, "it names the year")
    if any(anchor.weekdays for anchor in record.anchors):
        yield Feature("weekday", 1.0, "it names the weekday")
    if record.times or any(period.times for period in periods):
        yield Feature("time", 1.0, "it names a time of day")
    if record.spans:
        start, end = record.spans[0]
        if record.text[:start].rstrip().endswith(_BRACKETS) and record.text[end:].lstrip()[:1] in ")）]" and start > 2:
            yield Feature("brackets", 1.0, "the date stands in brackets")


def _of_place(record: Record, *, calendar: bool) -> Iterable[Feature]:
    node = record.parts[0].node
    if calendar:
        yield Feature("calendar", 1.0, "a heading over it names a calendar")
        if not record.anchors and record.shape in ("item", "row"):
            yield Feature("promised", 1.0, "what a calendar lists is kept, with or without a date")
    if node.kind is NodeKind.HEADING and node.level == 1:
        yield Feature("top heading", 1.0, "it is the document's heading")
    if node.kind in (NodeKind.NOTE, NodeKind.FURNITURE):
        yield Feature("aside", 1.0, "it stands beside the text")
    if node.style.struck:
        yield Feature("struck", 1.0, "it is struck out")
    if record.look == "date" and record.title is None and record.dated_peers < 2:
        yield Feature("lone", 1.0, "a date that nothing stands beside")
    if record.bare_of:
        yield Feature("untitled", 1.0, "it names nothing, where those beside it do")
    if not record.headings:
        yield Feature("no heading", 1.0, "no heading stands over it")


def _of_words(record: Record, around: Around) -> Iterable[Feature]:
    words = words_in(record.text)
    if words > 40:
        yield Feature("long", min(1.0, (words - 40) / 40), "it is long")
    if record.shape != "sentence" and record.look != "label" and is_prose(record.text):
        yield Feature("sentence", 1.0, "it is a sentence")
    if not record.anchors:
        if hit := lexicon(around.lang, record.text).of("places.pending").first(record.text):
            yield Feature("pending", 1.0, record.text[hit.start : hit.end])
        return
    periods = record.anchors[0].periods
    span = record.spans[0] if record.spans else (0, 0)
    found = judge(record.text, span, lang=around.lang, period=periods[0] if periods else None, written=around.written)
    yield from found
    if record.look == "prose" and not {one.name for one in found} & _ANNOUNCE:
        yield Feature("unannounced", 1.0, "its sentence announces nothing")
