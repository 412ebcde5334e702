"""What a text says about when: its expressions read, with status, anchor, count and what was left over."""

from __future__ import annotations

from calfeed.dates.clause import Clause
from calfeed.dates.context import Context
from calfeed.dates.evidence import day_first_evidence
from calfeed.dates.expressions import DOUBLE, Found, chosen_expressions, expressions, is_doubtful, lone_status, refused
from calfeed.dates.fill import heading_month
from calfeed.dates.lexemes import Lexemes
from calfeed.dates.readings import Read, read
from calfeed.dates.tongue import choose, detect, lexemes_of
from calfeed.errors import DateTextError
from calfeed.model import Interpretation, Status, Token

MAX_LENGTH = 4_000
# So many lexemes at most has a mere day: "23.".
_FEW = 2

_STATUSES = {
    "cancelled": Status.CANCELLED,
    "postponed": Status.POSTPONED,
    "completed": Status.COMPLETED,
    "tentative": Status.TENTATIVE,
}


def interpret(text: str, context: Context) -> Interpretation:
    """Read a text that is a date expression, or an entry with one. Every word that was not used is in `unread`.

    Raises DateTextError for a text over MAX_LENGTH characters.
    """
    return _interpret(text, context, whole=True)


def find(text: str, context: Context) -> Interpretation:
    """Find the dates in an entry such as "Workshop in Manama, 2013"; `spans` are the offsets of their words.

    Words outside the spans are the title. `unread` holds what beside the dates looks like a part of one. Raises
    DateTextError for a text over MAX_LENGTH characters.
    """
    return _interpret(text, context, whole=False)


def _interpret(text: str, context: Context, *, whole: bool) -> Interpretation:
    if len(text) > MAX_LENGTH:
        raise DateTextError(
            f"the text has {len(text):,} characters; a date is looked for in {MAX_LENGTH:,} at most.",
            mend="Give the entry alone.",
        )
    result = _in_language(text, context, context.lang, whole)
    # Of a text that was read to its last word no other language reads more.
    doubted = not result.readings or (result.unread if whole else result.review)
    if context.lang is not None and doubted and (detected := detect(text)) != choose(text, context.lang):
        other = _in_language(text, context, detected, whole)
        if _length(other) > _length(result):
            return other
    return result


def _length(told: Interpretation) -> int:
    """How many characters the date words of a text have; 0 where they give no date."""
    return sum(end - start for start, end in told.spans) if told.readings else 0


def _in_language(text: str, context: Context, lang: str | None, whole: bool) -> Interpretation:
    lexemes, chosen = lexemes_of(text, lang)
    day_first = day_first_of(context, lang, chosen)
    if context.day_first is None and text.count("/") >= 4:
        proven = day_first_evidence(text)
        day_first = day_first if proven is None else proven
    t = Lexemes(lexemes, chosen, context.reference, day_first, text, context.span)
    t.under_month = whole and len(lexemes) <= _FEW and heading_month(context) is not None
    found = chosen_expressions(expressions(t, whole), t)
    return _told(text, chosen, t, found, context, whole)


def day_first_of(context: Context, lang: str | None, chosen: str) -> bool | None:
    """Whether 05/12/2014 is 5 December: the document's evidence, else its language or region, else the settings."""
    if context.day_first is not None:
        return context.day_first
    if context.settings.day_first is not None:
        return context.settings.day_first
    if chosen in ("fr", "es", "de", "ru", "ar"):
        return True
    tag = (lang or "").replace("_", "-").lower()
    if tag in ("en-us", "en-ph"):
        return False
    return True if tag in ("en-gb", "en-ie", "en-au", "en-nz", "en-in", "en-za") else None


def _told(text: str, lang: str, t: Lexemes, found: list[Found], context: Context, whole: bool) -> Interpretation:
    x = t.x
    clauses = [clause for one in found for clause in _joined(one, found)]
    if len(clauses) > 1 or "former" in t.k or "status" in t.k:
        _retire(clauses, t)
    result = read(clauses, x, context) if clauses else Read((), ())
    reasons = list(result.reasons)
    if _is_ancient(t):
        result, reasons = Read((), ()), ["Years before the common era are not read."]
    doubtful = [one for one in found if one.clauses and is_doubtful(t, one)]
    reasons += [f"“{x[one.first].text}” could be a year or a part of the title." for one in doubtful]
    status, ongoing, count = None, False, None
    for clause in clauses:
        status = _STATUSES.get(clause.status or "", status)
        if clause.qualifier == "tentative" and status is None:
            status = Status.TENTATIVE
        ongoing = ongoing or clause.ongoing
        count = clause.count if count is None else count
    anchors = [text[x[one.anchor[0]].start : x[one.anchor[1] - 1].end] for one in found if one.anchor]
    used = set(t.used)
    for one in found:
        used.update(range(one.first, one.last))
        if one.anchor:
            t.used.update(dict.fromkeys(range(one.first, one.last), "anchor"))
    if status is None and (lone := lone_status(t, used)):
        used.add(lone[0])
        status = _STATUSES[lone[1]]
    spans = tuple(_span(t, one) for one in found if one.last > one.first and (whole or one.clauses))
    suspicious = _suspicious(t, used) if len(used) < len(x) else []
    unread = _unread(text, t, used, suspicious, whole)
    if suspicious and (found or whole):
        reasons += [
            f"“{text[x[i].start : x[i].end]}” looks like a part of a date and was not used." for i in suspicious[:3]
        ]
    if not result.readings and any(clause.former for clause in clauses):
        reasons.append("The date that the text names no longer holds, and it names no other.")
    if not result.readings and any(one.unresolved or _is_symbolic(t, one) for one in found):
        reasons.append("The date depends on another event or on a calendar that is not at hand.")
    return Interpretation(
        text=text,
        lang=lang,
        readings=result.readings,
        review=bool(reasons),
        reasons=tuple(dict.fromkeys(reasons)),
        unread=unread,
        status=status,
        ongoing=ongoing,
        anchor=anchors[0] if anchors else None,
        count=count,
        spans=spans,
        tokens=_tokens(text, t, used),
    )


def _joined(one: Found, found: list[Found]) -> list[Clause]:
    """An expression's clauses; a second expression of the same text continues the list."""
    if one.clauses and found and one is not found[0] and one.clauses[0].separator == "":
        first = one.clauses[0]
        first.separator = "semicolon"
    return list(one.clauses)


def _retire(clauses: list[Clause], t: Lexemes) -> None:
    """Mark the dates that no longer hold: those before one that takes their place, and tell so of their words."""
    for at, clause in enumerate(clauses):
        if clause.renews and clause.atoms:
            for earlier in clauses[:at]:
                earlier.former = bool(earlier.atoms)
    for clause in clauses:
        if clause.former and clause.atoms:
            t.used.update(dict.fromkeys(range(clause.first, clause.last), "former"))


def _span(t: Lexemes, one: Found) -> tuple[int, int]:
    """The offsets of an expression's words; the events that it counts belong to the title."""
    first = one.first
    while first < one.last - 1 and t.used.get(first) == "counted":
        first += 1
    return t.x[first].start, t.x[one.last - 1].end


def _is_ancient(t: Lexemes) -> bool:
    """Whether a number with BC or BCE stands in the text."""
    return "spell" in t.k and any(
        lexeme.kind == "spell" and lexeme.value == "bce" and i and t.k[i - 1] == "number"
        for i, lexeme in enumerate(t.x)
    )


def _is_symbolic(t: Lexemes, found: Found) -> bool:
    return found.anchor is not None and t.x[found.first].value == "symbolic"


def _suspicious(t: Lexemes, used: set[int]) -> list[int]:
    """Lexemes beside the dates that look like a part of one: months, seasons, numeric dates, years."""
    found = []
    for i, kind in enumerate(t.k[: len(t.x)]):
        if i in used:
            continue
        beside = i - 1 in used or i + 1 in used or i - 2 in used
        if kind == "part" and t.k[t.skip(i + 1, 1)] in ("word", "event"):
            # "Opening of the exhibition"
            continue
        if kind in _UNITS and (i - 1 in used or i + 1 in used):
            found.append(i)
            continue
        if kind in ("three", "monthyear", "isoweek", "stamp") or (
            kind == "month" and (beside or not used) and t.x[i].text not in DOUBLE
        ):
            if not refused(t, i):
                found.append(i)
        elif (
            kind == "number"
            and beside
            and not refused(t, i)
            and (t.is_year(i) or t.x[i].digits in (1, 2))
            and t.k[i + 1] not in ("word", "event", "in")
        ):
            found.append(i)
    return found


_UNITS = frozenset(("ordinal", "week_of", "weekend", "weekday", "part"))


def _unread(text: str, t: Lexemes, used: set[int], suspicious: list[int], whole: bool) -> tuple[str, ...]:
    if len(used) >= len(t.x):
        return ()
    left = range(len(t.x)) if whole else suspicious if used else ()
    return tuple(text[t.x[i].start : t.x[i].end] for i in left if i not in used and t.k[i] not in _MARKS)


_MARKS = frozenset(
    ("comma", "colon", "semicolon", "dash", "dot", "open", "close", "mark", "apostrophe", "slash", "question", "tilde")
)


def _tokens(text: str, t: Lexemes, used: set[int]) -> tuple[Token, ...]:
    return tuple(
        [
            Token(
                text=text[one.start : one.end],
                start=one.start,
                end=one.end,
                role=t.used.get(i, one.kind) if i in used else "title",
            )
            for i, one in enumerate(t.x)
        ]
    )
