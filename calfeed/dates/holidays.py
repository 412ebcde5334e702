"""Holidays and international days: "Christmas 2014", "Good Friday", "World Environment Day".

Their names stand in the languages' tables under what they mean: "12-25" is a day of a month, "easter-2" the days after
Western Easter, "orthodox" Eastern Easter, "11-TH4" the fourth Thursday of November, "05-MO-1" the last Monday of May.
What follows a question mark is what other countries or churches keep: "11-TH4?10-MO2".
"""

from __future__ import annotations

import re

from calfeed.dates.atoms import Atom
from calfeed.dates.lexemes import Lexemes, rule
from calfeed.dates.years import with_year

NOTE = "holiday"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FIXED = re.compile(r"(\d\d)-(\d\d)")
_EASTER = re.compile(r"(easter|orthodox)([+-]\d+)?")
_NTH = re.compile(r"(\d\d)-([A-Z]{2})(-?\d)")


@rule("holiday")
def read_holiday(t: Lexemes, i: int) -> Atom | None:
    """ "Christmas 2014"; the year may be missing. No holiday is what names something else: "Christmas market"."""
    if t.k[i + 1] in ("word", "event"):
        return None
    meaning, _, elsewhere = str(t.x[i].value).partition("?")
    found = with_year(t, day_named(meaning, i))
    if elsewhere:
        found.other = day_named(elsewhere, i)
        found.other.year = found.year
        found.other_rule = "orthodox" if elsewhere.startswith("orthodox") else "elsewhere"
    return found


def day_named(meaning: str, i: int) -> Atom:
    """The atom of a meaning as the tables have it, for lexeme `i`. Raises ValueError for anything else."""
    if fixed := _FIXED.fullmatch(meaning):
        return Atom(i, i + 1, month=int(fixed[1]), day=int(fixed[2]), note=NOTE)
    if easter := _EASTER.fullmatch(meaning):
        return Atom(i, i + 1, nth=(int(easter[2] or 0), 1, easter[1]), note=NOTE)
    if nth := _NTH.fullmatch(meaning):
        return Atom(
            i, i + 1, month=int(nth[1]), weekday=WEEKDAYS.index(nth[2]), nth=(int(nth[3]), 1, "weekday"), note=NOTE
        )
    raise ValueError(f"{meaning} is no day of the year.")
