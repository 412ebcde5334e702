"""What Python's own date readers find in the corpus: reads the cases as JSON from stdin, prints answers as JSON.

An answer is a list of ways to take it, each a list of [first day, last day]. Everything that a reader says is taken
in its favour: see docs/figures-dates.md.
"""

from __future__ import annotations

import json
import sys
import time
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime

REFERENCE = datetime(2013, 3, 1)

Ways = list[list[tuple[str, str]]]


def dateparser_ways(phrase: str, lang: str) -> Ways:
    from dateparser.search import search_dates

    def found(which: str) -> list[date]:
        settings = {"RELATIVE_BASE": REFERENCE, "PREFER_DAY_OF_MONTH": which, "PREFER_MONTH_OF_YEAR": which}
        return [when.date() for _, when in search_dates(phrase, languages=[lang], settings=settings) or []]

    return _joined([(a.isoformat(), b.isoformat()) for a, b in zip(found("first"), found("last"), strict=False)])


def dateparser_once(phrase: str, lang: str) -> object:
    from dateparser.search import search_dates

    return search_dates(phrase, languages=[lang], settings={"RELATIVE_BASE": REFERENCE})


def parsedatetime_ways(phrase: str, lang: str) -> Ways:
    found = []
    for when, kind, _, _, words in parsedatetime_once(phrase, lang) or ():
        if kind in (1, 3):
            found.append(_unit(when.date(), words))
    return _joined(found)


def parsedatetime_once(phrase: str, lang: str) -> tuple[tuple[datetime, int, int, int, str], ...]:
    return _calendar().nlp(phrase, REFERENCE) or ()


def _calendar(made: list[object] = []) -> object:  # noqa: B006
    import parsedatetime

    if not made:
        made.append(parsedatetime.Calendar())
    return made[0]


def edtf_ways(phrase: str, lang: str) -> Ways:
    from edtf import parse_edtf, struct_time_to_date

    text = edtf_once(phrase, lang)
    if not text:
        return []
    parsed = parse_edtf(str(text))
    return [[tuple(struct_time_to_date(side).isoformat() for side in (parsed.lower_strict(), parsed.upper_strict()))]]


def edtf_once(phrase: str, lang: str) -> object:
    from edtf import text_to_edtf

    return text_to_edtf(phrase)


def _unit(day: date, words: str) -> tuple[str, str]:
    """The day, or its whole month or year where the words that were read hold no more than that."""
    digits = [part for part in words.replace(",", " ").split() if part.isdigit() and len(part) < 3]
    if digits or any(mark in words for mark in "/."):
        return day.isoformat(), day.isoformat()
    if words.strip().isdigit():
        return f"{day.year}-01-01", f"{day.year}-12-31"
    return day.replace(day=1).isoformat(), day.replace(day=monthrange(day.year, day.month)[1]).isoformat()


def _joined(found: list[tuple[str, str]]) -> Ways:
    """As they are, or taken together as one span from the first to the last."""
    return [found, [(min(a for a, _ in found), max(b for _, b in found))]] if found else [[]]


PEERS: dict[str, tuple[tuple[str, ...], Callable[[str, str], Ways], Callable[[str, str], object]]] = {
    "dateparser": (("en", "fr", "es", "de", "ar", "ru", "zh"), dateparser_ways, dateparser_once),
    "parsedatetime": (("en",), parsedatetime_ways, parsedatetime_once),
    "edtf": (("en",), edtf_ways, edtf_once),
}


def main() -> None:
    cases = [tuple(case) for case in json.load(sys.stdin)]
    answers = {}
    for name, (languages, ways, once) in PEERS.items():
        mine = [(lang, phrase) for lang, phrase in cases if lang in languages]
        told: dict[str, Ways] = {}
        for lang, phrase in mine:
            try:
                told[f"{lang}|{phrase}"] = ways(phrase, lang)
            except Exception:
                told[f"{lang}|{phrase}"] = []
        english = [phrase for lang, phrase in mine if lang == "en"]
        begin, done = time.process_time(), 0
        while time.process_time() - begin < 3:
            for phrase in english:
                try:
                    once(phrase, "en")
                except Exception:
                    continue
            done += len(english)
        answers[name] = {"answers": told, "rate": done / (time.process_time() - begin), "languages": languages}
    json.dump(answers, sys.stdout)


main()
