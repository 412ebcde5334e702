"""What stands after the atoms of a clause: open ends, certainty, status, durations, times of day, weekdays."""

from __future__ import annotations

from calfeed.dates.clause import Clause
from calfeed.dates.lexemes import Lexemes


def read_suffixes(t: Lexemes, clause: Clause) -> None:
    """Take in what stands after the atoms, into the clause, up to `clause.last`."""
    x, k = t.x, t.k
    for _ in range(8):
        j = clause.last
        kind = k[j]
        if not kind:
            break
        lead = 1 if kind in ("comma", "dash", "open", "semicolon") else 0
        kind = k[j + lead]
        closing = 1 if k[j] == "open" else 0

        def done(last: int, closing: int = closing) -> bool:
            if closing and k[last] != "close":
                return False
            clause.last = last + closing
            return True

        if kind == "onwards" and (not lead or k[j] != "open"):
            clause.bound = "starting"
            clause.last = j + lead + 1
            if clause.joined == "range":
                clause.atoms, clause.joined = clause.atoms[:1], None
        elif kind == "plus" and x[j].near and not lead and k[j + 1] not in ("month", "number"):
            clause.bound = "starting"
            clause.last = j + 1
        elif lead and k[j] == "dash" and kind in ("", "close"):
            clause.bound, clause.last = "starting", j + 1
        elif kind == "earlier":
            clause.bound = "by"
            if not done(j + lead + 1):
                break
        elif kind == "question":
            clause.qualifier = clause.qualifier or "uncertain"
            while k[j + lead] == "question" and x[j + lead].kind == "question":
                j += 1
            if not done(j + lead):
                break
        elif kind == "in" and x[j].text == "on" and clause.bound == "starting" and closes(t, j + 1, 0):
            clause.last = j + 1
        elif kind == "inclusive" or (kind == "during" and t.lang == "zh"):
            if not done(j + lead + 1):
                break
        elif kind == "qualifier" and k[j + lead + 1] not in ("number", "month", "the"):
            value = str(x[j + lead].value)
            if value == "about" or not closes(t, j + lead + 1, closing):
                break
            if value == "tentative":
                clause.status = "tentative"
            clause.qualifier = clause.qualifier or value
            done(j + lead + 1)
        elif kind == "status" and closes(t, j + lead + 1, closing):
            clause.status = str(x[j + lead].value)
            done(j + lead + 1)
        elif kind == "ongoing" and closes(t, j + lead + 1, closing):
            clause.ongoing = True
            done(j + lead + 1)
        elif kind == "spell" and x[j + lead].value in (
            "biennium",
            "triennium",
            "quadrennium",
            "decade",
            "fiscal",
            "academic",
        ):
            if not done(j + lead + 1):
                break
            if x[j + lead].value in ("fiscal", "academic") and clause.atoms[0].precision == "year":
                clause.atoms[0].spell = str(x[j + lead].value)
            clause.atoms[0].slashed = False
        elif kind == "weekday" and clause.atoms[-1].day is not None and (after := weekdays_end(t, j + lead)):
            clause.atoms[-1].weekday = int(x[after - 1].value)
            if after > j + lead + 1:
                clause.atoms[0].weekday = int(x[j + lead].value)
            if not done(after):
                break
        elif (start := clock_at(t, j + lead)) is not None:
            last = read_clocks(t, start, clause)
            if closing and k[last] != "close":
                clause.last = last
                break
            clause.last = last + closing
        elif (
            kind in ("in", "during", "over", "number")
            and is_length(t, j + lead + (kind != "number"))
            and clause.length is None
        ):
            start = j + lead + (kind != "number")
            if kind == "number" and not lead:
                break
            after = start + (3 if k[start + 1] == "dash" else 2)
            if closing and k[after] != "close":
                if k[after] == "event" and k[after + 1] == "close":
                    after += 1
                else:
                    break
            if not closing and k[after] in ("from", "starting", "in"):
                break
            clause.length = (
                int(x[start].value),
                str(x[after - 1].value if k[after - 1] == "unit" else x[after - 2].value),
            )
            clause.anchored = True
            clause.last = after + closing
        elif kind == "number" and closing and k[j + 2] in ("event", "times"):
            clause.count = int(x[j + 1].value)
            if not done(j + 3):
                break
        else:
            break


def clock_at(t: Lexemes, j: int) -> int | None:
    """Where a time of day stands, at lexeme `j` or after "at", "from", "à las"."""
    start = j
    while t.k[j] in ("in", "from", "the", "between", "to", "of") and j - start < 3:
        j += 1
    return j if t.k[j] == "clock" or is_hours(t, j) else None


def is_hours(t: Lexemes, j: int) -> bool:
    """ "9-11 am" begins with a mere number."""
    return t.k[j] == "number" and t.x[j].digits <= 2 and t.k[j + 1] in ("dash", "to") and t.k[j + 2] == "clock"


def closes(t: Lexemes, j: int, closing: int) -> bool:
    """Whether a word said of the date ends here, and is not the first of more."""
    return (
        t.k[j] == "close"
        if closing
        else t.k[j] in ("", "close", "comma", "semicolon", "dot", "and", "dash", "open", "colon", "question", "mark")
    )


def is_length(t: Lexemes, j: int) -> bool:
    """Whether a duration stands here: "2 weeks", "two-day"."""
    dash = j + 2 if t.k[j + 1] == "dash" else j + 1
    return t.k[j] == "number" and t.x[j].digits <= 3 and t.k[dash] == "unit" and not t.x[j].ordinal


def read_clocks(t: Lexemes, j: int, clause: Clause) -> int:
    """Take in a time of day or two, and their zone; the lexeme after them."""
    k = t.k
    clause.times.append(j)
    j += 1
    if k[j] in ("dash", "to", "until", "and", "tilde") and k[j + 1] == "clock":
        clause.times.append(j + 1)
        j += 2
    if k[j] == "zone" or (k[j] == "time" and t.x[j].value in ("zone", "clock")):
        j += 1
    elif k[j] == "open" and k[j + 1] == "time":
        after = j + 2
        while k[after] in ("plus", "dash", "number", "clock"):
            after += 1
        j = after + 1 if k[after] == "close" else j
    return j


def weekdays_end(t: Lexemes, j: int) -> int | None:
    """The lexeme after "Monday" or "Monday-Friday"; None where a day follows that the weekday belongs to."""
    if t.k[j + 1] in ("dash", "to") and t.k[j + 2] == "weekday":
        j += 2
    return None if t.k[j + 1] in ("number", "month", "three") else j + 1
