"""calfeed's date reader beside its peers, on bench/dates/corpus: accuracy and rate, in one run.

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

from corpus import LANGUAGES, REFERENCE, Case, corpus

from calfeed.dates import Context, interpret

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = ROOT / "bench" / ".peers"
PAGE = ROOT / "docs" / "figures-dates.md"

Ways = list[list[tuple[str | None, str | None]]]


def ours(cases: list[Case]) -> dict[str, Any]:
    """calfeed's answers and rate, in the peers' form; the default reading is its only answer."""
    answers: dict[str, Ways] = {}
    reviews = 0
    for case in cases:
        told = interpret(case.phrase, Context(reference=REFERENCE, lang=case.lang))
        periods = told.readings[0].periods if told.readings else ()
        answers[f"{case.lang}|{case.phrase}"] = [[(_iso(p.start), _iso(p.end)) for p in periods if p.start or p.end]]
        reviews += told.review == case.review
    english = [(case.phrase, Context(reference=REFERENCE, lang="en")) for case in cases if case.lang == "en"]
    begin, done = time.perf_counter(), 0
    while time.perf_counter() - begin < 3:
        for phrase, context in english:
            interpret(phrase, context)
        done += len(english)
    rate = done / (time.perf_counter() - begin)
    return {"answers": answers, "rate": rate, "languages": LANGUAGES, "reviews": reviews}


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
    cases = corpus()
    asked = json.dumps([(case.lang, case.phrase) for case in cases])
    results = {"calfeed": ours(cases)}
    commands = (
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
    PAGE.write_text(page(cases, results), "utf-8")
    print(PAGE.read_text("utf-8"))


def page(cases: list[Case], results: dict[str, Any]) -> str:
    """The figures as a page of the documentation."""
    counts = {lang: sum(case.lang == lang for case in cases) for lang in LANGUAGES}
    rows = []
    for name, result in results.items():
        cells = []
        for lang in LANGUAGES:
            if lang not in result["languages"]:
                cells.append("-")
                continue
            hits = sum(
                right(case, result["answers"].get(f"{lang}|{case.phrase}", [])) for case in cases if case.lang == lang
            )
            cells.append(f"{hits}")
        ratio = results["calfeed"]["rate"] / result["rate"]
        rows.append(f"| {name} | {' | '.join(cells)} | {result['rate']:,.0f} | {ratio:.1f} |")
    head = " | ".join(f"{lang} ({counts[lang]})" for lang in LANGUAGES)
    return f"""# Reading dates: figures

Written by `bench/dates/run` on {date.today()}, on {os.cpu_count()} cores. Phrases read with all periods right, by
language (of how many); English phrases a second, one process; and how many times calfeed's rate is the peer's.

| reader | {head} | phrases/s | calfeed is faster by |
| --- | {" | ".join("---" for _ in LANGUAGES)} | --- | --- |
{chr(10).join(rows)}

The corpus is `bench/dates/corpus`, {len(cases)} phrases written from the conventions of [reading.md](reading.md) and
from documents, not from the grammar. calfeed's review mark was as the corpus has it in {results["calfeed"]["reviews"]}
of them. Peers are read generously: a day, month or year counts as that unit wherever the peer tells the unit, or would
with other settings; several dates may be taken as one span; a side that the phrase leaves open may be anything, where
calfeed must have it open. A dash: the peer does not know the language.
"""


main()
