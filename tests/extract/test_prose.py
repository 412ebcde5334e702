"""What prose says of a date: sentences by language (prose/*.toml), and how paragraphs are cut (sentences.toml)."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from calfeed.extract.prose import judge, sentences
from calfeed.model import Period, Precision

HERE = Path(__file__).parent


def said() -> list[Any]:
    found = []
    for path in sorted((HERE / "prose").glob("*.toml")):
        for name, texts in tomllib.loads(path.read_text("utf-8"))["said"].items():
            found += [pytest.param(path.stem, text, name, id=f"{path.stem}: {text[:60]}") for text in texts]
    return found


@pytest.mark.parametrize(("lang", "marked", "name"), said())
def test_what_is_said_most_strongly_of_a_date(lang: str, marked: str, name: str) -> None:
    before, _, rest = marked.partition("[[")
    words, _, after = rest.partition("]]")
    span = (len(before), len(before) + len(words))
    features = judge(before + words + after, span, lang=lang, period=None, written=None)
    assert max(features, key=lambda one: one.value, default=None) is not None, "nothing is said of it"
    assert max(features, key=lambda one: one.value).name == name, features


@pytest.mark.parametrize("case", tomllib.loads((HERE / "sentences.toml").read_text("utf-8"))["case"])
def test_the_sentences_of_a_paragraph(case: dict[str, Any]) -> None:
    spans = sentences(case["text"], case["lang"])
    assert [case["text"][start:end] for start, end in spans] == case["sentences"]


def test_the_words_of_a_feature_stand_in_the_sentence() -> None:
    sentence = "The plan was adopted in 2011 and will be reviewed by 5 May 2014."
    for feature in judge(sentence, (51, 64), lang="en", period=None, written=None):
        assert feature.words in sentence
        assert 0 < feature.value <= 1


@pytest.mark.parametrize(
    ("start", "names"),
    [
        (date(2020, 6, 1), ["future"]),
        (date(2019, 6, 1), ["past"]),
        (date(1998, 6, 1), ["past", "far"]),
        (date(2040, 6, 1), ["future", "far"]),
    ],
)
def test_the_distance_from_the_day_of_writing_counts(start: date, names: list[str]) -> None:
    period = Period(start=start, end=start, precision=Precision.DAY)
    found = judge("1 June", (0, 6), lang="en", period=period, written=date(2020, 1, 1))
    assert [one.name for one in found] == names
