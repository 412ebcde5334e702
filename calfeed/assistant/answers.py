"""What a model answers -> proposals, each checked; what is none is counted and left out.

An answer is untrusted text: JSON, perhaps in a fence or an object around it, of any size and form.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

MAX_ANSWER = 2 * 2**20
MAX_PROPOSALS = 3000
_FENCE = re.compile(r"^\s*```[a-z]*\s*\n(.*?)\n?\s*```\s*$", re.DOTALL)

Line = Annotated[str, Meta(max_length=2000)]


class Proposed(Struct, frozen=True, kw_only=True):
    """An event as a model gives it. `quote` is what it says the document says, `date_words` the words that say when,
    `start` and `end` its own first and last day (None: open), `node` the id of the node that it read."""

    title: Line
    quote: Annotated[str, Meta(max_length=4000)]
    date_words: Line | None = None
    start: date | None = None
    end: date | None = None
    place: Line | None = None
    kind: Line | None = None
    node: Line | None = None

    @property
    def days(self) -> str:
        """As in "2027-05-03..2027-05-05", a side empty where it is open; "" without any."""
        return f"{self.start or ''}..{self.end or ''}" if self.start or self.end else ""


class Answer(Struct, frozen=True, kw_only=True):
    """The proposals of an answer, and how many of its items were none."""

    proposed: tuple[Proposed, ...] = ()
    refused: int = 0


def read_answer(text: str | bytes) -> Answer:
    """The proposals in an answer: an array of objects, or an object whose only array it is.

    Raises ValueError, a sentence, for what is no such answer as a whole; an item that is none is counted alone."""
    if len(text) > MAX_ANSWER:
        raise ValueError(f"the answer has more than {MAX_ANSWER // 2**20} MiB.")
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if fenced := _FENCE.match(told):
        told = fenced[1]
    try:
        found = json.loads(told)
    except (ValueError, RecursionError) as error:
        raise ValueError("the answer is no JSON.") from error
    if isinstance(found, dict):
        arrays = [value for value in found.values() if isinstance(value, list)]
        found = arrays[0] if len(arrays) == 1 else None
    if not isinstance(found, list):
        raise ValueError("the answer is no list of events.")
    proposed: list[Proposed] = []
    for item in found[:MAX_PROPOSALS]:
        try:
            one = msgspec.convert(item, Proposed, strict=True)
        except msgspec.ValidationError:
            continue
        if one.quote.strip() and not (one.start and one.end and one.start > one.end):
            proposed.append(one)
    return Answer(proposed=tuple(proposed), refused=len(found) - len(proposed))
