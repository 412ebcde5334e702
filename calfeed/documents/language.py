"""Which language a text is in: by its script, else by its commonest words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from functools import cache
from importlib import resources

# Scripts that name their language well enough for a calendar.
_SCRIPTS = (
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
)
_JAPANESE = re.compile("[\u3040-\u30ff]")
_WORD = re.compile(r"[^\W\d_]+")
# A script counts where at least this share of the letters is written in it.
_SHARE = 0.3
_SAMPLE = 20_000
# Fewer hits than this are no evidence.
_HITS = 3


@cache
def _words() -> dict[str, frozenset[str]]:
    table = tomllib.loads(resources.files("calfeed.documents").joinpath("languages.toml").read_text("utf-8"))
    return {lang: frozenset(words.split()) for lang, words in table.items()}


def guess(text: str) -> str | None:
    """The BCP 47 tag of the language that `text` is most likely in, None where its words do not say."""
    sample = text[:_SAMPLE]
    letters = sum(letter.isalpha() for letter in sample) or 1
    if len(_JAPANESE.findall(sample)) > _SHARE * letters / 2:
        return "ja"
    for lang, script in _SCRIPTS:
        if len(script.findall(sample)) > _SHARE * letters:
            return lang
    words = [word.casefold() for word in _WORD.findall(sample)]
    # A word that several languages have says less of each.
    shared = Counter(word for known in _words().values() for word in known)
    counts = {lang: sum(1 / shared[word] for word in words if word in known) for lang, known in _words().items()}
    first, second = sorted(counts, key=lambda lang: -counts[lang])[:2]
    hits = sum(word in _words()[first] for word in words)
    if hits < _HITS or counts[first] == counts[second]:
        return None
    return first
