"""Fit the weights of evidence on what `observe.py` printed, leave one document out, and write weights.toml.

Every document counts the same, whatever its length. Needs scikit-learn (the benchmark's own environment).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy
from sklearn.linear_model import LogisticRegression

# Inverse strength of the pull towards no evidence: small keeps the weights small.
STRENGTH = 0.6
LEAST = 3
ACCEPT, SUGGEST = 0.55, 0.12
# What a promise demands, whatever the documents say: kept as it stands in the file.
HELD = """
# Not fitted: nothing of a calendar's list is lost, even where none of its dates could be read.
[held]
promised = 1.20
# A date that nothing stands beside names no event: an editor may know which.
lone = -1.50
"""
HEAD = """\
# What each piece of evidence weighs, in log-odds: 1 is 2.7 times as likely an event, -1 2.7 times less.
# Fitted by bench/extract/fit; `accept` and `suggest` are the probabilities from which an entry is taken or suggested.
"""


def main() -> None:
    documents = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    names = features_of(documents)
    alone = [
        f1(document, names, *fitted([other for other in documents if other is not document], names))
        for document in documents
    ]
    model = fitted(documents, names)
    own = [f1(document, names, *model) for document in documents]
    print(f"{len(documents)} documents, {len(names)} features")
    print(f"mean F1 of the records: fitted {numpy.mean(own):.3f}, leave one out {numpy.mean(alone):.3f}")
    halves = half(documents, names)
    print(f"fitted on half {halves[0]:.3f}, scored on the other half {halves[1]:.3f}")
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(written(names, *model), "utf-8")


def features_of(documents: list[dict[str, Any]]) -> list[str]:
    """The features that enough documents show."""
    seen: dict[str, int] = {}
    for document in documents:
        for name in {name for record in document["records"] for name in record["features"]}:
            seen[name] = seen.get(name, 0) + 1
    return sorted(name for name, count in seen.items() if count >= LEAST and name not in ("promised", "lone"))


def table(documents: list[dict[str, Any]], names: list[str]) -> tuple[Any, Any, Any]:
    rows, labels, weights = [], [], []
    for document in documents:
        known = [record for record in document["records"] if record["label"] is not None]
        for record in known:
            rows.append([record["features"].get(name, 0.0) for name in names])
            labels.append(record["label"])
            weights.append(10 / (10 + len(known)))
    return numpy.array(rows), numpy.array(labels), numpy.array(weights)


def fitted(documents: list[dict[str, Any]], names: list[str]) -> tuple[float, Any]:
    """The bias and the weights."""
    rows, labels, weights = table(documents, names)
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit(rows, labels, sample_weight=weights)
    return float(model.intercept_[0]), model.coef_[0]


def f1(document: dict[str, Any], names: list[str], bias: float, weights: Any) -> float:
    """The F1 of a document's dated records at the threshold."""
    right = extra = missed = 0
    for record in document["records"]:
        if "undated" in record["features"]:
            continue
        total = bias + sum(
            record["features"].get(name, 0.0) * weight for name, weight in zip(names, weights, strict=True)
        )
        taken = 1 / (1 + numpy.exp(-total)) >= ACCEPT
        right += taken and record["label"] == 1
        extra += taken and record["label"] == 0
        missed += not taken and record["label"] == 1
    missed += document["missed"]
    return 2 * right / (2 * right + extra + missed) if right + missed + extra else 1.0


def half(documents: list[dict[str, Any]], names: list[str]) -> tuple[float, float]:
    one, other = documents[::2], documents[1::2]
    told = []
    for fit, held in ((one, other), (other, one)):
        model = fitted(fit, names)
        told.append((numpy.mean([f1(d, names, *model) for d in fit]), numpy.mean([f1(d, names, *model) for d in held])))
    return float(numpy.mean([a for a, _ in told])), float(numpy.mean([b for _, b in told]))


def written(names: list[str], bias: float, weights: Any) -> str:
    lines = [f"bias = {bias:.2f}", f"accept = {ACCEPT}", f"suggest = {SUGGEST}", "", "[features]"]
    for name, weight in sorted(zip(names, weights, strict=True), key=lambda each: -each[1]):
        key = name if name.isalpha() else f'"{name}"'
        lines.append(f"{key} = {weight:.2f}")
    return HEAD + "\n".join(lines) + "\n" + HELD


if __name__ == "__main__":
    main()
