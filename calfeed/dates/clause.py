"""Clauses: the items of a list of dates."""

from __future__ import annotations

from msgspec import Struct, field

from calfeed.dates.atoms import Atom


class Clause(Struct, gc=False):
    """One item of a list: the days that its atoms give, and what is said about them.

    `joined`: None for one atom, "range" for A-B, "window" for A/B and "A or B". `bound`: starting, until, by, before
    or after. `length`: a duration, (number, unit); `anchored` if it counts from the atom. `former`: the date no longer
    holds; `renews`: it takes the place of those before it. `offset`: so many units after the
    atoms, or before them.
    """

    first: int
    last: int
    atoms: list[Atom] = field(default_factory=list)
    joined: str | None = None
    bound: str | None = None
    qualifier: str | None = None
    status: str | None = None
    ongoing: bool = False
    frequency: str | None = None
    count: int | None = None
    length: tuple[int, str] | None = None
    anchored: bool = False
    offset: tuple[int, str] | None = None
    times: list[int] = field(default_factory=list)
    separator: str = ""
    old: Atom | None = None
    former: bool = False
    renews: bool = False
    anchor: tuple[int, int] | None = None
    until_year: int | None = None
    other_rule: str | None = None

    years_given: tuple[bool, bool] = (False, False)
