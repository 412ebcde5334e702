"""What other readers find in the documents that `figures.py` lays out, one JSON object a line in and one out.

dateparser's `search_dates` over each line, which is what people build such readers with; and extruct, which believes
what a page says in JSON-LD and microdata. Runs in the benchmark's own environment.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any


def by_search(lines: list[str], lang: str | None, reference: str | None) -> list[dict[str, Any]]:
    """Every date of every line as an event of that line."""
    from dateparser.search import search_dates

    settings: dict[str, Any] = {"PREFER_DAY_OF_MONTH": "first"}
    if reference:
        settings["RELATIVE_BASE"] = datetime.fromisoformat(reference)
    found = []
    for line in lines:
        try:
            dates = search_dates(line[:2000], languages=[lang] if lang else None, settings=settings) or []
        except Exception:
            continue
        for _, moment in dates:
            day = moment.date().isoformat()
            found.append(entry(line, day, day))
    return found


def by_markup(html: str) -> list[dict[str, Any]]:
    """The events that a page states outright."""
    import extruct

    data = extruct.extract(html, syntaxes=["json-ld", "microdata"], uniform=True, errors="ignore")
    found = []
    for item in [*data.get("json-ld", []), *data.get("microdata", [])]:
        if "Event" in str(item.get("@type")) and item.get("startDate"):
            start = str(item["startDate"])[:10]
            found.append(entry(str(item.get("name")), start, str(item.get("endDate") or start)[:10]))
    return found


def entry(text: str, start: str, end: str) -> dict[str, Any]:
    """An entry in the form that `score.py` reads."""
    return {"text": text, "title": None, "place": None, "readings": [{"periods": [{"start": start, "end": end}]}]}


def main() -> None:
    for line in sys.stdin:
        document = json.loads(line)
        told = {
            "name": document["name"],
            "search": by_search(document["lines"], document["lang"], document["reference"]),
        }
        if document["html"]:
            told["markup"] = by_markup(document["html"])
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
