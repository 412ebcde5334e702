"""What is no programme but an attack, or a mistake of a program, ends soon: in a tree, or in one clear sentence."""

from __future__ import annotations

import time

import pytest

from calfeed.documents.reading import read_tree
from calfeed.errors import DocumentError

EVENT = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:a\nDTSTART:20250101T000000Z\n%s\nEND:VEVENT\nEND:VCALENDAR\n"
LONG = 400_000
# Name, content, and what the error says (None: there is a tree).
CASES = {
    "a line of 400 kB": ("a.txt", b"a " * (LONG // 2), None),
    "a number of 400 kB": ("a.txt", b"9" * LONG, None),
    "a million bullets": ("a.txt", b"* a\n" * 1_000_000, "100,000 lines"),
    "four hundred lines of a thousand columns": ("a.txt", (b"a   " * 1000 + b"\n") * 400, None),
    "quotations ten thousand deep": ("a.md", b">" * 10_000 + b" a", None),
    "lists a thousand deep": ("a.md", b"".join(b"  " * depth + b"* a\n" for depth in range(1000)), None),
    "unclosed brackets on a line": ("a.md", b"[" * LONG, None),
    "unclosed brackets on many lines": ("a.md", b"a[\n" * 50_000, None),
    "unclosed tags of a template": ("a.md", b"{%" * (LONG // 2), None),
    "unclosed tables": ("a.md", b"<table>\n" * 5_000, "deep"),
    "elements ten thousand deep": ("a.html", b"<div>" * 10_000, "deep"),
    "elements below the limit": ("a.html", b"<div>" * 1_900 + b"x", None),
    "unclosed quotation marks in tags": ("a.html", b'<a b="' * 50_000, None),
    "unclosed comments": ("a.html", b"<!--" * 100_000, None),
    "spans that cover each other": ("a.html", b"<table>" + b"<tr><td rowspan=65534 colspan=1000>a" * 2000, None),
    "JSON a hundred thousand deep": (
        "a.html", b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>a", None,
    ),
    "roles and references by thousands": ("a.rst", b"`a `_ |a *a " * 1_000, None),
    "a file to include": ("a.rst", b".. include:: /etc/passwd\n\n.. csv-table::\n   :file: /etc/passwd\n", None),
    "blocks within blocks": ("a.adoc", b"".join(b"=" * (4 + depth) + b"\n" for depth in range(500)), None),
    "unclosed links": ("a.adoc", b"http://a[" * 20_000, None),
    "more cells than a table has": ("a.adoc", b"|===\n" + b"|a" * 300_000 + b"\n|===\n", "200,000 cells"),
    "more columns than a table has": ("a.csv", b"," * LONG, "500 columns"),
    "a quotation mark that never closes": ("a.csv", b'a,"' + b"b" * 200_000, "Close the quotation mark"),
    "an event every second": ("a.ics", EVENT % b"RRULE:FREQ=SECONDLY", None),
    "an event on 31 February": ("a.ics", EVENT % b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", None),
    "a calendar that is cut": ("a.ics", (EVENT % b"")[:-18], "ends before"),
    "parts two thousand deep": (
        "a.eml",
        b"".join(b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n) for n in range(2000)),
        "deep",
    ),
    "a header of 400 kB": ("a.eml", b"From: " + b"<a@b>," * 60_000 + b"\n\nx", None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_bad_input_ends_soon(case: tuple[str, bytes, str | None]) -> None:
    name, content, says = case
    started = time.process_time()
    if says is None:
        text = " ".join(node.text for node in read_tree(content, source="t", name=name).root.walk())
        assert "root:" not in text
    else:
        with pytest.raises(DocumentError, match=says):
            read_tree(content, source="t", name=name)
    assert time.process_time() - started < 10
