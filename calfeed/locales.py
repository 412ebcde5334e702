"""CLDR's data of a language, by Babel: the one door to it, because each language has to be kept apart from the others.

Babel (2.18, python-babel/babel#1234) writes what it has resolved back into data that languages share: the first one
that is asked for its stand-alone months gives them to all that have none of their own, while the process lives. So each
language is given data that it shares with nobody before anything is asked of it.
"""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from threading import Lock

from babel import Locale, UnknownLocaleError, localedata

_LOCK = Lock()
_APART: set[str] = set()


@lru_cache(maxsize=512)
def locale_of(lang: str) -> Locale:
    """The locale of a BCP 47 tag ("pt-BR", "zh_Hans"); English where CLDR has none."""
    return known_locale(lang) or known_locale("en") or Locale("en")


@lru_cache(maxsize=512)
def known_locale(lang: str) -> Locale | None:
    """As `locale_of`, None where CLDR has none."""
    try:
        found = Locale.parse(lang.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return None
    _keep_apart(str(found))
    return found


def _keep_apart(name: str) -> None:
    with _LOCK:
        if name not in _APART:
            localedata._cache[name] = deepcopy(localedata.load(name))
            _APART.add(name)
