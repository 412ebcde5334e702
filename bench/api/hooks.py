"""What OpenAPI cannot say of a query: `to` is not before `from`, and all facets together have at most 8 values."""

from __future__ import annotations

from typing import Any

import schemathesis

FACETS = ("convention", "kind", "topic")
MAX_VALUES = 8


@schemathesis.hook
def filter_query(context: Any, query: Any) -> bool:
    values = [value for name in FACETS for value in _listed((query or {}).get(name)) if value]
    first, last = ((query or {}).get(name) or "" for name in ("from", "to"))
    return len(values) <= MAX_VALUES and not (first and last and str(last) < str(first))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
