"""Writes docs/figures-documents.md: how well documents are read, beside other readers, on the real documents with gold.

The documents and their scorer lie in ../shared; without them there is nothing to measure on. Each document counts the
same. `bench/extract/run` calls this with what `fit` printed.
"""

from __future__ import annotations

import importlib.util
import json
import re
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "documents"
PAGE = ROOT / "docs" / "figures-documents.md"
CALFEED = ROOT / ".venv" / "bin" / "calfeed"
FORMATS = {".md": "Markdown", ".markdown": "Markdown", ".rst": "reStructuredText", ".adoc": "AsciiDoc", ".htm": "HTML"}
HEAD = """\
# Figures: reading documents

{count} real documents that nobody of this project wrote, with gold by a careful reader. F1: entries with their days
right, a mean over the documents; *with suggestions* is how many of the events an editor need not type; decoys are
dates that are no events. Measured by `bench/extract/run`. The weights were fitted on these and other documents:
the last table says what that is worth.

"""
OTHERWISE = "## With an assistant"
COLUMNS = """\
| | documents | mean F1 | precision | recall | with suggestions | decoys taken |
|---|---|---|---|---|---|---|
"""


def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines_of(document: Path, lang: str | None) -> list[str]:
    """The lines of a document as its reader sees them: every leaf's text, a table's row in one."""
    from calfeed.documents import read_tree
    from calfeed.documents.tree import NodeKind
    from calfeed.errors import CalfeedError

    try:
        tree = read_tree(document.read_bytes(), source=document.name, name=document.name, lang=lang)
    except CalfeedError:
        return []
    found = []
    for node in tree.root.walk():
        if node.kind is NodeKind.ROW:
            found.append(" | ".join(cell.text for cell in node.children if cell.text))
        elif node.kind is not NodeKind.CELL and node.text:
            found.append(f"{node.label}: {node.text}" if node.kind is NodeKind.PAIR else node.text)
    return found


def peers(documents: list[dict[str, Any]], python: str) -> dict[str, dict[str, Any]]:
    told = subprocess.run(
        [python, str(ROOT / "bench/extract/peers.py")],
        input="\n".join(map(json.dumps, documents)),
        capture_output=True,
        text=True,
        check=True,
    )
    return {one["name"]: one for one in map(json.loads, told.stdout.splitlines())}


def row(name: str, counts: list[Counter[str]], score: ModuleType) -> str:
    """One line of a table: mean F1, and precision, recall and the rest over all events together."""
    total: Counter[str] = sum(counts, Counter())
    precision, recall, _, shown, _ = score.figures(total)
    mean = statistics.mean(score.figures(one)[2] for one in counts)
    decoys = f"{total['decoys taken']}/{total['decoys']}"
    return f"| {name} | {len(counts)} | {mean:.2f} | {precision:.2f} | {recall:.2f} | {shown:.2f} | {decoys} |"


def main(fit: str, python: str) -> None:
    if not SHARED.exists():
        print("The real documents are not at hand: nothing is measured.", file=sys.stderr)
        return
    score = scorer()
    ours: dict[str, Counter[str]] = {}
    of: dict[str, tuple[str, str]] = {}
    laid_out, golds = [], {}
    for name, document, gold, meta in score.pairs(SHARED):
        if document is None:
            continue
        entries, _ = score.read(str(CALFEED), document, meta)
        ours[name] = score.score(gold, entries or [], False, name)
        lang = meta.get("lang") or document.parent.name
        lang = lang if re.fullmatch("[a-z]{2}", lang) else "en"
        of[name] = lang, FORMATS.get(document.suffix, document.suffix[1:].upper())
        golds[name] = gold
        html = document.read_text("utf-8", "replace") if document.suffix in (".html", ".htm") else None
        reference = meta.get("reference")
        laid_out.append(
            {"name": name, "lines": lines_of(document, lang), "lang": lang, "reference": reference, "html": html}
        )
    others = peers(laid_out, python)
    search = {name: score.score(golds[name], told["search"], False, name) for name, told in others.items()}
    markup = {n: score.score(golds[n], told["markup"], False, n) for n, told in others.items() if "markup" in told}
    page = HEAD.format(count=len(ours)) + COLUMNS
    page += row("calfeed", list(ours.values()), score) + "\n"
    page += row("dateparser's search_dates, a date an event", list(search.values()), score) + "\n"
    if markup:
        page += row("calfeed, web pages", [ours[name] for name in markup], score) + "\n"
        page += row("extruct (JSON-LD, microdata), web pages", list(markup.values()), score) + "\n"
    for title, which in (("By language", 0), ("By format", 1)):
        groups: dict[str, list[Counter[str]]] = defaultdict(list)
        for name, counts in ours.items():
            groups[of[name][which]].append(counts)
        page += f"\n## {title}\n\n{COLUMNS}"
        page += "".join(f"{row(name, groups[name], score)}\n" for name in sorted(groups))
    total: Counter[str] = sum(ours.values(), Counter())
    page += "\n## Titles and places\n\nOf the events that were read right, "
    page += f"{total['titles right']} of {total['titles']} titles are alike, "
    page += f"{total['places right']} of {total['places']} places.\n"
    page += (
        "\n## The weights, held out\n\nOf `bench/extract/fit`, over these documents and our own, a record an event:\n\n"
    )
    page += "".join(f"    {line}\n" for line in fit.splitlines())
    # What was measured otherwise stands below, and stays.
    _, mark, kept = PAGE.read_text("utf-8").partition(OTHERWISE) if PAGE.exists() else ("", "", "")
    PAGE.write_text(f"{page}\n{mark}{kept}" if mark else page, "utf-8")
    print(page)


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text("utf-8"), sys.argv[2])
