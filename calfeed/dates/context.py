"""What is known around a text that is read for dates."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from calfeed.dates.partial import Lent
from calfeed.settings import Dates


class Context(Struct, frozen=True, kw_only=True):
    """Where a text stands.

    `reference`: the day on which it is read; it settles a missing year, never one that the text has. `lang`: BCP 47
    tag, None to tell it from the text. `headings`: the headings above the text, nearest first; one may supply a
    missing year. `span`: first and last year of the document. `day_first`: what the document's own numeric dates
    prove, None where they prove nothing (see `day_first_evidence`).
    `lent`: fields that what stands around the text lends, nearest first; they win over `headings`, `span` and
    `reference`. `zone`: the time zone of times that name none.
    """

    reference: date
    lang: str | None = None
    headings: tuple[str, ...] = ()
    span: tuple[int, int] | None = None
    settings: Dates = Dates()
    day_first: bool | None = None
    lent: tuple[Lent, ...] = ()
    zone: str | None = None
