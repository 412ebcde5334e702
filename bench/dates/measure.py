"""calfeed's date reader beside its peers, on bench/dates/corpus and bench/dates/unseen: accuracy and rate, in one run.

Writes docs/figures-dates.md, and prints what calfeed misses.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from datetime import date
from pathlib import Path
from typing import Any

from corpus import LANGUAGES, REFERENCE, Case, corpus, first_run

from calfeed.dates import Context, interpret

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = ROOT / "bench" / ".peers"
PAGE = ROOT / "docs" / "figures-dates.md"

Ways = list[list[tuple[str | None, str | None]]]


def ours(cases: list[Case]) -> dict[str, Any]:
    """calfeed's answers and rate, in the peers' form; the default reading is its only answer."""
    answers: dict[str, Ways] = {}
    reviewed: dict[str, bool] = {}
    for case in cases:
        told = interpret(case.phrase, Context(reference=REFERENCE, lang=case.lang))
        periods = told.readings[0].periods if told.readings else ()
        answers[f"{case.lang}|{case.phrase}"] = [[(_iso(p.start), _iso(p.end)) for p in periods if p.start or p.end]]
        reviewed[f"{case.lang}|{case.phrase}"] = told.review
    english = [(case.phrase, Context(reference=REFERENCE, lang="en")) for case in cases if case.lang == "en"]
    begin, done = time.process_time(), 0
    while time.process_time() - begin < 3:
        for phrase, context in english:
            interpret(phrase, context)
        done += len(english)
    rate = done / (time.process_time() - begin)
    return {"answers": answers, "rate": rate, "languages": LANGUAGES, "reviewed": reviewed}


def right(case: Case, ways: Ways) -> bool:
    """Whether one way to take an answer has all periods. calfeed must have the open sides open, a peer need not."""
    return any(
        len(way) == len(case.days)
        and all(
            _same(side, told)
            for days, span in zip(case.days, way, strict=True)
            for side, told in zip(days, span, strict=True)
        )
        for way in ways or [[]]
    )


def _same(expected: date | None, told: str | None) -> bool:
    return expected is None or told == expected.isoformat()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def main() -> None:
    known, unseen = corpus(), corpus("unseen")
    cases = known + unseen
    asked = json.dumps([(case.lang, case.phrase) for case in cases])
    results = {"calfeed": ours(cases)}
    commands: tuple[list[Path | str], ...] = (
        [PEERS / "venv/bin/python", ROOT / "bench/dates/peers.py"],
        ["node", ROOT / "bench/dates/peers.cjs", PEERS / "dates"],
    )
    for command in commands:
        done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
        results |= json.loads(done.stdout)
    strict = {f"{case.lang}|{case.phrase}" for case in cases if None in [side for days in case.days for side in days]}
    for case in cases:
        key = f"{case.lang}|{case.phrase}"
        told = results["calfeed"]["answers"][key][0]
        expected = [(_iso(a), _iso(b)) for a, b in case.days]
        if (key in strict and told != expected) or not right(case, [told]):
            print(f"missed: {case.lang} | {case.phrase} | {expected} | {told}")
            results["calfeed"]["answers"][key] = []
    PAGE.write_text(page(known, unseen, results), "utf-8")
    print(PAGE.read_text("utf-8"))


def table(cases: list[Case], results: dict[str, Any], first: dict[str, tuple[int, int]] | None = None) -> str:
    """A row for each reader, a column for each language: phrases with all periods right."""
    counts = {lang: sum(case.lang == lang for case in cases) for lang in LANGUAGES}
    rows = [f"| reader | {' | '.join(f'{lang} ({counts[lang]})' for lang in LANGUAGES)} | all |"]
    rows.append(f"| --- {'| --- ' * len(LANGUAGES)}| --- |")
    if first:
        told = [first[lang][0] for lang in LANGUAGES]
        rows.append(f"| calfeed, first run | {' | '.join(map(str, told))} | {sum(told)} |")
    for name, result in results.items():
        hits = {
            lang: sum(
                right(case, result["answers"].get(f"{lang}|{case.phrase}", [])) for case in cases if case.lang == lang
            )
            for lang in result["languages"]
        }
        cells = " | ".join(str(hits.get(lang, "-")) for lang in LANGUAGES)
        rows.append(f"| {name} | {cells} | {sum(hits.values())} |")
    return "\n".join(rows)


def rates(results: dict[str, Any]) -> str:
    """English phrases a second, and how many times that is dateparser's."""
    rows = ["| reader | phrases/s of CPU | times dateparser |", "| --- | --- | --- |"]
    for name, result in results.items():
        rows.append(f"| {name} | {result['rate']:,.0f} | {result['rate'] / results['dateparser']['rate']:.1f} |")
    return "\n".join(rows)


def page(known: list[Case], unseen: list[Case], results: dict[str, Any]) -> str:
    """The figures as a page of the documentation."""
    reviewed = results["calfeed"]["reviewed"]
    judged = [case for case in known + unseen if case.review is not None]
    reviews = sum(reviewed[f"{case.lang}|{case.phrase}"] == case.review for case in judged)
    return f"""# Reading dates: figures

Written by `bench/dates/run` on {date.today()}, on {os.cpu_count()} cores: each reader beside the others, in one run.

## Phrases that the grammar was written beside

`bench/dates/corpus`: {len(known)} phrases; how many have all periods right, by language (of how many).

{table(known, results)}

## Phrases that it had not seen

`bench/dates/unseen`: {len(unseen)} phrases, written without sight of the grammar. The first run is the figure to go
by: gaps that it showed have been mended since.

{table(unseen, results, first_run())}

calfeed's review mark is as expected in {reviews} of the {len(judged)} phrases where it is clear which is right.

## Rate

English phrases per second of processor time, one process each: other work on the machine does not count.

{rates(results)}

## How peers are read

Generously: a day, month or year counts as that unit wherever the peer tells the unit, or would with other settings;
several dates may be taken as one span; a side that the phrase leaves open may be anything, where calfeed must have it
open. A dash: the peer does not know the language. dateparser is asked by `search_dates`.
"""


main()
