"""What looks like a date and is none: telephone numbers, prices, ISSN, versions, decision numbers, addresses.

They are found once, by kind, before dates are looked for.
"""

from __future__ import annotations

import re

from calfeed.dates.partial import Masked

_CURRENCY = r"(?:US\$|[$€£¥₽]|\b(?:USD|EUR|CHF|GBP|JPY|CNY|RUB|US dollars|euros?|francs|Fr\.|руб\.?|دولار)|元)"
_PHONE = r"tel|phone|telephone|fax|mobile|tél|téléphone|teléfono|telefon|telefono|тел|факс|电话|传真|هاتف"
_DECISION = r"decision|resolution|décision|résolution|decisión|resolución|beschluss|решение|резолюция"
_VOLUME = r"\b(?:vol(?:ume)?|issue|no|nr)\b\.?|№|\bn[°º]"

# Each alternative begins with a character that it cannot share with what it repeats: reading is linear.
_MASKS = re.compile(
    rf"""
    (?P<address> \bhttps?://[^\s<>"')\]]+
               | \bwww\.[^\s<>"')\]]+
               | \b[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}} )
  | (?P<issn> \b(?:[ep]-?)?(?:ISSN|ISBN|DOI)(?:-1[03])?[:\s]{{0,3}}[\dX][\dX./-]{{6,30}} )
  | (?P<telephone> \b(?:{_PHONE})\b\.?:?\s{{0,2}}[+(]?\d[\d\s()./-]{{5,24}}\d
                 | (?<![\w+])\+\d{{1,3}}[\s.(/-]{{0,2}}\d[\d\s()./-]{{5,20}}\d(?!\w) )
  | (?P<price> {_CURRENCY}\s?\d(?:[\d.,'’ ]{{0,13}}\d)?
             | (?<![\d./-])\d(?:[\d.,'’]{{0,13}}\d)?\s?(?:million\s|Mio\.?\s)?{_CURRENCY}(?!\s?\d) )
  | (?P<version> \b(?:v|ver\.|version|release)\s?\d{{1,4}}(?:\.\d{{1,4}}){{1,3}}\b )
  | (?P<number> \b(?:{_DECISION})\s{{1,2}}(?:[A-Z]{{1,8}}[-.]?\d*|\d{{1,4}})(?:[-./:][A-Z\d]{{1,4}}){{0,3}}(?![\w/])
              | (?:{_VOLUME})\s{{0,2}}\d{{1,5}}(?:[-./]\d{{1,4}}){{0,2}}(?![\w/.]\d) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_HINT = re.compile(
    rf"[@+$€£¥₽№°º元]|www\.|http|issn|isbn|doi|\b(?:{_PHONE}|{_DECISION}|vol|issue|no|nr|v|ver|version|release|usd|eur|chf|gbp|jpy"
    r"|cny|rub|us dollars|euro|francs|fr|руб|دولار)(?![^\W\d_])"
)


def masked(text: str, lang: str | None = None) -> tuple[Masked, ...]:
    """The characters of a text that no date is looked for in, in order, not overlapping."""
    if not _HINT.search(text.lower()):
        return ()
    return tuple(
        Masked(start=one.start(), end=one.end(), kind=one.lastgroup or "number") for one in _MASKS.finditer(text)
    )


def hidden(text: str) -> str:
    """The text with a letter for each character that is masked: offsets stay."""
    found = masked(text)
    if not found:
        return text
    letters = list(text)
    for one in found:
        letters[one.start : one.end] = "x" * (one.end - one.start)
    return "".join(letters)
