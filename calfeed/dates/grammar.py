"""The second stage: atoms -> clauses, a list of which is a date expression.

    expression = clause {("," | ";" | "and" | "+") clause}
    clause     = {prefix} [atom {("-" | "to" | "until" | "/" | "or") atom}] {suffix}
    prefix     = "in" | "from" | "between" | "until" | "by" | "before" | "after" | "starting" | QUALIFIER | STATUS
               | "ongoing" | FREQUENCY | "every" | NUMBER EVENT | NUMBER UNIT
    suffix     = "onwards" | "+" | "?" | "(" QUALIFIER ")" | "(" NUMBER UNIT ")" | "for" NUMBER UNIT
               | TIME ["-" TIME] | FREQUENCY | STATUS | WEEKDAY

A comma or an "and" never makes a range, except the "and" of "between".
"""

from __future__ import annotations

from copy import copy
from datetime import date

from msgspec import Struct, field

from calfeed.dates.atoms import Atom
from calfeed.dates.context import Context
from calfeed.dates.lexer import Lexeme
from calfeed.dates.recurrence import RecurrenceGrammar, in_frame, times_a, yearly_rule

LONGEST_PREFIX = 10
NEUTRAL = frozenset(("in", "the", "lead", "of"))
RANGE = frozenset(("dash", "to", "until", "tilde"))


class Clause(Struct):
    """One item of a list: the days that its atoms give, and what is said about them.

    `joined`: None for one atom, "range" for A-B, "window" for A/B and "A or B". `bound`: starting, until, by, before
    or after. `length`: a duration, (number, unit); `anchored` if it counts from the atom. `open_end`: "A - present".
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
    times: list[int] = field(default_factory=list)
    weekdays: list[int] = field(default_factory=list)
    separator: str = ""
    old: Atom | None = None
    anchor: tuple[int, int] | None = None
    until_year: int | None = None
    other_rule: str | None = None

    years_given: tuple[bool, bool] = (False, False)


class Grammar(RecurrenceGrammar):
    """The rules of lists and ranges over one text's lexemes."""

    def __init__(
        self,
        lexemes: list[Lexeme],
        lang: str,
        reference: date,
        day_first: bool | None,
        text: str = "",
        span: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(lexemes, lang, reference, day_first)
        self.text = text
        self.span = span
        self.used: dict[int, str] = {}

    def expression(self, i: int) -> list[Clause]:
        """The clauses of the expression that begins at lexeme `i`; none where no date begins."""
        clause = self.clause(i)
        if clause is None:
            return []
        clauses = [clause]
        k = self.k
        while True:
            j = clauses[-1].last
            separator = ""
            if k[j] in ("comma", "semicolon", "and", "plus", "or", "slash", "dot"):
                separator = k[j]
                j += 1
                if k[j] in ("and", "or") and separator == "comma":
                    separator = k[j]
                    j += 1
            elif k[j] == "colon" and self.heads_a_list(clauses[-1]):
                separator = "colon"
                j += 1
            elif k[j] == "open" and clauses[-1].atoms:
                separator = "open"
                j += 1
            elif clauses[-1].frequency and k[j] in ("from", "starting", "until", "in", "during", "between"):
                following = self.clause(j)
                if following is None or not following.atoms:
                    break
                self.frame(clauses[-1], following)
                continue
            elif k[j] in ("status", "qualifier", "ongoing", "frequency", "each") or (
                k[j] == "dash" and k[j + 1] in ("status", "qualifier")
            ):
                separator = "said"
                j += k[j] == "dash"
            else:
                break
            if separator == "said" and clauses[-1].frequency is None and k[j] == "each" and self.recurrence(j) is None:
                break
            if separator == "dot" and not (self.is_dated(clauses[-1]) and k[j] in ("month", "number", "ordinal")):
                break
            following = self.clause(j)
            if following is None or (separator in ("or", "slash") and not following.atoms):
                break
            if separator == "open":
                if k[following.last] != "close" or following.atoms:
                    break
                following.last += 1
            self.take_unit(clauses[-1], following)
            following.separator = separator
            clauses.append(following)
        if len(clauses) > 1:
            clauses = self.with_final_year(clauses)
        if len(clauses) == 1 and not clauses[0].atoms and clauses[0].first == clauses[0].last:
            return []
        return clauses

    def take_unit(self, clause: Clause, following: Clause) -> None:
        """ "quarters 2 and 3 of 2014": the year after a number that takes its unit from the left."""
        if not clause.atoms or len(following.atoms) != 1 or not self.is_bare_number(following.atoms[0]):
            return
        if clause.atoms[-1].division is not None or clause.atoms[-1].week is not None:
            atom = self.with_year(following.atoms[0])
            following.last = max(following.last, atom.last)
            following.years_given = (atom.year is not None, atom.year is not None)

    @staticmethod
    def with_final_year(clauses: list[Clause]) -> list[Clause]:
        """ "May 8 and 10, 2014": a year after a comma belongs to the days before it."""
        kept = clauses[:1]
        for clause in clauses[1:]:
            before = kept[-1].atoms[-1] if kept[-1].atoms else None
            alone = (
                len(clause.atoms) == 1
                and clause.atoms[0].precision == "year"
                and clause.atoms[0].last - clause.atoms[0].first == 1
            )
            if (
                clause.separator == "comma"
                and alone
                and before is not None
                and before.day is not None
                and before.month is None
                and before.year is None
            ):
                before.year = clause.atoms[0].year
                kept[-1].last = clause.last
                kept[-1].years_given = (kept[-1].atoms[0].year is not None, True)
                for name in ("bound", "qualifier", "status", "length", "frequency"):
                    if getattr(clause, name) and not getattr(kept[-1], name):
                        setattr(kept[-1], name, getattr(clause, name))
                kept[-1].times += clause.times
                kept[-1].weekdays += clause.weekdays
            else:
                kept.append(clause)
        return kept

    @staticmethod
    def frame(clause: Clause, following: Clause) -> None:
        """ "annually in March from 2014": the second clause bounds what the first repeats."""
        if clause.atoms and all(atom.lacks_year for atom in clause.atoms) and clause.frequency == "FREQ=YEARLY":
            clause.frequency = yearly_rule(clause.atoms[0])
            clause.atoms = []
        if clause.atoms:
            clause.atoms.append(following.atoms[-1])
            clause.joined = "range"
        else:
            clause.atoms, clause.joined, clause.bound = following.atoms, following.joined, following.bound
            clause.years_given = following.years_given
        clause.last = following.last

    def heads_a_list(self, clause: Clause) -> bool:
        """ "2013: June, September; 2014: May" """
        after = clause.last + 1
        while self.k[after] in ("the", "in", "part"):
            after += 1
        fine = self.k[after] in ("month", "spell", "season", "ordinal", "division", "number")
        return (
            fine
            and not self.is_year(after)
            and len(clause.atoms) == 1
            and clause.atoms[0].precision == "year"
            and clause.bound is None
        )

    @staticmethod
    def is_dated(clause: Clause) -> bool:
        return bool(clause.atoms)

    def clause(self, i: int) -> Clause | None:
        k = self.k
        clause = Clause(i, i)
        j = self.prefixes(i, clause)
        between = clause.bound == "between"
        atom = self.atom(j)
        bracketed = atom is None and k[j] == "open" and j > i
        if bracketed:
            atom = self.atom(j + 1)
        if atom is not None and self.is_title_number(atom, clause):
            atom = None
        if atom is None:
            return self.dateless(i, clause)
        clause.atoms.append(atom)
        clause.last = j = atom.last
        self.inside(clause)
        self.joins(clause, between)
        clause.years_given = (clause.atoms[0].year is not None, clause.atoms[-1].year is not None)
        if clause.bound in ("from", "between"):
            clause.bound = None if clause.joined else "starting"
        self.suffixes(clause)
        if bracketed:
            if k[clause.last] != "close":
                return None
            clause.last += 1
        return clause

    def is_title_number(self, atom: Atom, clause: Clause) -> bool:
        """A bare number before a word is a count of something else: "5 countries"."""
        if not self.is_bare_number(atom) or atom.ordinal:
            return False
        return (
            self.k[atom.last] in ("word", "event", "mark", "lead", "in", "during", "times", "unit") and not clause.atoms
        )

    def inside(self, clause: Clause) -> None:
        """Take in a weekday or a time between two ends: "12 May (Monday) 9:00 to 14 May"."""
        k, j = self.k, clause.last
        if k[j] == "open" and k[j + 1] == "weekday" and k[j + 2] == "close":
            clause.weekdays.append(int(self.x[j + 1].value))
            clause.last = j + 3

    def prefixes(self, i: int, clause: Clause) -> int:
        x, k = self.x, self.k
        j = i
        end = i + LONGEST_PREFIX
        opened = False
        while j < end:
            kind = k[j]
            if kind in ("each", "weekdays", "ordinal", "number", "the") and (again := self.recurrence(j)):
                clause.frequency, clause.other_rule = again.rrule, again.other
                clause.last = j = again.last
                continue
            if (kind == "clock" and self.clock(j) is None) or self.hours(j):
                j = self.clocks(j, clause)
                j += k[j] == "comma"
                continue
            if kind in NEUTRAL or kind == "during" or (kind == "to" and self.lang in ("fr", "es")):
                pass
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
            elif kind == "status":
                clause.status = str(x[j].value)
                moved = self.moved(j, clause)
                if moved is not None:
                    clause.last = moved
                    return moved
            elif kind == "ongoing":
                clause.ongoing = True
            elif kind == "frequency":
                clause.frequency = str(x[j].value)
            elif kind == "part" and x[j].value in ("beginning", "end") and self.begins(j):
                clause.bound = "starting" if x[j].value == "beginning" else "until"
            elif kind == "spell" and x[j].value in ("biennium", "triennium", "quadrennium", "decade"):
                pass
            elif kind == "open" and k[j + 1] in ("qualifier", "status") and k[j + 2] == "close":
                opened = True
            elif kind == "close" and opened:
                opened = False
            elif (
                kind in ("comma", "dash") and j > i and k[j - 1] in ("qualifier", "status", "ongoing", "frequency")
            ) or (
                kind == "colon"
                and j > i
                and k[j - 1]
                in ("by", "lead", "qualifier", "status", "starting", "during", "part", "frequency", "spell")
            ):
                pass
            elif kind in ("number", "often"):
                after = self.counted_thing(j, clause)
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

    def begins(self, j: int) -> bool:
        """Whether "beginning" or "ending" is a verb here: before a day, or before "in" or "on"."""
        if self.k[j + 1] in ("in", "from") and self.x[j].text in ("beginning", "ending", "start"):
            return True
        if self.k[j + 1] == "colon":
            return True
        atom = self.atom(self.skip(j + 1, 2)) if self.k[j + 1] not in ("dash",) else None
        return atom is not None and atom.day is not None and not self.is_bare_number(atom)

    def counted_thing(self, j: int, clause: Clause) -> int | None:
        """ "two workshops [in]", "3 days in", "twice a year", "2 x", "a two-day workshop in", "in two weeks"."""
        x, k = self.x, self.k
        number = int(x[j].value)
        if x[j].digits > 3 or number < 1:
            return None
        if k[j] == "often" or (k[j + 1] == "times" and k[j + 2] in ("each", "the", "frequency", "per")):
            after = j + (1 if k[j] == "often" else 2)
            per = after + 1 if k[after] in ("each", "the", "in") else after
            if k[per] == "unit":
                clause.frequency = times_a(number, str(x[per].value))
                return per + 1
            return None
        if k[j + 1] == "times":
            clause.count = number
            return j + 2
        after = j + 1
        words = 0
        while k[after] in ("word", "event", "lead") and words < 4:
            words += 1
            if k[after] == "event" and k[after + 1] not in ("event", "word"):
                if k[after + 1] in (
                    "in",
                    "during",
                    "from",
                    "by",
                    "until",
                    "each",
                    "frequency",
                    "starting",
                    "comma",
                    "colon",
                    "before",
                    "after",
                    "between",
                    "dash",
                    "number",
                    "month",
                ):
                    clause.count = number
                    for index in range(j, after + 1):
                        self.used[index] = "counted"
                    clause.last = after + 1
                    return after + 1
                return None
            after += 1
        dash = j + 2 if k[j + 1] == "dash" else j + 1
        if k[dash] != "unit" or (x[dash].value in ("quarter", "half") and x[j].ordinal):
            return None
        unit = str(x[dash].value)
        after = dash + 1
        if k[after] == "each":
            after += 1
        if k[after] in ("ago", "from_now"):
            return None
        while k[after] in ("event", "word") and dash > j + 1 and after - dash < 4:
            self.used[after] = "counted"
            after += 1
        if k[after] in ("from", "starting", "after"):
            clause.length, clause.anchored = (number, unit), True
        elif k[after] in ("in", "of", "during", "between", "by", "before", "part") or (
            k[after] == "comma" and dash > j + 1
        ):
            clause.length = (number, unit)
        else:
            return None
        clause.last = after
        return after

    def moved(self, j: int, clause: Clause) -> int | None:
        """ "postponed from May to November 2014": the index of the new date; the old one is kept in the clause."""
        k = self.k
        if self.x[j].value != "postponed":
            return None
        if k[j + 1] in ("to", "until", "in", "by"):
            return j + 2
        if k[j + 1] in ("from", "of"):
            old = self.atom(self.skip(j + 2, 2))
            if old is not None:
                end = old.last
                if k[end] in ("dash",) and (more := self.atom(end + 1)) is not None:
                    end = more.last
                if k[end] in ("to", "until", "comma", "in") and (k[end] != "comma" or k[end + 1] == "to"):
                    clause.old = old
                    return end + (2 if k[end] == "comma" else 1)
        return None

    def joins(self, clause: Clause, between: bool) -> int:
        """Take in the other end of a range, or the further months of a window."""
        x, k = self.x, self.k
        while True:
            j = clause.last
            kind = k[j]
            left = clause.atoms[-1]
            is_range = kind in RANGE or (between and kind == "and" and len(clause.atoms) == 1)
            is_window = kind == "slash" and clause.joined != "range"
            if kind == "comma" and k[j + 1] in ("until", "to"):
                j += 1
                is_range = True
            if not is_range and not is_window:
                return clause.last
            if is_range and clause.joined:
                # "June-August 2013-2015": the same months in each year.
                if self.is_year(j + 1) and left.year is not None and int(x[j + 1].value) > left.year:
                    clause.until_year, clause.last = int(x[j + 1].value), j + 2
                return clause.last
            after = j + 1
            if is_range and (
                k[after] == "present" or (k[after] == "ongoing" and len(clause.atoms) == 1) or (k[after] == "onwards")
            ):
                clause.bound = "starting"
                clause.last = after + 1
                return clause.last
            while k[after] in ("the", "in", "dash", "to", "during") and after - j < 4:
                after += 1
            if k[after] == "qualifier" and is_range:
                clause.qualifier = clause.qualifier or str(x[after].value)
                after += 1
            right = self.atom(after)
            short_year = is_range and k[after] == "number" and x[after].digits == 2 and left.year is not None
            if short_year and (right is None or (left.precision == "year" and self.is_bare_number(right))):
                year = self.century(int(x[after].value))
                right = Atom(after, after + 1, year=year) if left.year is not None and year > left.year else None
            if right is None or (is_window and not self.same_kind(left, right, kind)):
                return clause.last
            if self.is_bare_number(right) and not self.takes_bare(left, right, kind):
                return clause.last
            if self.is_bare_number(right) and (left.week is not None or left.division is not None):
                right = self.with_year(right)
            right.slashed = right.slashed and kind != "slash"
            clause.atoms.append(right)
            clause.joined = "range" if is_range else (clause.joined or "window")
            clause.last = right.last
            self.inside(clause)

    def takes_bare(self, left: Atom, right: Atom, kind: str) -> bool:
        """Whether a bare number can be the other end: "5-9", "Q1-2", "week 20-22", not "May 2014 - 5 countries"."""
        if self.k[right.last] in ("word", "event") and not right.ordinal:
            return False
        return left.day is not None or left.week is not None or left.division is not None

    def same_kind(self, left: Atom, right: Atom, kind: str) -> bool:
        return left.precision == right.precision or self.is_bare_number(left) or bool(left.part or right.part)

    def suffixes(self, clause: Clause) -> None:
        x, k = self.x, self.k
        for _ in range(8):
            j = clause.last
            kind = k[j]
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
            elif kind == "plus" and x[j].near and not lead and k[j + 1] != "month":
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
            elif kind == "in" and x[j].text == "on" and clause.bound == "starting" and self.closes(j + 1, 0):
                clause.last = j + 1
            elif kind == "inclusive" or (kind == "during" and self.lang == "zh"):
                if not done(j + lead + 1):
                    break
            elif kind == "qualifier" and k[j + lead + 1] not in ("number", "month", "the"):
                value = str(x[j + lead].value)
                if value == "about" or not self.closes(j + lead + 1, closing):
                    break
                if value == "tentative":
                    clause.status = "tentative"
                clause.qualifier = clause.qualifier or value
                done(j + lead + 1)
            elif kind == "status" and self.closes(j + lead + 1, closing):
                clause.status = str(x[j + lead].value)
                done(j + lead + 1)
            elif kind == "ongoing" and self.closes(j + lead + 1, closing):
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
            elif (
                kind == "weekday"
                and (closing or lead or clause.atoms[-1].day is not None)
                and clause.atoms[-1].day is not None
                and k[j + lead + 1] not in ("number", "month", "three")
            ):
                clause.weekdays.append(int(x[j + lead].value))
                if not done(j + lead + 1):
                    break
            elif (start := self.clock_at(j + lead)) is not None:
                last = self.clocks(start, clause)
                if closing and k[last] != "close":
                    clause.last = last
                    break
                clause.last = last + closing
            elif (
                kind in ("in", "during", "over", "number")
                and self.length(j + lead + (kind != "number"))
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

    def clock_at(self, j: int) -> int | None:
        """Where a time of day stands, at lexeme `j` or after "at", "from", "à las"."""
        start = j
        while self.k[j] in ("in", "from", "the", "between", "to", "of") and j - start < 3:
            j += 1
        return j if self.k[j] == "clock" or self.hours(j) else None

    def hours(self, j: int) -> bool:
        """ "9-11 am" begins with a mere number."""
        return (
            self.k[j] == "number"
            and self.x[j].digits <= 2
            and self.k[j + 1] in ("dash", "to")
            and self.k[j + 2] == "clock"
        )

    def closes(self, j: int, closing: int) -> bool:
        """Whether a word said of the date ends here, and is not the first of more."""
        return (
            self.k[j] == "close"
            if closing
            else self.k[j]
            in ("", "close", "comma", "semicolon", "dot", "and", "dash", "open", "colon", "question", "mark")
        )

    def length(self, j: int) -> bool:
        """Whether a duration stands here: "2 weeks", "two-day"."""
        dash = j + 2 if self.k[j + 1] == "dash" else j + 1
        return self.k[j] == "number" and self.x[j].digits <= 3 and self.k[dash] == "unit" and not self.x[j].ordinal

    def clocks(self, j: int, clause: Clause) -> int:
        k = self.k
        clause.times.append(j)
        j += 1
        if k[j] in ("dash", "to", "until", "and", "tilde") and k[j + 1] == "clock":
            clause.times.append(j + 1)
            j += 2
        if k[j] == "zone" or (k[j] == "time" and self.x[j].value in ("zone", "clock")):
            j += 1
        elif k[j] == "open" and k[j + 1] == "time":
            after = j + 2
            while k[after] in ("plus", "dash", "number", "clock"):
                after += 1
            j = after + 1 if k[after] == "close" else j
        return j

    def dateless(self, i: int, clause: Clause) -> Clause | None:
        """A clause without a date that still says something: "ongoing", "TBC", "monthly", "cancelled"."""
        k, x = self.k, self.x
        j = i
        while k[j] in NEUTRAL or k[j] == "during":
            j += 1
        if k[j] in (
            "ongoing",
            "frequency",
            "qualifier",
            "status",
            "open",
            "often",
            "number",
            "each",
            "weekdays",
            "ordinal",
        ):
            said = (
                clause.ongoing
                or clause.frequency
                or clause.status in ("cancelled", "postponed", "completed")
                or clause.qualifier == "tentative"
            )
            if said and clause.last > j and clause.bound is None:
                while k[clause.last - 1] in ("comma", "colon", "dash", "open"):
                    clause.last -= 1
                clause.length = None
                if clause.status == "postponed" and k[clause.last] == "onwards":
                    clause.last += 1
                return clause
        if k[j] in ("number",) and k[j + 1] == "unit" and k[j + 2] in ("ago", "from_now"):
            away = self.away(j, int(x[j].value) * (-1 if k[j + 2] == "ago" else 1), str(x[j + 1].value), j + 3)
            if away:
                return self.only(clause, away)
        if (
            k[j] == "number"
            and k[j + 1] == "unit"
            and j > 0
            and k[j - 1] == "in"
            and x[j - 1].text in ("in", "dans", "en")
        ):
            away = self.away(j, int(x[j].value), str(x[j + 1].value), j + 2)
            if away and x[j].digits <= 3:
                return self.only(clause, away)
        return None

    @staticmethod
    def only(clause: Clause, atom: Atom) -> Clause:
        clause.atoms, clause.last, clause.length = [atom], atom.last, None
        return clause


def settle_recurrences(clauses: list[Clause], context: Context) -> list[Clause]:
    """Give each "monthly" or "each year" to the dates that it is said of, and each annual date its years."""
    settled: list[Clause] = []
    for clause in clauses:
        if clause.frequency and not clause.atoms and settled and any(one.atoms for one in settled):
            yearly = clause.frequency.startswith("FREQ=YEARLY")
            dated = [one for one in settled if one.atoms and not one.frequency]
            without = [one for one in dated if all(atom.lacks_year for atom in one.atoms)]
            for one in without if yearly and without else dated:
                one.frequency, one.other_rule = clause.frequency, clause.other_rule
            if dated:
                continue
        settled.append(clause)
    framed: list[Clause] = []
    for clause in settled:
        framed += _framed(clause, context)
    return framed


def _framed(clause: Clause, context: Context) -> list[Clause]:
    yearly = clause.frequency is not None and clause.frequency.startswith("FREQ=YEARLY")
    if yearly and clause.atoms and all(atom.lacks_year for atom in clause.atoms):
        frames = in_frame(clause.atoms, context)
        rule = yearly_rule(clause.atoms[0]) if len(clause.atoms) == 1 else "FREQ=YEARLY"
        changed = copy(clause)
        changed.atoms, changed.frequency = [], rule
        return [_dated(clause, atoms) for atoms in frames] or [changed]
    return [clause]


def _dated(clause: Clause, atoms: list[Atom]) -> Clause:
    dated = copy(clause)
    dated.atoms, dated.frequency, dated.years_given = atoms, None, (True, True)
    return dated
