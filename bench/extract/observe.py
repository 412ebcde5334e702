"""Print the records of all documents with gold, their features and labels, as JSON: what `fit.py` learns from."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from gold import cases

told = [
    {
        "name": case.name,
        "lang": case.lang,
        "missed": case.missed,
        "records": [
            {"features": {each.name: each.value for each in one.features}, "label": label}
            for one, label in zip(case.judged, case.labels, strict=True)
        ],
    }
    for case in cases()
]
json.dump(told, sys.stdout)
