"""Events that a page states outright: schema.org in JSON-LD and microdata, h-event of microformats."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from calfeed.documents.html_source import LINE
from calfeed.documents.tree import Stated
from calfeed.model import Where

_EVENT_TYPE = re.compile(r"(?:^|[/:])[A-Za-z]*Event$")
_STATUS = re.compile(r"Event(Cancelled|Postponed|Rescheduled|Scheduled|MovedOnline)$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d$")
# RFC 3339 and what ISO 8601 allows beside it; a year or a month alone is no day.
_MOMENT = re.compile(r"\d{4}-?\d\d-?\d\d(?:[T ]\d\d.*)?$")
_MAX_TEXT = 1_000
_MAX_VALUES = 20_000

# Each property under the names that microdata and microformats (2 and 1) give it.
_SELECTORS = {
    "name": ('[itemprop~="name"]', ".p-name", ".summary"),
    "start": ('[itemprop~="startDate"]', ".dt-start", ".dtstart"),
    "end": ('[itemprop~="endDate"]', ".dt-end", ".dtend"),
    "place": ('[itemprop~="location"]', ".p-location", ".location"),
    "url": ('[itemprop~="url"]', ".u-url", ".url"),
    "status": ('[itemprop~="eventStatus"]', ".p-status", ".status"),
}


def moment(value: str | None) -> date | datetime | None:
    """A day or an instant of ISO 8601, None for anything else (a month, a duration, nonsense)."""
    text = (value or "").strip()
    if not _MOMENT.match(text):
        return None
    try:
        return date.fromisoformat(text) if _DAY.match(text) or len(text) == 8 else datetime.fromisoformat(text)
    except ValueError:
        return None


def json_ld(page: LexborHTMLParser) -> list[tuple[Stated, Where]]:
    """The events in a page's JSON-LD, each with the place of its script. What is no JSON is left out."""
    found: list[tuple[Stated, Where]] = []
    for script in page.css('script[type="application/ld+json"]'):
        line = int(script.attributes.get(LINE) or 1)
        try:
            value = json.loads(script.text(deep=True))
        except (ValueError, RecursionError):
            continue
        for entry in _objects(value):
            types = entry.get("@type")
            names = types if isinstance(types, list) else [types]
            if any(isinstance(name, str) and _EVENT_TYPE.search(name) for name in names) and _text(entry.get("name")):
                found.append((_from_json(entry), Where(lines=(line, line))))
    return found


def _objects(value: object) -> Iterator[dict[str, object]]:
    waiting = [value]
    seen = 0
    while waiting and seen < _MAX_VALUES:
        entry = waiting.pop()
        seen += 1
        if isinstance(entry, dict):
            yield entry
            waiting.extend(reversed(entry.values()))
        elif isinstance(entry, list):
            waiting.extend(reversed(entry))


def _from_json(entry: dict[str, object]) -> Stated:
    status = _STATUS.search(_text(entry.get("eventStatus")))
    return Stated(
        title=_text(entry.get("name")),
        start=moment(_text(entry.get("startDate"))),
        end=moment(_text(entry.get("endDate"))),
        place=_place(entry.get("location")) or None,
        address=_text(entry.get("url")) or None,
        status=status[1].lower() if status else None,
    )


def _place(value: object) -> str:
    """The words of a schema.org Place, PostalAddress or text, or of the first of several."""
    if isinstance(value, list):
        return next((place for place in map(_place, value[:10]) if place), "")
    if not isinstance(value, dict):
        return _text(value)
    address = value.get("address")
    if isinstance(address, dict):
        fields = ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
        address = ", ".join(filter(None, (_text(address.get(field)) for field in fields)))
    return ", ".join(filter(None, (_text(value.get("name")), _text(address))))


def _text(value: object) -> str:
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value"))
    return " ".join(value.split())[:_MAX_TEXT] if isinstance(value, str) else ""


def is_event(element: LexborNode) -> bool:
    """Whether an element says that it is an event, in microdata or microformats."""
    attributes = element.attributes
    if "itemscope" in attributes and _EVENT_TYPE.search(attributes.get("itemtype") or ""):
        return True
    classes = attributes.get("class")
    return classes is not None and not {"h-event", "vevent"}.isdisjoint(classes.split())


def event(element: LexborNode) -> Stated | None:
    """The event that an element states, None where it is none or has no name."""
    if not is_event(element):
        return None
    values = {name: _property(element, name) for name in _SELECTORS}
    if not values["name"]:
        return None
    status = _STATUS.search(values["status"])
    return Stated(
        title=values["name"],
        start=moment(values["start"]),
        end=moment(values["end"]),
        place=values["place"] or None,
        address=values["url"] or None,
        status=status[1].lower() if status else None,
    )


def _property(element: LexborNode, name: str) -> str:
    for selector in _SELECTORS[name]:
        for found in element.css(selector):
            # The name of the place is not the event's.
            if name == "name" and _within_another(found, element):
                continue
            attributes = found.attributes
            value = attributes.get("content") or attributes.get("datetime")
            if not value and name in ("start", "end") and found.tag == "abbr":
                value = attributes.get("title")
            if not value and name in ("url", "status"):
                value = attributes.get("href")
            return " ".join((value or found.text(deep=True, separator=" ")).split())[:_MAX_TEXT]
    return ""


def _within_another(found: LexborNode, element: LexborNode) -> bool:
    """Whether an item stands between a property and the element that it was looked for in."""
    above = found.parent
    while above is not None and above.mem_id != element.mem_id:
        if "itemscope" in above.attributes:
            return True
        above = above.parent
    return False
