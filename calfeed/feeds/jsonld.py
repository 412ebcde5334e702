"""An event with exact days -> schema.org (rule 25)."""

from __future__ import annotations

from typing import Any

from calfeed.feeds.occurrences import exact, occurrences
from calfeed.feeds.text import clean_title, clean_url
from calfeed.feeds.wording import cancelled, event_address, location
from calfeed.model import Event, Status
from calfeed.settings import Settings

_STATUS = {Status.CANCELLED: "EventCancelled", Status.POSTPONED: "EventPostponed"}


def jsonld(event: Event, settings: Settings) -> dict[str, Any] | None:
    """A schema.org Event, None where the days are not exact: search engines would show a guess as a fact.

    startDate and endDate are days, both included. Whoever puts it into a page escapes `<`."""
    days = occurrences(event)
    if not exact(event) or not days:
        return None
    name = _STATUS.get(Status.CANCELLED if cancelled(event) else event.status, "EventScheduled")
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": event_address(event, settings),
        "name": clean_title(event.title),
        "startDate": days[0].first.isoformat(),
        "endDate": days[-1].last.isoformat(),
        "eventStatus": f"https://schema.org/{name}",
        "url": clean_url(event.url) or event_address(event, settings),
    }
    place = location(event)
    if place:
        address = {"@type": "PostalAddress", "addressCountry": event.country} if event.country else place
        made["location"] = {"@type": "Place", "name": place, "address": address}
    if settings.site.publisher:
        made["organizer"] = {"@type": "Organization", "name": settings.site.publisher}
    return made
