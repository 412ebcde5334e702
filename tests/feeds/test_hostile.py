"""Text that tries to break a feed: nothing of it adds a property, and every parser reads the rest alike."""

from __future__ import annotations

import csv
import io
import re
from xml.etree import ElementTree

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.parser import Contentline

from calfeed.feeds.lines import folded
from calfeed.feeds.text import clean_line, clean_title, clean_url
from calfeed.lint import lint
from calfeed.model import Change, Event
from tests import sample
from tests.feeds.reading import lines, of, vevent
from tests.peers.readers import with_ical, with_icalendar, with_ics, with_vobject

DAY = sample.period("2013-08-12", "2013-08-14", sample.Precision.DAY)

NASTY = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(list("\r\n\\;:,\"N\x00\x07\x0b\x1b\x7f\x85\u2028\u2029\u202e\ufeff=+-@<&>'^😀é")),
        st.characters(categories=["Cs", "Cc", "Cf", "Zl"]),
    ),
    max_size=300,
)

TITLES = [
    "A\r\nX-EVIL:1",
    "A\nBEGIN:VEVENT",
    "A\u2028X-EVIL:1\u2029B\x85C",
    "\x00\x07\x0b\x0c\x1b\x7fA",
    "\u202eevil\u2066\u2069",
    "\ud800A",
    "C:\\New \\N \\n \\, \\;",
    ";:,\"^'",
    "👩‍👩‍👧‍👦" * 60,
    "x" * 200_000,
    "é" * 200_000,
    "\\" * 300,
    "=cmd|' /C calc'!A0",
    "</script><script>alert(1)</script>]]>",
    "",
    " \t ",
]


def hostile(text: str) -> Event:
    """An event with `text` wherever text may stand."""
    event = sample.event("ev-1", text, DAY, text, place=text, note=text, url=text, topic=("e-waste",))
    assert event.provenance is not None
    provenance = msgspec.structs.replace(event.provenance, outline=(text, "E-waste"), source=text)
    change = Change(at=sample.CHANGED, sequence=1, what=text, fields={text: (text, text)})
    return msgspec.structs.replace(event, provenance=provenance, history=(change,))


PLAIN = {re.split("[;:]", line)[0] for line in lines(of(hostile("plain")).files["all-rich.ics"])} | {"LINK"}


def check(text: str) -> None:
    files = of(hostile(text)).files
    for path in ("all.ics", "all-rich.ics", "all-starts.ics"):
        octets = files[path]
        told = lines(octets)
        assert {re.split("[;:]", line)[0] for line in told} <= PLAIN
        assert sum(line.startswith("BEGIN:") for line in told) == 2
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]", "".join(told))
        assert max(map(len, octets.split(b"\r\n"))) <= 75
    rows = with_icalendar(files["all.ics"])
    assert rows == with_ical(files["all.ics"]) == with_vobject(files["all.ics"]) == with_ics(files["all.ics"])
    assert rows[0][3] == clean_title(text).replace("\\", "/")
    assert len(rows[0][3]) <= 200
    assert len(msgspec.json.decode(files["all.json"])["items"]) == 1
    assert len(list(csv.DictReader(io.StringIO(files["all.csv"].decode(), newline="")))) == 1
    assert len(ElementTree.fromstring(files["all.atom"]).findall("{http://www.w3.org/2005/Atom}entry")) == 1


@pytest.mark.parametrize("text", TITLES, ids=range(len(TITLES)))
def test_13_14_no_text_breaks_a_feed(text: str) -> None:
    check(text)
    assert lint(of(hostile(text)).files["all.ics"]) == ()


@settings(max_examples=60)
@given(NASTY)
def test_13_14_no_text_at_all_breaks_a_feed(text: str) -> None:
    check(text)


def test_13_what_is_cleaned_keeps_its_words() -> None:
    assert clean_line(" A\r\n B\u202e\x00C\u2028D\x85E ") == "A BC D E"
    assert clean_line("نص 😀 👩‍👩‍👧") == "نص 😀 👩‍👩‍👧"
    assert clean_title("x" * 300) == "x" * 199 + "…"


def test_14_a_backslash_becomes_a_slash() -> None:
    assert vevent(of(sample.event("ev-1", r"C:\New", DAY)).files["all.ics"], "ev-1")["SUMMARY"] == "C:/New"


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://example.org/a?b=c&d=%20#e", "https://example.org/a?b=c&d=%20#e"),
        ("https://example.org/é", "https://example.org/%C3%A9"),
        ('http://example.org/"><script>', "http://example.org/%22%3E%3Cscript%3E"),
        ("HTTPS://example.org", "HTTPS://example.org"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        (" data:text/html,x", None),
        ("https:///path", None),
        ("https://exa mple.org", None),
        ("https://[::1", None),
        ("https://example.org/" + "x" * 3000, None),
        ("", None),
        (None, None),
    ],
)
def test_19_an_address_is_http_or_nothing(url: str | None, clean: str | None) -> None:
    assert clean_url(url) == clean


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=400)
)
def test_15_lines_are_folded_where_icalendar_folds_them(text: str) -> None:
    assert folded(f"X-{text}") == Contentline(f"X-{text}").to_ical() + b"\r\n"
