"""The properties of RFC 9073 and 9253, for the flavour "rich" only (rule 20).

icalendar has no classes for some of them and loses VALUE of others, so their parameters are written out here.
"""

from __future__ import annotations

import json
from functools import lru_cache

from calfeed.feeds.citation import place_of, source_of
from calfeed.feeds.jsonld import jsonld
from calfeed.feeds.lines import folded, text_value
from calfeed.feeds.text import clean_name, hyphened, tidy
from calfeed.model import Event
from calfeed.occurrences import Occurrence
from calfeed.settings import Settings


def rich_lines(event: Event, one: Occurrence, settings: Settings, lang: str) -> list[bytes]:
    """CONCEPT for each value of a facet, LINK to the source with the place in it, STRUCTURED-DATA of the exact days of
    this occurrence."""
    lines = [
        _concept(f"{settings.site.url}/?{facet.name}={hyphened(value)}")
        for facet in settings.facets
        for value in event.facets.get(facet.name, ())
    ]
    title, address = source_of(event, settings)
    if address and event.provenance:
        label = clean_name(", ".join(tidy([title, place_of(event, settings, lang)])).replace('"', "'"))
        # LINKREL and VALUE are both required (RFC 9253, 8.2); "via" is the registered relation to a source.
        lines.append(folded(f'LINK;LABEL="{label}";LINKREL="via";VALUE=URI:{address}'))
    data = jsonld(event, settings, one)
    if data is not None:
        # TEXT must be said, or parsers read the value unescaped (RFC 9073, 6.6).
        # A backslash of a title becomes a slash, as everywhere in .ics (rule 14).
        told = json.dumps(data, ensure_ascii=False, sort_keys=True).replace("\\\\", "/")
        text = text_value(told)
        lines.append(
            folded(f'STRUCTURED-DATA;FMTTYPE="application/ld+json";SCHEMA="https://schema.org/Event";VALUE=TEXT:{text}')
        )
    return lines


@lru_cache(maxsize=4096)
def _concept(address: str) -> bytes:
    return folded(f"CONCEPT:{address}")
