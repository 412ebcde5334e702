"""A period in words and in EDTF, remembered: a programme's events share few periods."""

from __future__ import annotations

from functools import lru_cache

from calfeed.dates import edtf as dates_edtf
from calfeed.dates import words
from calfeed.model import Period

is_exact = lru_cache(maxsize=8192)(words.is_exact)
in_words = words.words
prefix = lru_cache(maxsize=8192)(words.prefix)


@lru_cache(maxsize=8192)
def edtf(period: Period) -> str:
    """ISO 8601-2: "2013-07/2013-09"."""
    return dates_edtf.write(period)
