"""Evidence: what speaks for or against a record being an event, by name, with the words that say it."""

from __future__ import annotations

from calfeed.model import Value


class Feature(Value, frozen=True):
    """One piece of evidence. `name` is a row of weights.toml, `value` how strongly it is seen (mostly 0 to 1), `words`
    what a reader would point at: "will be held", "one of 14 items that begin with a date"."""

    name: str
    value: float = 1.0
    words: str = ""
