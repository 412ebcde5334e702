"""Text -> when: the reader of loose dates.

In: a text ("Webinars: July-September 2013, 2014") and a `Context` (the day of reading, language, headings, years of
the document). Out: an `Interpretation`: readings, the default first, reasons for review, words that were not read.

`lexer` makes lexemes of a text by the words of a `vocabulary`; the tables of `grammar` make partial dates of them, and
`spans` joins those to ranges and lists. `places` says which of them are dates. `borrow` supplies what is missing,
`calendar` counts the days, `readings` gives the default reading and others. Knows nothing of documents, events or
feeds.
"""

from calfeed.dates.calendar import shown_days
from calfeed.dates.context import Context, day_first_evidence
from calfeed.dates.find import MAX_LENGTH, find, interpret, search
from calfeed.dates.masks import masked
from calfeed.dates.partial import Dated, Field, Lent, Masked

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
