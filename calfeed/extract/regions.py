"""Parts -> records: siblings of one shape cut into what may be entries.

A sequence of siblings is read as lines; a line's look (where its date stands) says what it is: a date line opens a
record, with its title in the line over or under it, in whichever way the sequence repeats; a line with words and a
date is a record; a sentence is judged by its words later; pairs ("Date:", "Venue:") are fields of one record. A
heading that is a day lends it to what stands under it. Tables are cut in `tables`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from calfeed.dates import Field
from calfeed.documents.tree import NodeKind
from calfeed.extract.anchors import Anchor, Part, Reader, words_in
from calfeed.extract.layouts import (
    end_of_fields,
    has_day_beside,
    heads_a_day,
    holds_times,
    is_one_day,
    label_of,
    main_dates,
    may_title,
    moved,
    opens_a_day,
    titles_stand_below,
    value_of,
    whole_sentences,
)
from calfeed.extract.prose import sentences
from calfeed.extract.records import Line, Record, clauses, expressions, lines_of
from calfeed.extract.scopes import is_scope
from calfeed.extract.tables import cut

_TEXTS = (NodeKind.PARAGRAPH, NodeKind.PAIR)
_QUIET = (NodeKind.NOTE, NodeKind.FURNITURE)
_SHORT = 25

Headings = tuple[str, ...]


class Cutter:
    """Cuts a document into records, in its order."""

    def __init__(self, reader: Reader, codes: Mapping[str, str] | None = None) -> None:
        self.reader = reader
        self.codes = codes or {}
        self.records: list[Record] = []
        # The rows of tables with the same heads: one region that months or sections cut.
        self.alike: dict[tuple[str, ...], list[Record]] = {}

    def sequence(
        self, parts: Sequence[Part], headings: Headings, *, day: Sequence[Anchor] = (), lead: str = ""
    ) -> None:
        """Cut siblings: runs of texts as lines, each structure in its own way. `day`: what a heading over them says."""
        lines: list[Line] = []
        for part in parts:
            if part.node.stated is not None:
                # What a format states outright is a record already (`stated`).
                _take([part])
                continue
            if part.kind in _TEXTS:
                lines += lines_of(part)
                lead = part.text if part.text.strip() else lead
                continue
            if part.kind is NodeKind.HEADING or part.kind in _QUIET:
                continue
            alone = sum(line.look == "date" for line in lines) == 1
            heads = alone and part.kind in (NodeKind.LIST, NodeKind.TABLE) and heads_a_day(lines[-1])
            over = lines.pop() if heads else None
            self.lines(lines, headings, day=day)
            lines = []
            within = day
            if over is not None:
                over.part.outcome = "scope"
                within = over.dated or day
            self.structure(part, headings, day=within, lead=lead if words_in(lead) <= _SHORT else "")
            lead = ""
        self.lines(lines, headings, day=day)

    def structure(self, part: Part, headings: Headings, *, day: Sequence[Anchor], lead: str) -> None:
        if part.kind is NodeKind.SECTION:
            self.section(part, headings, day=day)
        elif part.kind is NodeKind.LIST:
            self.items(part, headings, day=day, lead=lead)
        elif part.kind is NodeKind.TABLE:
            self.table(part, headings, day=day, lead=lead)
        else:
            self.sequence(part.children, headings, day=day, lead=lead)

    def section(self, part: Part, headings: Headings, *, day: Sequence[Anchor] = ()) -> None:
        heading = part.heading
        below = [child for child in part.children if child is not heading]
        if heading is None or not heading.text.strip():
            self.sequence(below, headings, day=day)
            return
        within = (*headings, heading.text)
        line = Line(part=heading, start=0, end=len(heading.text), anchors=heading.anchors)
        if not any(Field.DAY in one.has or Field.MONTH in one.has for one in line.dated) or is_scope(
            heading.text, heading.anchors
        ):
            if line.dated and heading.outcome != "record" and self._names_an_event(part, line, below):
                self.records.append(self._of_line(line, headings, "heading"))
                return
            if day and not holds_times(part) and not any(child.dated for each in below for child in each.walk()):
                times = next((one.times for each in below[:3] for one in each.anchors if one.times), None)
                self.records.append(_under(heading, day, headings, times, [b.text for b in below if b.text]))
                _take(below)
            else:
                self.sequence(below, within, day=day)
            return
        plain = [child for child in below if child.text.strip() or child.children]
        if line.look == "date":
            if plain and all(child.kind in _TEXTS for child in plain) and not any(child.dated for child in plain):
                self.records.append(self._titled(line, plain, headings, "heading"))
                _take(plain)
                return
            before = len(self.records)
            if not is_one_day(line.dated):
                self.records.append(self._of_line(line, headings, "heading"))
                self.sequence(below, headings)
                return
            self.sequence(below, headings, day=line.dated)
            if not has_day_beside(part):
                # One day alone over a document is when it all takes place: its agenda is no calendar.
                self.records[before:] = [each for each in self.records[before:] if each.look != "under" or each.times]
            heading.outcome = "scope"
            if any(record.anchors and record.anchors[0] is line.dated[0] for record in self.records[before:]):
                return
            self.records.insert(before, self._of_line(line, headings, "heading"))
            return
        record = self._of_line(line, headings, "heading")
        record.body = [child.text for child in below if child.text]
        self.records.append(record)
        self.sequence(below, within)

    def _names_an_event(self, part: Part, line: Line, below: Sequence[Part]) -> bool:
        """Whether a heading of which only the year is told is an event of its own ("2026 exhibition (dates to come)"):
        a lowest heading beside others that are dated, with no date under it."""
        beside = [child.heading for child in part.above.children if child.heading is not None] if part.above else []
        exact = sum(any(one.exact for one in each.dated) for each in beside)
        plain = not any(child.dated or child.kind is NodeKind.SECTION for each in below for child in each.walk())
        return plain and exact > 0 and line.look != "date"

    def items(self, part: Part, headings: Headings, *, day: Sequence[Anchor] = (), lead: str = "") -> None:
        """Cut a list: an item with a date is a record, with the items under it; one without may be an undated entry."""
        first = len(self.records)
        items = [child for child in part.children if child.kind is NodeKind.ITEM]
        _take(item for item in items if item.node.stated is not None)
        for item in (each for each in items if each.node.stated is None):
            self.item(item, headings, day=day, lead=lead)
        _group(self.records[first:], len(items))

    def item(self, item: Part, headings: Headings, *, day: Sequence[Anchor], lead: str) -> None:
        lines = lines_of(item) or [
            one for child in item.children[:1] if child.kind in _TEXTS for one in lines_of(child)
        ]
        rest = item.children if item.text.strip() else item.children[1:] if lines else item.children
        below = any(each.dated for child in rest for each in child.walk())
        own = any(line.dated for line in lines) and not (
            lines and is_scope(lines[0].text.rstrip(" :."), lines[0].anchors) and below
        )
        if own:
            first = len(self.records)
            self.lines(lines, headings, shape="item", lead=lead)
            if not below:
                for record in self.records[first : first + 1]:
                    record.body += [each.text for child in rest for each in child.walk() if each.text]
                _take(rest)
                return
        elif lines and not below:
            text = " ".join(line.text for line in lines)
            times = next((anchor.times for line in lines for anchor in line.anchors if anchor.times), None)
            record = Record(parts=[item], text=text, shape="item", headings=headings, lead=lead, times=times)
            if day:
                record.anchors, record.look, record.when = tuple(day), "under", ""
            self.records.append(record)
            _take(rest)
            return
        over = (*headings, lines[0].text) if lines and words_in(lines[0].text) <= _SHORT else headings
        self.sequence(rest, over, day=day)

    def table(self, part: Part, headings: Headings, *, day: Sequence[Anchor] = (), lead: str = "") -> None:
        caption = (part.node.label,) if part.node.label else ()
        found = cut(part, (*headings, *caption), self.reader, day=day, lead=lead)
        self.records += found.records
        for record in found.records:
            # A code stands for what another table of the document says of it.
            record.place = self.codes.get(record.place or "", record.place)
        if any(found.heads):
            alike = self.alike.setdefault(found.heads, [])
            alike += found.records
            for record in alike if len(alike) > len(found.records) else ():
                record.peers, record.dated_peers = len(alike), sum(bool(each.anchors) for each in alike)
        if found.run:
            self.lines([line for cell in found.cells for line in lines_of(cell)], headings, day=day)
        for cell in found.cells if not found.run else ():
            if cell.children:
                self.sequence(cell.children, headings, day=day, lead=lead)
            else:
                self.lines(lines_of(cell), headings, day=day)

    # Lines

    def lines(
        self, lines: list[Line], headings: Headings, *, day: Sequence[Anchor] = (), shape: str = "line", lead: str = ""
    ) -> None:
        """Cut a run of lines into records."""
        first = len(self.records)
        lines = [line for line in lines if line.text.strip()]
        links = Counter(line.text.strip().casefold() for line in lines)
        below = titles_stand_below(lines)
        taken: set[int] = set()
        within: Sequence[Anchor] = ()
        at = 0
        while at < len(lines):
            line = lines[at]
            pairs = end_of_fields(lines, at, self.reader.lang)
            if pairs > at + 1 or (pairs > at and label_of(line, self.reader.lang) in ("date", "start") and line.dated):
                self._pair_record(lines[at:pairs], headings, lines[at - 1] if at and at - 1 not in taken else None)
                at = pairs
                continue
            named = line.part.kind is NodeKind.PAIR and label_of(line, self.reader.lang) == "other"
            if line.look == "date" and not named and opens_a_day(lines, at):
                within, line.part.outcome = line.dated, "scope"
            elif line.look == "date" and line.part.outcome != "scope" and not named:
                within = ()
                side = at + 1 if below else at - 1
                title = lines[side] if 0 <= side < len(lines) and side not in taken else None
                if title is not None and may_title(title, links, self.reader.lang):
                    taken.add(side)
                    self.records.append(self._titled(line, [title.part], headings, shape, title))
                else:
                    self.records.append(self._of_line(line, headings, shape, lead))
            elif line.look == "time" and (day or within):
                self.records.append(self._of_time(lines, at, taken, links, headings, within or day))
            elif line.look == "prose":
                self._sentences(line, headings)
            elif line.dated and line.part.outcome != "scope":
                self._clauses(line, headings, shape, lead)
                within = line.dated[:1] if line.look == "begins" and opens_a_day(lines, at) else ()
            at += 1
        if shape == "line":
            _group(self.records[first:], len(lines))

    def _of_time(
        self,
        lines: Sequence[Line],
        at: int,
        taken: set[int],
        texts: Counter[str],
        headings: Headings,
        day: Sequence[Anchor],
    ) -> Record:
        """The record of a line that begins with a time of day: what else it says, or the line over it, is its title."""
        line = lines[at]
        record = _under(line.part, day, headings, line.anchors[0].times, [])
        record.text, record.title = line.text, None
        record.cuts = tuple((one.start - line.start, one.end - line.start) for one in line.anchors)
        bare = words_in(line.text) - sum(words_in(line.text[start:end]) for start, end in record.cuts)
        over = lines[at - 1] if at and at - 1 not in taken else None
        if bare < 2 and over is not None and may_title(over, texts, self.reader.lang):
            record.text, record.title = f"{over.text} {line.text}", over.text
        return record

    def _clauses(self, line: Line, headings: Headings, shape: str, lead: str = "") -> None:
        """A line with words and dates: a record for each clause that has a date of its own."""
        groups = expressions(line.part.text, line.dated)
        cut = clauses(line.text, [[moved(one, line.start) for one in group] for group in groups])
        for start, end in cut:
            piece = Line(
                part=line.part,
                start=line.start + start,
                end=line.start + end,
                anchors=tuple(one for one in line.anchors if line.start + start <= one.start < line.start + end),
            )
            record = self._of_line(piece, headings, shape, lead)
            if len(cut) > 1 and start:
                record.lead = line.text[: cut[0][1]]
            self.records.append(record)

    def _sentences(self, line: Line, headings: Headings) -> None:
        for start, end in whole_sentences(sentences(line.text, self.reader.lang), line):
            inside = tuple(one for one in line.anchors if line.start + start <= one.start < line.start + end)
            for group in expressions(line.part.text, inside):
                piece = Line(part=line.part, start=line.start + start, end=line.start + end, anchors=inside)
                self.records.append(self._of_line(piece, headings, "sentence", group=group))

    def _of_line(
        self, line: Line, headings: Headings, shape: str, lead: str = "", group: Sequence[Anchor] | None = None
    ) -> Record:
        """The record of a line: its main expression is the first, unless the line ends with another."""
        groups = expressions(line.part.text, line.dated)
        chosen = list(group) if group else main_dates(groups, line)
        spans = tuple((one.start - line.start, one.end - line.start) for one in chosen)
        cuts = tuple(
            (one.start - line.start, one.end - line.start) for one in line.anchors if one in chosen or not one.periods
        )
        text, look = line.text.strip("\n"), line.look
        if line.part.kind is NodeKind.PAIR and label_of(line, self.reader.lang) == "other":
            # "Webinars: starting in June": the pair's name is the event's.
            named = line.part.node.label
            text, by, look = f"{named}: {text}", len(named) + 2, "label"
            spans = tuple((start + by, end + by) for start, end in spans)
            cuts = tuple((start + by, end + by) for start, end in cuts)
        return Record(
            parts=[line.part],
            text=text,
            shape=shape,
            look=look,
            spans=spans,
            anchors=tuple(chosen),
            times=next((one.times for one in line.anchors if one.times), None),
            headings=headings,
            lead=lead,
            cuts=cuts,
        )

    def _titled(
        self, line: Line, around: Sequence[Part], headings: Headings, shape: str, title: Line | None = None
    ) -> Record:
        """A date line with its title beside it."""
        record = self._of_line(line, headings, shape)
        told = title.text if title else next((part.text for part in around if part.text.strip()), "")
        record.body = [part.text for part in around if part.text and part.text != told]
        record.title = told.partition("\n")[0].strip() or None
        record.text = (
            f"{line.text} {told}"
            if not title or title.start >= line.end or title.part is not line.part
            else f"{told} {line.text}"
        )
        if title is not None and title.part is line.part and title.start < line.start:
            record.spans = tuple((a + len(told) + 1, b + len(told) + 1) for a, b in record.spans)
        record.parts += list(around)
        return record

    def _pair_record(self, pairs: Sequence[Line], headings: Headings, over: Line | None) -> None:
        kinds: dict[str, Line] = {}
        for line in pairs:
            kinds.setdefault(label_of(line, self.reader.lang) or "", line)
        dated = [line for line in pairs if line.dated]
        first = kinds.get("date") or kinds.get("start") or (dated[0] if dated else None)
        if first is None or not first.dated:
            return
        record = self._of_line(first, headings, "pair")
        record.parts = [line.part for line in pairs]
        record.label = first.part.node.label or None
        if "place" in kinds:
            record.place = value_of(kinds["place"])
        if "title" in kinds:
            record.title = value_of(kinds["title"])
        elif over is not None and may_title(over, Counter(), self.reader.lang):
            record.title = over.text
        if "time" in kinds:
            record.times = next((one.times for one in kinds["time"].anchors if one.times), record.times)
        lines = [*([over] if over and record.title == over.text else []), *pairs]
        record.body = [line.text for line in lines if line is not first]
        end = kinds.get("end")
        if end is not None and end.dated:
            record.anchors = (*record.anchors, *end.dated)
            record.look = "span"
        self.records.append(record)
        for line in dated:
            if label_of(line, self.reader.lang) in ("deadline", "registration") and line is not first:
                due = self._of_line(line, headings, "pair")
                due.label, due.lead = line.part.node.label or None, record.title or ""
                self.records.append(due)


def _under(part: Part, day: Sequence[Anchor], headings: Headings, times: str | None, body: list[str]) -> Record:
    return Record(
        parts=[part],
        text=part.text,
        shape="heading" if part.kind is NodeKind.HEADING else "line",
        look="under",
        anchors=tuple(day),
        times=times,
        headings=headings,
        body=body,
        title=part.text or None,
    )


def _take(parts: Iterable[Part]) -> None:
    """Note that the texts below some parts belong to a record."""
    for part in parts:
        for each in part.walk():
            if each.text and not each.outcome:
                each.outcome = "record"


def _group(records: Sequence[Record], peers: int) -> None:
    """Note how many siblings each record has, and how many of them have dates in the same way."""
    looks = Counter(record.look for record in records if record.anchors and record.shape != "sentence")
    dated = sum(looks.values())
    for record in records:
        if record.shape == "sentence":
            continue
        record.peers = max(record.peers, peers, len(records))
        record.dated_peers = max(record.dated_peers, looks[record.look]) if record.anchors else dated
