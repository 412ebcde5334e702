"""What a document's own numeric dates prove about their order."""

from __future__ import annotations

import re

_NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/.-])(\d{1,2})\2(?:\d{4}|\d{2})(?![\d/-])")


def day_first_evidence(text: str) -> bool | None:
    """Whether the numeric dates of a document have the day first: 25/01/2014 proves it, 01/25/2014 the opposite.

    None where no date proves anything, or where two prove opposite things.
    """
    proofs = set()
    for first, _, second in _NUMERIC.findall(text):
        if 12 < int(first) <= 31 and 1 <= int(second) <= 12:
            proofs.add(True)
        elif 12 < int(second) <= 31 and 1 <= int(first) <= 12:
            proofs.add(False)
    return proofs.pop() if len(proofs) == 1 else None
