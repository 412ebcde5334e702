"""The state of the sources: their editions from the catalogue, their last check from what the service remembers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from calfeed.feeds.text import clean_line, clean_url
from calfeed.web.pages.page import Page
from calfeed.web.remembered import instant, remembered_state


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source: `fault` is the sentence that says what went wrong, "" while all is well; None is never."""

    title: str
    link: str | None
    published: date | None
    read: datetime | None
    checked: datetime | None
    fault: str
    since: datetime | None
    events: int


def sources_status(page: Page) -> list[SourceStatus]:
    """One a source, in the settings' order, then those that only the catalogue names."""
    site = page.site
    remembered = remembered_state(site.settings)
    editions = {edition.source: edition for edition in sorted(site.catalogue.editions, key=lambda one: one.read)}
    counts: dict[str, int] = {}
    for event in site.catalogue.events:
        if event.provenance:
            counts[event.provenance.source] = counts.get(event.provenance.source, 0) + 1
    named = dict.fromkeys([*(source.id for source in site.settings.sources), *editions, *counts])
    found = []
    for name in named:
        source, edition = site.settings.source(name), editions.get(name)
        state = remembered.get(name, {})
        title = (source.title if source else None) or (edition.title if edition else None) or name
        found.append(
            SourceStatus(
                title=clean_line(title),
                link=clean_url(source.address) if source else None,
                published=(edition.published if edition else None) or (source.published if source else None),
                read=edition.read if edition else None,
                checked=instant(state.get("checked")),
                fault=clean_line(str(state.get("message") or "")),
                since=instant(state.get("failing_since")),
                events=counts.get(name, 0),
            )
        )
    return found
