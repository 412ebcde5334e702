"""A fuzz target for the date reader: no text may raise anything, nor give a period that is none.

    pip install atheris
    python tests/fuzz/fuzz_dates.py tests/fuzz/corpus -max_len=400

Without atheris it reads each file of the folders that it is given once.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from calfeed.dates import Context, find, interpret, shown_days
from calfeed.dates.edtf import write
from calfeed.dates.vocabulary import LANGUAGES
from calfeed.errors import DateTextError


def read_bytes(sample: bytes) -> None:
    """One sample: the first byte chooses the language, the rest is the text."""
    if not sample:
        return
    languages = (None, *LANGUAGES)
    context = Context(reference=date(2013, 3, 13), lang=languages[sample[0] % len(languages)], span=(2013, 2015))
    text = sample[1:].decode("utf-8", "replace")
    for read in (interpret, find):
        try:
            told = read(text, context)
        except DateTextError:
            return
        for reading in told.readings:
            for period in reading.periods:
                if period.start or period.end:
                    first, last = shown_days(period)
                    assert first <= last
                    write(period)


def main() -> None:
    try:
        import atheris
    except ModuleNotFoundError:
        for folder in sys.argv[1:]:
            for path in sorted(Path(folder).iterdir()):
                read_bytes(path.read_bytes())
        return
    atheris.instrument_all()
    atheris.Setup(sys.argv, read_bytes)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
