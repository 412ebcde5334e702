"""Each language has its own months, whichever was asked for before it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from calfeed.locales import known_locale, locale_of

MARCH = {
    "en": "March",
    "fr": "mars",
    "es": "marzo",
    "de": "März",
    "ru": "март",
    "ar": "مارس",
    "zh": "三月",
    "pt": "março",
}
ASK = """
import sys
from babel.dates import get_month_names
from calfeed.locales import locale_of
print([get_month_names("wide", "stand-alone", locale_of(lang))[3] for lang in sys.argv[1:]])
"""


@pytest.mark.parametrize("first", ["zh", "ru", "ar", "he", "de"])
def test_no_language_gets_the_months_of_another(first: str) -> None:
    asked = [first, *MARCH]
    told = subprocess.run([sys.executable, "-c", ASK, *asked], capture_output=True, text=True, check=True).stdout
    assert told.strip().endswith(str(list(MARCH.values()))[1:])


@pytest.mark.parametrize(("tag", "language"), [("pt-BR", "pt"), ("zh_Hans", "zh"), ("xx", "en"), ("nonsense", "en")])
def test_a_tag_has_a_locale_english_where_there_is_none(tag: str, language: str) -> None:
    assert locale_of(tag).language == language
    assert (known_locale(tag) is None) == (language == "en")
