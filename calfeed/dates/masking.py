"""What looks like a date and is none: telephone numbers, prices, ISSN, versions, decision numbers, addresses.

They are found once, by kind, before dates are looked for.
"""

from __future__ import annotations

import re

from calfeed.dates.partial import Masked

_CURRENCY = r"(?:US\$|[$€£¥₽]|\b(?:USD|EUR|CHF|GBP|JPY|CNY|RUB|US dollars|euros?|francs|Fr\.|руб\.?|元|دولار))"
_MONTHLY = r"(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b)"

# Each alternative begins with a character that it cannot share with what it repeats: reading is linear.
_MASKS = re.compile(
    rf"""
    (?P<address> \bhttps?://[^\s<>"')\]]+ | \bwww\.[^\s<>"')\]]+ | \b[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}} )
  | (?P<issn> \b(?:e-?|p-?)?(?:ISSN|ISBN|DOI)(?:-1[03])?[:\s]{{0,3}}[\dX][\dX./-]{{6,30}} )
  | (?P<telephone> (?:\b(?:tel|phone|fax|mobile|tél|teléfono|telefon|telefono|тел|电话|هاتف)\b\.?:?\s{{0,2}})
                   [+(]?\d[\d\s()./-]{{5,24}}\d
                 | (?<![\w+]) \+\d{{1,3}}[\s.(/-]{{0,2}}\d[\d\s()./-]{{5,20}}\d (?!\w) )
  | (?P<price> {_CURRENCY}\s?\d[\d.,'’ ]{{0,14}} | (?<![\d./-])\d[\d.,'’]{{0,14}}\s?(?:million\s|Mio\.?\s)?{_CURRENCY} )
  | (?P<version> \b(?:v|ver\.|version|release)\s?\d{{1,4}}(?:\.\d{{1,4}}){{1,3}}\b )
  | (?P<number> \b(?:decision|resolution|décision|résolution|decisión|resolución|beschluss|vol\.?|volume|issue|no\.|nr\.|n[°º]|№)
                \s{{0,2}}{_MONTHLY}[A-Z\d]{{1,8}}(?:[-./:]\d{{1,4}}){{0,3}}(?:/\d{{2,4}})?(?![\w/]) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HINT = re.compile(r"\d|@|www\.|https?:")


def masked(text: str, lang: str | None = None) -> tuple[Masked, ...]:
    """The characters of a text that no date is looked for in, in order, not overlapping."""
    if not _HINT.search(text):
        return ()
    return tuple(
        Masked(start=one.start(), end=one.end(), kind=one.lastgroup or "number") for one in _MASKS.finditer(text)
    )
