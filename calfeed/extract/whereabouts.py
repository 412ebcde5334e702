"""Places that a document lends to its records: what is said once, of all of a list.

In: a document's parts, its records with their entries. Out: the place of each entry that names none. A place is lent,
the nearest first, by a sentence ("All meetings are held in the library"), by a "Venue: ..." of its own, by a heading
that is nothing but a place, and by an event of several days to what happens within it. A code in a column of places is
written out as the document's own key has it ("TH = Town Hall").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Part
from calfeed.extract.labels import label_kind
from calfeed.extract.placenames import TOWN_WORDS, PlaceNames, place_names, written_as_name
from calfeed.extract.records import Record
from calfeed.extract.venues import Venue, venue_for_all, venue_in_cell, venue_of
from calfeed.model import Entry
from calfeed.settings import Place

_SAYING = (NodeKind.PARAGRAPH, NodeKind.PAIR, NodeKind.ITEM, NodeKind.NOTE)
# An event that lasts longer is a programme, and what is in it may be anywhere.
_MOST_DAYS = 31
_CODE = re.compile(r"[^\W_]{1,5}")
_KEY = re.compile(r"(?<![^\W_])([^\W_]{1,5})\s*=\s*([^\W\d_][^=;,\n|]+?)\s*(?=[;,\n|]|\.?$)", re.MULTILINE)
# So many headings of one level that the text shows to be places, and this share of them, make all of them places.
_ATTESTED = 2
_ATTESTED_SHARE = 1 / 4


def places_lent(
    root: Part, found: Sequence[tuple[Record, Entry]], *, lang: str | None, places: Sequence[Place] = ()
) -> dict[int, Venue]:
    """The places of those of the entries that name none or a code, by their position."""
    lent = dict(_written_out(root, found))
    without = [at for at, (_, entry) in enumerate(found) if entry.place is None]
    if not without:
        return lent
    told = _told(root, lang, places)
    meetings = [(record.parts[0], entry, days) for record, entry in found if entry.place and (days := _days(entry))]
    first = found[0][0].parts[0]
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
        section = _spoken_of(part)
        if section is None or id(section) in told or not part.text:
            continue
        if (venue := _says(part, lang, places)) is not None:
            told[id(section)] = venue
    for section, venue in _headings(root, place_names(lang, "", places)):
        told.setdefault(id(section), venue)
    return told


def _spoken_of(part: Part) -> Part | None:
    """The section that a text speaks of: its own, or the one around where its own has nothing but words."""
    section = part.above
    if part.kind in _SAYING and section is not None and section.kind is NodeKind.SECTION and section.above is not None:
        inside = (one for one in section.walk() if one.kind is not NodeKind.HEADING)
        if not any(one.outcome == "record" for one in inside):
            return section.above
    return section


def _headings(root: Part, names: PlaceNames) -> Iterator[tuple[Part, Venue]]:
    """Sections of one level whose headings are places, where the text says so of some: "Atherton", "Belmont" over
    events where others speak of "Atherton Library" and "Belmont Library"."""
    levels: dict[int, list[tuple[Part, str]]] = defaultdict(list)
    texts = []
    for part in root.walk():
        if part.kind is not NodeKind.HEADING:
            texts.append(part.text)
        elif part.above is not None and not part.anchors:
            levels[part.node.level].append((part.above, part.text.strip()))
    for sections in levels.values():
        said = {text for _, text in sections}
        if len(said) < _ATTESTED or not all(_may_be_place(text, names) for text in said):
            continue
        if sum(_is_attested(text, texts, names) for text in said) >= max(_ATTESTED, len(said) * _ATTESTED_SHARE):
            for section, text in sections:
                yield section, Venue(name=text, start=0, end=len(text), stands="lent", country=names.country(text))


def _may_be_place(text: str, names: PlaceNames) -> bool:
    short = 0 < len(text.split()) <= TOWN_WORDS
    return short and written_as_name(text) and names.could_be(text) and not names.is_generic(text)


def _is_attested(name: str, texts: Iterable[str], names: PlaceNames) -> bool:
    """Whether a text names a building by a place: "Atherton Library", "Mairie de Lyon"."""
    if names.is_place(name):
        return True
    for text in texts:
        at = text.find(name)
        while at >= 0:
            before, after = text[:at].split()[-2:], text[at + len(name) :].split()[:1]
            named = (" ".join([name, *after]), " ".join([*before, name]), " ".join([*before[-1:], name]))
            if any(one != name and names.is_place(one) for one in named):
                return True
            at = text.find(name, at + 1)
    return False


def _written_out(root: Part, found: Sequence[tuple[Record, Entry]]) -> Iterator[tuple[int, Venue]]:
    """The entries whose place is a code of the document's key, with what it stands for."""
    coded = [(at, entry.place) for at, (_, entry) in enumerate(found) if entry.place and _CODE.fullmatch(entry.place)]
    key = _key(root) if coded else {}
    for at, code in coded:
        names = sorted(key.get(code, ()))
        # A code that stands for two things tells neither.
        if len(names) == 1:
            yield at, Venue(name=names[0], start=0, end=len(names[0]), stands="lent")


def _key(root: Part) -> Mapping[str, set[str]]:
    """What codes stand for: by tables of two columns, pairs, and lines such as "TH = Town Hall"."""
    key: dict[str, set[str]] = defaultdict(set)
    for part in root.walk():
        if part.kind is NodeKind.ROW:
            cells = [cell.text.strip() for cell in part.children if cell.text.strip()]
            if len(cells) == len(part.children) == 2 and _CODE.fullmatch(cells[0]):
                key[cells[0]].add(cells[1])
        elif part.kind is NodeKind.PAIR and _CODE.fullmatch(part.node.label.strip()):
            key[part.node.label.strip()].add(part.text.strip())
        elif "=" in part.text:
            for code, name in _KEY.findall(part.text):
                key[code].add(name)
    return key


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
        # Rows of a table are each for themselves.
        around = around and not (other.kind is NodeKind.ROW and other.above is part.above)
        if within and 0 < (end - start).days <= _MOST_DAYS and around and entry.place:
            return Venue(name=entry.place, start=0, end=0, stands="lent", country=entry.country)
    return None


def _days(entry: Entry) -> tuple[date, date] | None:
    readings = entry.found.readings if entry.found else ()
    ends = [(one.start or one.end, one.end or one.start) for one in readings[0].periods] if readings else []
    starts = [start for start, _ in ends if start]
    stops = [end for _, end in ends if end]
    return (min(starts), max(stops)) if starts and stops else None
