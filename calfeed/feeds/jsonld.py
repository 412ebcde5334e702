"""An event with exact days -> schema.org (rule 25)."""

from __future__ import annotations

from typing import Any

from calfeed.feeds.text import clean_title, clean_url
from calfeed.feeds.vocabulary import words
from calfeed.feeds.when import is_exact
from calfeed.feeds.wording import cancelled, event_address, location, own_addresses
from calfeed.model import Event, Status
from calfeed.occurrences import Occurrence, exact, local, occurrences
from calfeed.settings import Settings

_STATUS = {Status.CANCELLED: "EventCancelled", Status.POSTPONED: "EventPostponed"}
# A page should not be all data: of a longer recurrence the first occurrences.
MAX_PARTS = 100
# What is nowhere but online: values of facets, and what documents put where the place stands.
_VIRTUAL = {"webinar", "e-learning", "online", "virtual", "en ligne", "en línea", "онлайн", "在线", "عبر الإنترنت"}


def jsonld(event: Event, settings: Settings, one: Occurrence | None = None) -> dict[str, Any] | None:
    """A schema.org Event, None where the days are not exact: search engines would show a guess as a fact.

    Of one occurrence; or of the event as a whole, where a recurrence is an EventSeries of its occurrences. Dates are
    days, both included, or instants with the offset of their place. Whoever puts it into a page escapes `<`."""
    days = [found for found in occurrences(event) if not found.removed]
    if one is not None:
        return _event(event, settings, one) if is_exact(one.period) else None
    if not exact(event) or not days:
        return None
    if len(days) == 1:
        return _event(event, settings, days[0])
    whole = _event(event, settings, days[0]) | {"@type": "EventSeries", "endDate": _dates(days[-1], settings)[1]}
    inner = [_event(event, settings, each) for each in days[:MAX_PARTS]]
    return whole | {"subEvent": [{key: told for key, told in one.items() if key != "@context"} for one in inner]}


def _event(event: Event, settings: Settings, one: Occurrence) -> dict[str, Any]:
    gone = cancelled(event) or one.removed
    name = _STATUS.get(Status.CANCELLED if gone else event.status, "EventScheduled")
    address = event_address(event, settings)
    begin, end = _dates(one, settings)
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": f"{address}#{one.first:%Y%m%d}" if one.suffix else address,
        "name": clean_title(event.title),
        "startDate": begin,
        "endDate": end,
        "eventStatus": f"https://schema.org/{name}",
        "url": clean_url(event.url) or address,
        "location": _location(event, settings),
    }
    if event.moved_from is not None and event.moved_from.start is not None and name == "EventScheduled":
        made["eventStatus"] = "https://schema.org/EventRescheduled"
        made["previousStartDate"] = event.moved_from.start.isoformat()
    if _online(event):
        made["eventAttendanceMode"] = "https://schema.org/OnlineEventAttendanceMode"
    if settings.site.publisher:
        made["organizer"] = {"@type": "Organization", "name": settings.site.publisher}
    return made


def _location(event: Event, settings: Settings) -> dict[str, Any]:
    """Google shows no event without a location: the place, the address of what is online, or that it is not known."""
    place = location(event)
    if _online(event):
        address = next(iter(own_addresses(event)), None) or event_address(event, settings)
        return {"@type": "VirtualLocation", "url": clean_url(event.url) or address}
    if place is None:
        name = words(event.lang or settings.site.language)["no_place"]
        return {"@type": "Place", "name": name, "address": name}
    where = {"@type": "PostalAddress", "addressCountry": event.country} if event.country else place
    return {"@type": "Place", "name": place, "address": where}


def _online(event: Event) -> bool:
    """Whether it takes place nowhere on earth: a kind of its own says so, or its place does."""
    if event.place:
        return event.place.casefold() in _VIRTUAL
    return any(value in _VIRTUAL for values in event.facets.values() for value in values)


def _dates(one: Occurrence, settings: Settings) -> tuple[str, str]:
    """Both ends: days, or local times with their offset."""
    hours = local(one, settings)
    if hours is None:
        return one.first.isoformat(), one.last.isoformat()
    return hours[0].isoformat(), hours[1].isoformat()
