"""One line of an embed: found (`Row`), and as it is shown (`Item`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct

from calfeed.model import Event, Period


class Row(NamedTuple):
    """The days of an event, or of one occurrence, both ends included, before anything is said of it."""

    first: date
    last: date
    event: Event
    period: Period
    spans: tuple[tuple[date, date], ...]
    hours: tuple[datetime, datetime] | None = None


class Item(Struct, frozen=True, kw_only=True):
    """An event, or one occurrence of a recurring one.

    `when` are its dates in words, `shape` the classes that draw them.
    `first` and `last` are the days that a calendar shows, None where it has no date; `spans` are the days of each
    occurrence, where an item stands for several. `begin` and `end` are its instants by the clock of its place, where it
    has some. `wide`: the text names no more than a year. `hue` counts the board's
    hues from 1; 0 is the accent. `lang` is the language of the title and of `about`, the heading that the event stood
    under: many are called just "Webinars".
    """

    uid: str
    title: str
    lang: str | None
    when: str
    first: date | None
    last: date | None
    begin: datetime | None = None
    end: datetime | None = None
    spans: tuple[tuple[date, date], ...] = ()
    shape: str
    wide: bool
    cancelled: bool
    about: str | None
    place: str | None
    page: str
    hue: int
