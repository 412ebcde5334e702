"""The first stage: lexemes -> atoms.

    atom     = [part [("to" | "-" | "/") part]] named
    named    = day | month | division | week | weekday day | nth | year | relative | holiday | numeric
    day      = NUMBER [of] MONTH [year] | MONTH NUMBER [year] | NUMBER          (the rest from a sibling)
    month    = MONTH [year]
    division = ORDINAL UNIT [of year] | "Q" NUMBER [year] | SEASON [year]
    nth      = ORDINAL [NUMBER] (UNIT | WEEKDAY) of atom
    year     = NUMBER ["/" NUMBER] | "'" NUMBER | ("fiscal" | "academic") year
    holiday  = HOLIDAY [year]
    numeric  = 2014-05-12 | 12.05.2014 | 05/12/2014 | 20140512 | 05/2014 | 2014-W20

The rules of `named` stand in `day_month`, `years`, `units`, `relative`, `holidays` and `numeric`.
"""

from __future__ import annotations

import calfeed.dates.day_month
import calfeed.dates.holidays
import calfeed.dates.numeric
import calfeed.dates.relative
import calfeed.dates.units
import calfeed.dates.years  # noqa: F401
from calfeed.dates.atoms import Atom
from calfeed.dates.lexemes import RULES, Lexemes, is_bare_number
from calfeed.model import Precision


def read_atom(t: Lexemes, i: int) -> Atom | None:
    """The atom that begins at lexeme `i`."""
    start = i
    while t.k[i] in ("the", "of") and i - start < 3:
        i += 1
    if t.k[i] == "part":
        found = read_parted(t, i)
    else:
        rule = RULES.get(t.k[i])
        found = rule(t, i) if rule else None
    if found is not None:
        found.first = start
        take_suffix_part(t, found)
    return found


def read_parted(t: Lexemes, i: int) -> Atom | None:
    """ "early 2015", "mid-June", "mid-to-late 2014"."""
    part = str(t.x[i].value)
    part_to = None
    i += 1
    ahead = i + 1 if t.k[i] in ("dash", "to", "until", "slash", "or", "and") else i
    ahead = ahead + 1 if ahead > i and t.k[ahead] in ("to", "dash", "the") else ahead
    ahead = ahead + 1 if ahead > i and t.k[ahead] == "dash" else ahead
    if ahead > i and t.k[ahead] == "part":
        part_to = str(t.x[ahead].value)
        i = ahead + 1
    if t.k[i] == "dash":
        i += 1
    i = t.skip(i, 2)
    if t.k[i] == "part":
        return None
    rule = RULES.get(t.k[i])
    found = rule(t, i) if rule else None
    if found is None or found.part or is_bare_number(found) or found.precision is Precision.DAY:
        return None
    found.part, found.part_to = part, part_to
    return found


def take_suffix_part(t: Lexemes, found: Atom) -> None:
    """In Chinese the part follows the unit."""
    if t.k[found.last] == "part_after" and found.part is None:
        value = str(t.x[found.last].value)
        if value == "half_first" or value == "half_second":
            if found.precision is Precision.YEAR:
                found.division = ("half", 1 if value == "half_first" else 2)
            elif found.precision is Precision.MONTH:
                found.nth = (1 if value == "half_first" else 2, 1, "half")
        else:
            found.part = value
        found.last += 1
