"""Events that a format states outright (JSON-LD, microdata, VEVENT) -> records, believed as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from calfeed.extract.anchors import Anchor, Part, Reader
from calfeed.extract.records import Record
from calfeed.model import Interpretation, Period, Precision, Reading, Status


def stated(root: Part, reader: Reader) -> list[Record]:
    """The records of what a document states, in order; a node that states an event is read no further."""
    return list(_stated(root, reader))


def _stated(root: Part, reader: Reader) -> Iterator[Record]:
    for part in root.walk():
        event = part.node.stated
        if event is None:
            continue
        anchors: tuple[Anchor, ...] = ()
        if event.start is not None:
            start, end = _day(event.start), _day(event.end) if event.end else _day(event.start)
            period = Period(
                start=start,
                end=max(start, end),
                precision=Precision.DAY,
                times=_times(event.start, event.end),
                zone=event.zone,
            )
            words = start.isoformat() if end <= start else f"{start.isoformat()} – {end.isoformat()}"
            status = Status.CANCELLED if event.status == "cancelled" else None
            reading = Reading(rule="stated", periods=(period,))
            found = Interpretation(text=words, lang=reader.lang, readings=(reading,), status=status)
            anchors = (Anchor(start=0, end=0, found=found),)
        text = " | ".join(filter(None, (event.title, event.place, part.text if part.text != event.title else "")))
        yield Record(
            parts=[part],
            text=text,
            shape="stated",
            look="stated",
            anchors=anchors,
            title=event.title,
            place=event.place,
        )


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _times(start: date | datetime, end: date | datetime | None) -> str | None:
    if not isinstance(start, datetime):
        return None
    told = start.strftime("%H:%M")
    return f"{told}/{end.strftime('%H:%M')}" if isinstance(end, datetime) else told
