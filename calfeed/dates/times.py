"""What rows make of times of day, and their zones.

A zone stands behind a time: an abbreviation with its literal offset, an offset from UTC, a name of the IANA data, or a
city ("Geneva time"). The tables are in zones.toml.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib import resources
from typing import NamedTuple
from zoneinfo import available_timezones

from calfeed.dates.days import NUMBERS
from calfeed.dates.lexemes import Lexeme
from calfeed.dates.lexer import clock_of
from calfeed.dates.notation import Match, Node
from calfeed.dates.partial import Said
from calfeed.dates.vocabulary import K


class Zones(NamedTuple):
    """`pattern` finds what could be a zone; `offsets` has abbreviations, `names` cities and IANA names, folded."""

    pattern: re.Pattern[str]
    offsets: dict[str, tuple[str, ...]]
    names: dict[str, str]


@lru_cache(maxsize=1)
def zones() -> Zones:
    """The tables of zones.toml, with the cities that IANA's names end in."""
    tables = tomllib.loads(resources.files("calfeed").joinpath("dates/zones.toml").read_text("utf-8"))
    offsets = {name: tuple([told] if isinstance(told, str) else told) for name, told in tables["offsets"].items()}
    names = {}
    for name in sorted(available_timezones()):
        if "/" in name and not name.startswith(("Etc/", "posix/", "right/")):
            names[name.rsplit("/", 1)[1].replace("_", " ").casefold()] = name
    for name, cities in tables["cities"].items():
        names |= {city.casefold(): name for city in cities}
    before, after = (
        "|".join(sorted(tables["time"][side], key=len, reverse=True)).replace(" ", r"\s")
        for side in ("before", "after")
    )
    abbreviations = "|".join(sorted(map(re.escape, offsets), key=len, reverse=True))
    city = r"[^\W\d_][\w.'’-]*(?:\s[^\W\d_][\w.'’-]*)?"
    pattern = re.compile(
        rf"""\s*[,(\[（，]?\s*(?:
            (?:UTC|GMT)\s?(?P<offset>[+\-−±]\s?\d{{1,2}}(?::?\d\d)?)(?![\d:])
          | (?P<attached>\+\d\d:?\d\d)(?![\d:])
          | (?P<iana>(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_/]+)
          | (?P<short>{abbreviations})(?![^\W_])(?:\s?(?P<more>[+\-−]\s?\d{{1,2}}(?::?\d\d)?)(?![\d:]))?
          | (?:{before})\s?(?P<city>{city})
          | (?P<city_first>{city}?)\s?(?:{after})(?![^\W_])
        )\s*[)\]）]?""",
        re.VERBOSE,
    )
    return Zones(pattern, offsets, names)


def zone_at(text: str, at: int) -> tuple[tuple[str, ...], int] | None:
    """The zone that stands at an offset of a text, the likeliest first, and where it ends; None where none does."""
    if at >= len(text):
        return None
    tables = zones()
    found = tables.pattern.match(text, at)
    if found is None:
        return None
    told = _zones_of(found, tables)
    end = found.end()
    # A bracket that closes without having been opened here belongs to something else.
    if text[end - 1 : end] in (")", "]", "）") and not re.search(r"[(\[（]", text[at:end]):
        end -= 1
    return (told, end) if told else None


def _zones_of(found: re.Match[str], tables: Zones) -> tuple[str, ...]:
    if offset := found["offset"] or found["attached"] or found["more"]:
        return (_offset(offset),)
    if found["iana"]:
        return (found["iana"],) if found["iana"] in available_timezones() else ()
    if short := found["short"]:
        return tables.offsets[short]
    city = (found["city"] or found["city_first"] or "").strip()
    for name in (city, city.rsplit(" ", 1)[-1], city.split(" ", 1)[0]):
        if name.casefold() in tables.names:
            return (tables.names[name.casefold()],)
    return ()


def _offset(text: str) -> str:
    sign = "-" if text[0] in "-−" else "+"
    numbers = NUMBERS.findall(text)
    digits = numbers[0] if len(numbers) == 1 and len(numbers[0]) <= 2 else "".join(numbers)
    hours, minutes = (digits, "00") if len(digits) <= 2 else (digits[:-2], digits[-2:])
    return f"{sign}{int(hours):02}:{minutes}" if int(hours) <= 14 else "+00:00"


def time_of_day(m: Match) -> Node | None:
    """ "9:00-17:00 (Geneva time)", "from 9 to 11 am", "上午9:00", "noon": hours, and the zone behind them."""
    if m.items[m.first].kind is K.TO and "to_leads" not in m.scene.words.flags:
        # "Friday 14 to 6 a.m."
        return None
    told = [time for name in ("start", "end") if (time := _time(m, name)) is not None]
    if len(told) < (m.item("end") is not None) + 1:
        return None
    start, end = m.get("start"), m.get("end")
    if start and end:
        told[0] = _half_of_day(told, start.text, end.text) or told[0]
    last = m.last
    lexeme = m.items[last - 1]
    zone = zone_at(m.scene.text, lexeme.end) if isinstance(lexeme, Lexeme) else None
    node = Node(K.A_TIME, m.start, m.end, m.row.name, said=Said(times="/".join(told), zones=zone[0] if zone else ()))
    if zone:
        while last < len(m.items) and (item := m.items[last]) and isinstance(item, Lexeme) and item.start < zone[1]:
            last += 1
        m.last = last
        node.last = m.end
    return node


def _time(m: Match, name: str) -> str | None:
    """The time of day of a name's lexeme: "09:00"."""
    lexeme = m.get(name)
    if lexeme is None:
        return None
    meridiem = m.get(f"{name}_half") or m.get("half")
    half = str(meridiem.value) if meridiem else ""
    if lexeme.kind in (K.CLOCK, K.DAYTIME):
        told = str(lexeme.value)
    elif lexeme.kind is K.PAIR:
        first, second = (int(part) for part in NUMBERS.findall(lexeme.text))
        if first > 24 or second > 59:
            return None
        told = f"{first:02}:{second:02}"
    elif 0 <= lexeme.number <= 24:
        told = clock_of(str(lexeme.number))
    else:
        return None
    hour = int(told[:2])
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return f"{hour:02}:{told[3:]}"


def _half_of_day(told: list[str], first: str, last: str) -> str | None:
    """ "9-11 pm" is in the evening at both ends, unless that would turn them around."""
    marked = set(first) & {"a", "p"}
    if "p" in last and not marked and int(told[0][:2]) + 12 <= int(told[1][:2]):
        return f"{int(told[0][:2]) + 12:02}:{told[0][3:]}"
    return None
