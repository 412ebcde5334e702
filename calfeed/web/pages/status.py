"""The state of the sources: their editions from the catalogue, their last check from what the service remembers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from calfeed.feeds.text import clean_line, clean_url
from calfeed.web.pages.page import Page

FILE = "status.json"
LIMIT = 1_000_000  # octets


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
    remembered = remembered_state(site.settings.state_path / FILE)
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
                link=clean_url(source.link or source.url) if source else None,
                published=(edition.published if edition else None) or (source.published if source else None),
                read=edition.read if edition else None,
                checked=_instant(state.get("checked")),
                fault=clean_line(str(state.get("message") or "")),
                since=_instant(state.get("failing_since")),
                events=counts.get(name, 0),
            )
        )
    return found


def remembered_state(path: Path) -> dict[str, dict[str, Any]]:
    """What the refresh wrote of each source, by its id; nothing where it never ran or its file cannot be read.

    The file is as `calfeed.refresh.Status` has it; it is read without its types, since a page must be answered also
    while another version of calfeed writes it."""
    sources = _stored(path).get("sources")
    if not isinstance(sources, dict):
        return {}
    return {name: state for name, state in sources.items() if isinstance(state, dict)}


def remembered_fault(path: Path) -> str:
    """What kept the last refresh from publishing, "" where nothing did."""
    return clean_line(str(_stored(path).get("message") or ""))


def _stored(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > LIMIT:
            return {}
        stored = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


def _instant(text: object) -> datetime | None:
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
