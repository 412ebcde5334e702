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


class Theme(StrEnum):
    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class Options(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an embed looks.

    `accent` is rrggbb, None for the site's colour. `limit` is the most events that the list and the timeline show.
    `month` (YYYY-MM) is the one that the month view opens on, None for the present one or the first with an event.
    """

    view: View = View.LIST
    theme: Theme = Theme.AUTO
    accent: Annotated[str, Meta(pattern="^#?[0-9a-fA-F]{6}$")] | None = None
    limit: Annotated[int, Meta(ge=1, le=LIMIT)] = 100
    month: Annotated[str, Meta(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")] | None = None

    def query(self) -> dict[str, str]:
        """The options that differ from the defaults, as an address has them."""
        told = {name: str(value) for name, value in msgspec.to_builtins(self).items()}
        return told | ({"accent": told["accent"].removeprefix("#").lower()} if "accent" in told else {})
