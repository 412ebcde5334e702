"""The part of an embed's address that says how it looks; the rest of the query is the selection."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

LIMIT = 500


class View(StrEnum):
    LIST = "list"
    TIMELINE = "timeline"
    MONTH = "month"


# How many events a view opens with, and how many come with each wish for more.
MOST = {View.LIST: 12, View.TIMELINE: 40, View.MONTH: 40}
MORE = 50


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Options(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an embed looks.

    `accent` is rrggbb, None for the site's colour. `limit` is the most events that the list and the timeline show, None
    for as many as a page has room for. `height` (pixels) is the most that it takes; the rest is scrolled to.
    `month` (YYYY-MM) is the one that the month view opens on, None for the present one or the first with an event.
    """

    view: View = View.LIST
    theme: Theme = Theme.AUTO
    accent: Annotated[str, Meta(pattern="^#?[0-9a-fA-F]{6}$")] | None = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT)] | None = None
    height: Annotated[int, Meta(ge=120, le=10_000)] | None = None
    month: Annotated[str, Meta(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")] | None = None

    @property
    def most(self) -> int:
        """The most events shown."""
        return self.limit or MOST[self.view]

    @property
    def more(self) -> int | None:
        """The limit that shows the next ones too; None where no more can be shown at once."""
        return min(LIMIT, self.most + MORE) if self.most < LIMIT else None

    def query(self) -> dict[str, str]:
        """The options that differ from the defaults, as an address has them."""
        told = {name: str(value) for name, value in msgspec.to_builtins(self).items()}
        if self.limit == MOST[self.view]:
            del told["limit"]
        return told | ({"accent": told["accent"].removeprefix("#").lower()} if "accent" in told else {})
