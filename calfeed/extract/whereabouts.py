"""Places that a document lends to its records: what is said once, of all of a list.

In: a document's parts, its records with their entries. Out: the place of each entry that names none. A place is lent,
the nearest first, by a sentence ("All meetings are held in the library"), by a "Venue: ..." of its own, by a heading
that is nothing but a place, and by an event of several days to what happens within it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Part
from calfeed.extract.labels import label_kind
from calfeed.extract.records import Record
from calfeed.extract.venues import Venue, venue_for_all, venue_in_cell, venue_of
from calfeed.model import Entry
from calfeed.settings import Place

_SAYING = (NodeKind.PARAGRAPH, NodeKind.PAIR, NodeKind.ITEM, NodeKind.NOTE)
# An event that lasts longer is a programme, and what is in it may be anywhere.
_MOST_DAYS = 31


def places_lent(
    root: Part, found: Sequence[tuple[Record, Entry]], *, lang: str | None, places: Sequence[Place] = ()
) -> dict[int, Venue]:
    """The places of those of the entries that name none, by their position."""
    without = [at for at, (_, entry) in enumerate(found) if entry.place is None]
    if not without:
        return {}
    told = _told(root, lang, places)
    meetings = [(record.parts[0], entry, days) for record, entry in found if entry.place and (days := _days(entry))]
    first = found[0][0].parts[0]
    lent: dict[int, Venue] = {}
    for at in without:
        record, entry = found[at]
        venue = _around(record.parts[0], told) or _meeting(record.parts[0], _days(entry), first, meetings)
        if venue is not None:
            lent[at] = venue
    return lent


def _told(root: Part, lang: str | None, places: Sequence[Place]) -> Mapping[int, Venue]:
    """The places of sections, by the identity of their part."""
    told: dict[int, Venue] = {}
    for part in root.walk():
        section = part.above
        if section is None or id(section) in told or not part.text:
            continue
        if (venue := _says(part, lang, places)) is not None:
            told[id(section)] = venue
    return told


def _says(part: Part, lang: str | None, places: Sequence[Place]) -> Venue | None:
    """The place that a part says of all that stand beside it and under it."""
    if part.kind is NodeKind.HEADING:
        venue = venue_of(part.text, [], lang=lang, places=places, cell=True)
        return venue if venue is not None and venue.stands == "cell" else None
    if part.kind is NodeKind.PAIR and part.outcome != "record":
        is_place = label_kind(part.node.label, lang, whole=True) == "place"
        return venue_in_cell(part.text, lang=lang, places=places) if is_place else None
    if part.kind not in _SAYING:
        return None
    return venue_for_all(part.text, [(anchor.start, anchor.end) for anchor in part.anchors], lang=lang)


def _around(part: Part, told: Mapping[int, Venue]) -> Venue | None:
    return next((told[id(above)] for above in part.ancestors() if id(above) in told), None)


def _meeting(
    part: Part, days: tuple[date, date] | None, first: Part, meetings: Iterable[tuple[Part, Entry, tuple[date, date]]]
) -> Venue | None:
    """The place of the event of several days within which a day lies, and in whose section it stands; the document's
    first event may be what all of it is about."""
    if days is None:
        return None
    above = {id(one) for one in part.ancestors()}
    for other, entry, (start, end) in meetings:
        within = start <= days[0] and days[1] <= end and (start, end) != days
        around = id(other.above) in above or other is first
        if within and 0 < (end - start).days <= _MOST_DAYS and around and entry.place:
            return Venue(name=entry.place, start=0, end=0, stands="lent", country=entry.country)
    return None


def _days(entry: Entry) -> tuple[date, date] | None:
    readings = entry.found.readings if entry.found else ()
    ends = [(one.start or one.end, one.end or one.start) for one in readings[0].periods] if readings else []
    starts = [start for start, _ in ends if start]
    stops = [end for _, end in ends if end]
    return (min(starts), max(stops)) if starts and stops else None
