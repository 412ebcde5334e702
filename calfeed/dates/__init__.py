"""Text -> when: the reader of loose dates.

In: a text ("Webinars: July-September 2013, 2014") and a `Context` (the day of reading, language, headings, years of
the document). Out: an `Interpretation`: readings, the default first, reasons for review, words that were not read.
Two stages: `lexer` and `atom_grammar` make partial dates, `grammar` makes lists and ranges of them. `fill` then
supplies what is missing, and `periods` and `readings` give the days. Knows nothing of documents, events or feeds.
"""

from calfeed.dates.context import Context
from calfeed.dates.evidence import day_first_evidence
from calfeed.dates.finding import MAX_LENGTH, find, interpret
from calfeed.dates.masking import masked
from calfeed.dates.partial import Dated, Field, Lent, Masked
from calfeed.dates.periods import shown_days
from calfeed.dates.searching import search

__all__ = [
    "MAX_LENGTH",
    "Context",
    "Dated",
    "Field",
    "Lent",
    "Masked",
    "day_first_evidence",
    "find",
    "interpret",
    "masked",
    "search",
    "shown_days",
]
