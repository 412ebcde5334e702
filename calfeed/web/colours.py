"""Colours that stay readable: a hue is moved towards black or white until its contrast suffices.

Contrast as WCAG 2.2 defines it (relative luminance, 4.5:1 for text, success criterion 1.4.3).
"""

from __future__ import annotations

from msgspec import Struct

from calfeed.model import Event
from calfeed.settings import Settings

LIGHT_PAPER = "#ffffff"
DARK_PAPER = "#14181d"
ENOUGH = 4.5


class Hue(Struct, frozen=True):
    """One colour for light paper and the same for dark paper, as #rrggbb."""

    light: str
    dark: str


def hue(colour: str) -> Hue:
    """`colour` (#rrggbb), made readable as text on light and on dark paper."""
    return Hue(light=_readable(colour, LIGHT_PAPER, towards=0), dark=_readable(colour, DARK_PAPER, towards=255))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (#rrggbb), from 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _readable(colour: str, paper: str, *, towards: int) -> str:
    channels = _channels(colour)
    for step in range(21):
        shade = "#" + "".join(f"{round(value + (towards - value) * step / 20):02x}" for value in channels)
        if contrast(shade, paper) >= ENOUGH:
            break
    return shade


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4
        for value in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Palette:
    """The hues of some events, in the order in which they came."""

    def __init__(self, settings: Settings) -> None:
        self.hues: list[Hue] = []
        self._numbers: dict[str, int] = {}
        self._colours = {
            (facet.name, term.id): term.colour for facet in settings.facets for term in facet.values if term.colour
        }

    def number(self, event: Event) -> int:
        """The place of the event's hue, counted from 1; 0 where it has no coloured value or more than one."""
        named = ((facet, value) for facet, values in event.facets.items() for value in values)
        colours = [self._colours[pair] for pair in named if pair in self._colours]
        if len(colours) != 1:
            return 0
        if colours[0] not in self._numbers:
            self.hues.append(hue(colours[0]))
            self._numbers[colours[0]] = len(self.hues)
        return self._numbers[colours[0]]
