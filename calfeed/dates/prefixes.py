"""What stands before the atoms of a clause: connectors, qualifiers, counts, durations, recurrences, an old date."""

from __future__ import annotations

from calfeed.dates.atom_grammar import read_atom
from calfeed.dates.clause import Clause
from calfeed.dates.lexemes import Lexemes, is_bare_number
from calfeed.dates.numeric import read_clock
from calfeed.dates.recurrence import read_recurrence, times_a
from calfeed.dates.relative import MOST_AWAY
from calfeed.dates.suffixes import is_hours, read_clocks

LONGEST_PREFIX = 10
NEUTRAL = frozenset(("in", "the", "lead", "of"))
_BEFORE_COLON = frozenset(
    ("by", "lead", "qualifier", "status", "starting", "during", "part", "frequency", "spell", "former", "renewed")
)


def read_prefixes(t: Lexemes, i: int, clause: Clause) -> int:
    """Take in what stands before the atoms, into the clause; the lexeme after it."""
    x, k = t.x, t.k
    if k[i] == "month":
        return i
    j = i
    end = i + LONGEST_PREFIX
    opened = False
    while j < end:
        kind = k[j]
        if kind in ("each", "weekdays", "ordinal", "number", "the") and (again := read_recurrence(t, j)):
            clause.frequency, clause.other_rule = again.rrule, again.other
            clause.last = j = again.last
            continue
        if (kind == "clock" and read_clock(t, j) is None) or is_hours(t, j):
            j = read_clocks(t, j, clause)
            j += k[j] == "comma"
            continue
        beyond = k[j + 2] if kind in ("number", "ordinal") else k[j + 1]
        if (beyond == "after" or beyond == "before") and (counted := read_offset(t, j, clause)):
            clause.last = j = counted
            continue
        if kind == "the" and x[j].text in ("a", "one") and k[j + 1] == "unit" and k[j + 2] in ("in", "of", "during"):
            clause.length = (1, str(x[j + 1].value))
            clause.last = j = j + 2
            continue
        if kind in NEUTRAL or kind == "during" or (kind == "to" and t.lang in ("fr", "es")):
            pass
        elif kind in ("from", "between") and (k[j + 1] == "clock" or is_hours(t, j + 1)):
            j += 1
            continue
        elif kind in ("from", "between", "until", "by", "before", "after", "starting"):
            if kind == "by" and clause.qualifier is None and clause.status == "completed":
                pass
            if clause.bound and clause.bound != kind and not (kind == "from" and clause.bound == "starting"):
                if clause.bound in ("until", "by") and kind in ("before", "by", "until"):
                    pass
                elif kind in ("before", "after") and clause.bound in ("from", "starting"):
                    clause.bound = kind
                elif clause.bound in ("from", "starting") and kind in ("starting", "from"):
                    pass
                else:
                    break
            else:
                clause.bound = kind
        elif kind == "qualifier":
            if clause.qualifier is None or clause.qualifier == "tentative":
                clause.status = "tentative" if "tentative" in (clause.qualifier, x[j].value) else clause.status
                clause.qualifier = str(x[j].value)
        elif kind == "former":
            clause.former = True
        elif kind == "renewed":
            clause.renews = True
        elif kind == "status":
            clause.status = str(x[j].value)
            clause.former = x[j].value == "postponed" and k[j + 1] in ("from", "of")
            moved = read_moved(t, j, clause)
            if moved is not None:
                clause.last = moved
                return moved
        elif kind == "ongoing":
            clause.ongoing = True
        elif kind == "frequency":
            clause.frequency = str(x[j].value)
        elif kind == "part" and x[j].value in ("beginning", "end") and is_verb(t, j):
            clause.bound = "starting" if x[j].value == "beginning" else "until"
        elif kind == "spell" and x[j].value in ("biennium", "triennium", "quadrennium", "decade"):
            pass
        elif kind == "open" and k[j + 1] in ("qualifier", "status") and k[j + 2] == "close":
            opened = True
        elif kind == "close" and opened:
            opened = False
        elif (kind in ("comma", "dash") and j > i and k[j - 1] in ("qualifier", "status", "ongoing", "frequency")) or (
            kind == "colon" and j > i and k[j - 1] in _BEFORE_COLON
        ):
            pass
        elif kind in ("number", "often"):
            after = read_count(t, j, clause)
            if after is None:
                break
            j = after
            continue
        else:
            break
        j += 1
        if kind not in NEUTRAL and kind not in ("comma", "colon", "dash", "during"):
            clause.last = j
    return j


def is_verb(t: Lexemes, j: int) -> bool:
    """Whether "beginning" or "ending" is a verb here: before a day, or before "in" or "on"."""
    if t.k[j + 1] in ("in", "from") and t.x[j].text in ("beginning", "ending", "start"):
        return True
    if t.k[j + 1] == "colon":
        return True
    atom = read_atom(t, t.skip(j + 1, 2)) if t.k[j + 1] not in ("dash",) else None
    return atom is not None and atom.day is not None and not is_bare_number(atom)


# What may follow the events that are counted: "two workshops in", "three webinars: ".
_AFTER_EVENTS = frozenset(
    {"in", "during", "from", "by", "until", "each", "frequency", "starting", "comma", "colon", "before", "after"}
    | {"between", "dash", "number", "month"}
)
_AFTER_LENGTH = frozenset(("in", "of", "during", "between", "by", "before", "part", "comma"))


def read_count(t: Lexemes, j: int, clause: Clause) -> int | None:
    """What a number before a date counts: times a year, events, or days; the lexeme after it."""
    number = int(t.x[j].value)
    if t.x[j].digits > 3 or number < 1:
        return None
    return read_often(t, j, number, clause) or read_events(t, j, number, clause) or read_length(t, j, number, clause)


def read_often(t: Lexemes, j: int, number: int, clause: Clause) -> int | None:
    """ "twice a year", "3 times per year", "two per year", "once every two months", "2 x", "twice in"."""
    k = t.k
    often = k[j] == "often"
    if often and k[j + 1] == "each":
        return j + 1
    after = j + 1 if often or k[j + 1] == "each" else j + 2
    if often or k[j + 1] in ("times", "each"):
        per = after + 1 if k[after] in ("each", "the", "in") else after
        if k[per] == "unit":
            clause.frequency = times_a(number, str(t.x[per].value))
            clause.last = per + 1
            return per + 1
    if k[j + 1] == "times" or (often and k[j + 1] in ("in", "during")):
        clause.count = number
        return after
    return None


def read_events(t: Lexemes, j: int, number: int, clause: Clause) -> int | None:
    """ "two workshops in", "3 regional training courses:"."""
    k = t.k
    after = j + 1
    while k[after] in ("word", "event", "lead") and after - j < 5:
        if k[after] == "event" and k[after + 1] not in ("event", "word"):
            if k[after + 1] not in _AFTER_EVENTS:
                return None
            clause.count = number
            t.used.update(dict.fromkeys(range(j, after + 1), "counted"))
            clause.last = after + 1
            return after + 1
        after += 1
    return None


def read_length(t: Lexemes, j: int, number: int, clause: Clause) -> int | None:
    """ "3 days in", "six months from", "a two-day workshop in", "5 days, "."""
    x, k = t.x, t.k
    unit = j + 2 if k[j + 1] == "dash" else j + 1
    if k[unit] != "unit" or (x[unit].value in ("quarter", "half") and x[j].ordinal):
        return None
    after = unit + 1
    if k[after] == "each":
        after += 1
    while k[after] in ("event", "word") and unit > j + 1 and after - unit < 4:
        t.used[after] = "counted"
        after += 1
    if k[after] == "from" and k[after + 1] == "day":
        # "two weeks from today"
        return None
    if k[after] not in _AFTER_LENGTH and k[after] not in ("from", "starting", "after"):
        return None
    clause.anchored = k[after] in ("from", "starting", "after")
    clause.length = (number, str(x[unit].value))
    if k[after] == "comma":
        after += 1
    clause.last = after
    return after


def read_offset(t: Lexemes, j: int, clause: Clause) -> int | None:
    """ "two days after", "a month before", "the third Tuesday after" a date: the lexeme after the connector."""
    x, k = t.x, t.k
    number = 1
    unit = j
    if k[j] in ("number", "ordinal"):
        number, unit = int(x[j].value), j + 1
    elif k[j] == "unit" and (j == 0 or x[j - 1].text not in ("a", "an")):
        return None
    if k[unit] not in ("unit", "weekday", "weekdays") or k[unit + 1] not in ("after", "before") or clause.bound:
        return None
    if not 1 <= number <= MOST_AWAY:
        return None
    atom = read_atom(t, t.skip(unit + 2, 2))
    if atom is None or is_bare_number(atom):
        return None
    name = str(x[unit].value) if k[unit] == "unit" else f"weekday {x[unit].value}"
    clause.offset = (number if k[unit + 1] == "after" else -number, name)
    return unit + 2


def read_moved(t: Lexemes, j: int, clause: Clause) -> int | None:
    """ "postponed from May to November 2014": the index of the new date; the old one is kept in the clause."""
    k = t.k
    if t.x[j].value != "postponed":
        return None
    if k[j + 1] in ("to", "until", "in", "by"):
        # "in" is what "to" is in other languages: "verschoben auf", "перенесено на".
        clause.renews = k[j + 1] in ("to", "until") or (k[j + 1] == "in" and t.lang != "en")
        return j + 2
    if k[j + 1] in ("from", "of"):
        old = read_atom(t, t.skip(j + 2, 2))
        if old is not None:
            end = old.last
            if k[end] in ("dash",) and (more := read_atom(t, end + 1)) is not None:
                end = more.last
            if k[end] in ("to", "until", "comma", "in") and (k[end] != "comma" or k[end + 1] == "to"):
                clause.old, clause.former = old, False
                return end + (2 if k[end] == "comma" else 1)
    return None
