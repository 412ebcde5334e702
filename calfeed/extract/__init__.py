"""Tree -> entries: every date first, then what each of them is, by evidence.

    tree --anchors, scopes--> parts --years--> --regions, tables--> records --fields, accept--> entries

In: a `Tree`, the day of reading, the names that the settings give to sections. Out: a `Survey`: entries (accepted, or
suggested for an editor to decide), and what was left with its reason. Must not know: facets, the catalogue, disk,
network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from calfeed.dates import Field
from calfeed.documents.tree import NodeKind, Tree
from calfeed.extract import scopes, years
from calfeed.extract.accept import Around, Weights, features_of, probability, read_weights, reasons
from calfeed.extract.anchors import MAX_TEXT, Part, Reader, implausible, parts_of
from calfeed.extract.columns import codes_of
from calfeed.extract.features import Feature
from calfeed.extract.fields import Fields, fields_of
from calfeed.extract.outline import Names, Outline, Spot, regroup
from calfeed.extract.records import Record, bound
from calfeed.extract.regions import Cutter
from calfeed.extract.stated import stated
from calfeed.extract.whereabouts import places_lent
from calfeed.model import Entry, Inferred, Interpretation, Precision
from calfeed.settings import Dates, Place

__all__ = ["Judged", "Left", "Survey", "Weights", "extract", "read_weights", "survey"]


# Formats that do not say how their headings rank.
_GUESSED = ("text/plain", "application/pdf")


# Records whose fields are told by their place, not by the words around them.
_CUT_BY_ROLE = ("row", "grid", "stated")
_MOVED = ("former", "status")


class Left(Struct, frozen=True, kw_only=True):
    """A text that is no entry, and why."""

    part: Part
    text: str
    why: str


class Judged(Struct, frozen=True, kw_only=True):
    """A record with its evidence and probability; its entry, where it may be one."""

    record: Record
    features: tuple[Feature, ...]
    probability: float
    entry: Entry | None
    against: tuple[str, ...] = ()


class Survey(Struct, frozen=True, kw_only=True):
    """What a document holds: all records in order, and the texts that are in none. `root` has what each pass made of
    it, `reader` reads dates as they were read here, `spot` tells where a part stands."""

    root: Part
    judged: tuple[Judged, ...]
    left: tuple[Left, ...]
    reader: Reader
    spot: Callable[[Part], Spot]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(one.entry for one in self.judged if one.entry is not None)


def extract(
    tree: Tree,
    sections: Mapping[str, Sequence[str]],
    *,
    reference: date,
    settings: Dates | None = None,
    lang: str | None = None,
) -> tuple[Entry, ...]:
    """The entries of a document, accepted and suggested, in its order."""
    return survey(tree, sections, reference=reference, settings=settings, lang=lang).entries


def survey(
    tree: Tree,
    sections: Mapping[str, Sequence[str]],
    *,
    reference: date,
    settings: Dates | None = None,
    lang: str | None = None,
    zone: str | None = None,
    places: Sequence[Place] = (),
    weights: Weights | None = None,
    tick: Callable[[], None] | None = None,
) -> Survey:
    """Read a document. `reference` is the day on which it is read; `lang` wins over what the tree tells; `zone` is
    that of times which name none, `places` the settings' own; `tick` is called at each text that is searched."""
    weights = weights or read_weights()
    reader = Reader(tree, reference=reference, lang=lang, settings=settings or Dates(), zone=zone, tick=tick)
    root = parts_of(tree.root)
    names = Names(sections)
    if tree.media_type in _GUESSED:
        regroup(root, names)
    scopes.lend(root, tree, reader)
    known = years.settle(root, reader)
    for part in root.walk():
        if part.anchors:
            part.anchors = tuple(one for one in part.anchors if not implausible(one, known))
    cutter = Cutter(reader, codes_of(root))
    cutter.sequence(root.children, ())
    records = [*stated(root, reader), *cutter.records]
    for record in records:
        for part in record.parts:
            part.outcome = "record"
    around = Around(written=_written(root, reader, known), lang=reader.lang, scanned=tree.scanned)
    outline = Outline(names)
    shared = outline.common(_paths(records, outline))
    judged = []
    for record in records:
        spot = outline.spot(record.parts[0], record.lead, shared)
        undated = not record.anchors and not record.dated_peers and not spot.calendar
        if undated or len(record.text) > MAX_TEXT:
            for part in record.parts:
                part.outcome = ""
            continue
        features = features_of(record, around, calendar=spot.calendar)
        chance = probability(features, weights)
        entry = None
        if chance >= weights.suggest:
            fields, told = _fields(record, reader.lang, places), _found(record, reader)
            # An item says what it is called and when: what is not its date is its title.
            plain = _is_item(record, told, calendar=spot.calendar)
            entry = Entry(
                source=tree.source,
                outline=spot.outline,
                text=record.text,
                where=record.parts[0].node.where,
                headings=spot.headings,
                sections=spot.sections,
                damage=record.parts[0].node.damage,
                lang=reader.lang,
                when=_when(record),
                lent=_lent(record),
                spans=record.spans,
                found=told,
                title=None if plain else fields.title,
                place=None if plain else fields.place,
                country=fields.country,
                status=fields.status,
                suggested=chance < weights.accept or tree.scanned,
                confidence=round(chance, 3),
                why=reasons(features, weights),
            )
        judged.append(
            Judged(
                record=record,
                features=features,
                probability=chance,
                entry=entry,
                against=reasons(features, weights, against=True),
            )
        )
    return Survey(
        root=root,
        judged=_placed(root, judged, reader.lang, places),
        left=tuple(_left(root)),
        reader=reader,
        spot=partial(outline.spot, lead="", shared=shared),
    )


def _placed(root: Part, judged: Sequence[Judged], lang: str | None, places: Sequence[Place]) -> tuple[Judged, ...]:
    """The records with the places that the document lends them."""
    found = [(at, one.record, one.entry) for at, one in enumerate(judged) if one.entry is not None]
    lent = places_lent(root, [(record, entry) for _, record, entry in found], lang=lang, places=places)
    placed = {
        found[at][0]: replace(found[at][2], place=venue.name, country=venue.country) for at, venue in lent.items()
    }
    return tuple(replace(one, entry=placed[at]) if at in placed else one for at, one in enumerate(judged))


def _paths(records: Iterable[Record], outline: Outline) -> list[list[str]]:
    found = []
    for record in records:
        above, _, _ = outline.path(record.parts[0], record.lead)
        found.append([section.heading.text.strip() for section in above if section.heading])
    return found


def _written(root: Part, reader: Reader, known: Mapping[int, int]) -> date | None:
    """The document's own day: of its front matter, else the first day of the year that it names most."""
    for part in root.walk():
        if part.kind is NodeKind.NOTE and part.dated and part.dated[0].exact:
            return part.dated[0].day
    if known:
        return date(max(known, key=lambda year: (known[year], year)), 1, 1)
    # Without any, the year that most of its dates borrow from a title or heading.
    lent = Counter(one.value for part in root.walk() if part.dated for one in part.lent if one.field is Field.YEAR)
    title = next((one.value for one in root.lent if one.field is Field.YEAR), None)
    year = title or (max(lent, key=lambda year: (lent[year], year)) if lent else None)
    return date(year, 1, 1) if year else reader.reference


def _when(record: Record) -> str:
    if record.when:
        return record.when
    if record.spans and record.text[record.spans[0][0] : record.spans[-1][1]].strip():
        return record.text[record.spans[0][0] : record.spans[-1][1]]
    return "; ".join(anchor.found.text for anchor in record.anchors)


def _lent(record: Record) -> tuple[Inferred, ...]:
    lent = {each.field: each for anchor in record.anchors[:1] for each in reversed(anchor.lent)}
    return tuple(Inferred(field=one.field.value, value=str(one.value), origin=one.origin) for one in lent.values())


def _found(record: Record, reader: Reader) -> Interpretation:
    """How the record's dates were read, with what its text says of its state; a time of day of its own belongs to a day
    that names none."""
    found = bound(record.anchors, record.text) or Interpretation(text=record.text)
    found = replace(found, spans=record.spans)
    if record.shape not in _CUT_BY_ROLE:
        told = reader.find(record.text, record.anchors[0].lent if record.anchors else ())
        same = bool(told.readings and found.readings) and told.readings[0].periods == found.readings[0].periods
        # A text that tells what was put off ("5 June (postponed from 3 May)") is understood as a whole.
        same = same or (bool(told.readings) and any(token.role in _MOVED for token in told.tokens))
        found = replace(
            told,
            lang=reader.lang,
            readings=told.readings if same else found.readings,
            review=found.review or (told.review and (same or not found.readings)),
            reasons=tuple(dict.fromkeys((*found.reasons, *(told.reasons if same or not found.readings else ())))),
            status=found.status or told.status,
            spans=told.spans or record.spans,
        )
    if record.times and found.readings:
        first = found.readings[0]
        days = [one for one in first.periods if one.precision is Precision.DAY]
        if len(days) == len(first.periods) and not any(one.times for one in days):
            periods = tuple(replace(one, times=record.times) for one in days)
            found = replace(found, readings=(replace(first, periods=periods), *found.readings[1:]))
    return found


def _is_item(record: Record, told: Interpretation, *, calendar: bool) -> bool:
    """Whether a record is an item whose title is what is left of its text without its dates."""
    if record.title is not None or record.shape not in ("item", "line"):
        return False
    moved = any(token.role in _MOVED for token in told.tokens)
    return moved or (calendar and record.look in ("label", "ends", "none"))


def _fields(record: Record, lang: str | None, places: Sequence[Place]) -> Fields:
    """Title, place and the rest, each text with the role that is known of it."""
    texts: list[str] = []
    spans: list[Sequence[tuple[int, int]]] = []
    roles: list[str | None] = []
    for text, role in ((record.title, "title"), (record.place, "place")):
        if text:
            texts.append(text)
            spans.append([] if record.shape not in ("grid",) else record.spans if text == record.text else [])
            roles.append(role)
    if record.shape != "row" and (record.title is None or record.text != record.title):
        texts.append(record.text)
        spans.append(record.cuts or record.spans)
        roles.append("date" if record.title else None)
    for text in record.body:
        at = text.find(record.when) if record.when else -1
        texts.append(text)
        spans.append([(at, at + len(record.when))] if at >= 0 else [])
        roles.append(None)
    headings = [*([record.lead] if record.lead else []), *reversed(record.headings)]
    return fields_of(texts, spans, lang=lang, headings=headings, label=record.label, roles=roles, places=places)


def _left(root: Part) -> Iterator[Left]:
    """The texts that are in no entry and lend nothing."""
    for part in root.walk():
        if not part.text.strip() or part.outcome in ("record", "scope"):
            continue
        if not part.outcome:
            part.outcome = "no date" if not part.dated else "a date that is no event's"
        yield Left(part=part, text=part.text, why=part.outcome)
