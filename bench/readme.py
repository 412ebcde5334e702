"""Puts the figures that stand in docs/figures-*.md into README.md, so that nobody copies them by hand.

.venv/bin/python bench/readme.py
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BEGIN, END = "<!-- figures: written by bench/readme.py -->\n", "<!-- end of figures -->\n"

# What is measured, the page that tells, what to look for there, and how to say it.
ROWS = (
    (
        "the first programme, from its text to all feeds",
        "programme",
        r"\| first round \| (?P<all>\d+) \|",
        "{all} ms the first time, files synced",
    ),
    (
        "date phrases never seen before, all periods right",
        "dates",
        r"`bench/dates/unseen`: (?P<many>\d+) phrases.*?\n\| calfeed, first run \|[^\n]*\| (?P<right>\d+) \|\n.*?"
        r"\n\| recognizers-text \|[^\n]*\| (?P<best>\d+) \|\n",
        "{right} of {many} (the best other library: {best})",
    ),
    (
        "date phrases a second of processor time",
        "dates",
        r"## Rate.*?\| calfeed \| (?P<rate>[\d,]+) \| (?P<times>[\d.]+) \|",
        "{rate}, {times} times dateparser's",
    ),
    (
        "real documents in seven languages and eight formats, a mean over documents",
        "documents",
        r"\| calfeed \| (?P<many>\d+) \| (?P<mean>[\d.]+) \| (?P<precision>[\d.]+) \|[^\n]*\n"
        r"\| dateparser[^|]*\|[^|]*\| (?P<peer>[\d.]+) \|",
        "F1 {mean} on {many} (dateparser's search_dates: {peer})",
    ),
    (
        "10,000 events in 20 overlapping feeds",
        "feeds",
        r"\| calfeed \| (?P<ours>[\d.]+) \|\n\| (?P<peer>[\w.-]+) \|[^\n]*\n"
        r"\| \*\*ratio\*\* \| \*\*(?P<ratio>[\d.]+)\*\*",
        "{ours} s, {ratio} times as fast as {peer}, the fastest of four libraries",
    ),
    (
        "100,000 events from nothing, all formats",
        "feeds",
        r"\| 100,000 \| (?P<build>[\d.]+) \| (?P<publish>[\d.]+) \| \d+ \| (?P<memory>\d+) \|",
        "built in {build} s, published in {publish} s, {memory} MB",
    ),
    (
        "one event changed among 100,000 in 1,000 feeds",
        "feeds",
        r"\| built and published \| (?P<seconds>[\d.]+) s \|.*?first build on \| (?P<memory>\d+) MB",
        "published again in {seconds} s, {memory} MB",
    ),
    (
        "a feed over HTTP, one core",
        "serve",
        r"\| 200 \| (?P<full>[\d,]+) \|[^|]*\| \*\*(?P<part>[\d.]+)\*\*.*?"
        r"\| 304 \| (?P<known>[\d,]+) \|[^|]*\| \*\*(?P<of>[\d.]+)",
        "{full} a second, {known} where it is unchanged: {part} and {of} of nginx's rate",
    ),
    (
        "a filtered page at 10,000 events",
        "pages",
        r"The slowest median is (?P<slowest>[\d.]+) ms",
        "{slowest} ms or less",
    ),
)


def main() -> None:
    lines = ["| what | figure |", "| --- | --- |", *map(row, ROWS)]
    text = README.read_text("utf-8")
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        sys.exit(f"README.md has no place for the figures: it needs the lines {BEGIN.strip()} and {END.strip()}")
    README.write_text(before + BEGIN + "\n".join(lines) + "\n" + END + after, "utf-8")


def row(measured: tuple[str, str, str, str]) -> str:
    what, page, pattern, sentence = measured
    path = ROOT / "docs" / f"figures-{page}.md"
    # A dot of a pattern goes over lines; what must stay in one line says so.
    found = re.search(pattern, path.read_text("utf-8"), re.DOTALL)
    if not found:
        sys.exit(f"{path.name} does not say: {what}")
    return f"| {what} | [{sentence.format(**found.groupdict())}](docs/{path.name}) |"


if __name__ == "__main__":
    main()
