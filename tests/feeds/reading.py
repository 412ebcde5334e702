"""Feeds taken apart by hand, so that what a test expects does not come from the library that wrote them."""

from __future__ import annotations

import re
from functools import cache

from calfeed.feeds import Generation, build
from calfeed.model import Catalogue, Event
from tests import sample


@cache
def generation() -> Generation:
    return build(sample.catalogue(), sample.settings())


def of(*events: Event) -> Generation:
    return build(Catalogue(events=events), sample.settings())


def calendars() -> dict[str, bytes]:
    """Every .ics of the sample's generation, by path."""
    return {path: octets for path, octets in generation().files.items() if path.endswith(".ics")}


def lines(octets: bytes) -> list[str]:
    """Content lines, unfolded."""
    return octets.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def vevents(octets: bytes) -> list[bytes]:
    """The VEVENTs as they stand, from BEGIN to END."""
    return re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", octets, re.DOTALL)


def vevent(octets: bytes, uid: str) -> dict[str, str]:
    """The properties of one VEVENT, by name with parameters; texts unescaped."""
    for found in vevents(octets):
        properties = dict(line.split(":", 1) for line in lines(found))
        if properties["UID"] == f"{uid}@calendar.example.org":
            return {name: unescaped(value) for name, value in properties.items()}
    raise AssertionError(f"no VEVENT {uid}")


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], text)


def head(octets: bytes) -> list[str]:
    """The calendar's own lines, before its first component."""
    return lines(octets.partition(b"BEGIN:VEVENT")[0])
