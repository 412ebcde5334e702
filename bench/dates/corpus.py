"""The corpus: phrases with the days that a careful reader understands.

`corpus/` grew beside the grammar; `unseen/` was written without sight of it, and first-run.toml keeps its first run.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "fr", "es", "de", "ar", "ru", "zh")
REFERENCE = date(2013, 3, 1)

Days = tuple[date | None, date | None]


class Case(NamedTuple):
    """`days`: first and last day of each period of the default reading, None an open side; empty where no date.

    `review` is None where either mark is sensible.
    """

    lang: str
    phrase: str
    days: tuple[Days, ...]
    review: bool | None


def corpus(folder: str = "corpus") -> list[Case]:
    """All cases of all languages of one set, in the order of the files."""
    return [case for lang in LANGUAGES for case in _file(folder, lang)]


def first_run() -> dict[str, tuple[int, int]]:
    """Of the unseen set, by language: phrases read right when the reader first met them, and all."""
    text = (Path(__file__).parent / "unseen" / "first-run.toml").read_text("utf-8")
    return {lang: (hits, count) for lang, (hits, count) in tomllib.loads(text).items()}


def _file(folder: str, lang: str) -> list[Case]:
    lines = (Path(__file__).parent / folder / f"{lang}.txt").read_text("utf-8").splitlines()
    cases = []
    for line in lines:
        if line and not line.startswith("#"):
            phrase, days, *rest = (part.strip() for part in line.split(" | "))
            periods = () if days == "none" else tuple(_days(one.strip()) for one in days.split(";"))
            cases.append(Case(lang, phrase, periods, None if rest == ["?"] else rest == ["review"]))
    return cases


def _days(text: str) -> Days:
    first, joint, last = text.partition("..")
    start = date.fromisoformat(first) if first else None
    return start, (date.fromisoformat(last) if last else None) if joint else start
