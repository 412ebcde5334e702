"""Text -> when: the reader of loose dates.

In: a text ("Webinars: July-September 2013, 2014") and a `Context` (the day of reading, language, headings, years of
the document). Out: an `Interpretation`: readings, the default first, reasons for review, words that were not read.

`lexer` makes lexemes of a text by the words of a `vocabulary`. The rows of grammar.txt make partial dates of them
(`notation` says how; `days`, `numeric`, `units`, `parts`, `relative`, `times` and `recurrence` are what the rows call).
`spans` joins those to ranges, with what is `said` of them, and `lists` to expressions. `places` tells which are dates.
`borrow` supplies what is missing, `calendar` counts the days, `readings` gives the default reading, and `variants` the
others. `find` and `search` put it together. Knows nothing of documents, events or feeds.
"""

from calfeed.dates.calendar import shown_days
from calfeed.dates.context import Context, day_first_evidence
from calfeed.dates.find import MAX_LENGTH, find, interpret
from calfeed.dates.masks import masked
from calfeed.dates.partial import Dated, Field, Lent, Masked
from calfeed.dates.search import search

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
