"""Each rule finds its own defect, and nothing else does."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.lint import RULES, Severity, lint
from calfeed.lint.table import checked_rules

HERE = Path(__file__).parent
DEFECTS = sorted((HERE / "defects").glob("*.ics"))
CLEAN = sorted((HERE / "clean").glob("*.ics"))
PLAIN = (HERE / "clean" / "plain.ics").read_bytes()
EVENT = PLAIN[PLAIN.index(b"BEGIN:VEVENT") : PLAIN.index(b"END:VCALENDAR")]


def many_events(count: int, filler: bytes = b"") -> bytes:
    """The plain calendar with `count` events."""
    events = (
        EVENT.replace(b"a1@", b"a%d@" % number).replace(b"TRANSP:", filler + b"TRANSP:") for number in range(count)
    )
    return PLAIN.replace(EVENT, b"".join(events))


# Too long to keep as files.
LONG = {
    "too-many-events": many_events(1001),
    "too-large": many_events(900, b"COMMENT:\r\n" + b" The same words again and again.\r\n" * 24),
}


def rules_found(content: bytes) -> set[str]:
    return {finding.rule for finding in lint(content)}


@pytest.mark.parametrize("path", DEFECTS, ids=lambda path: path.stem)
def test_a_defect_is_found_by_exactly_its_rule(path: Path) -> None:
    assert rules_found(path.read_bytes()) == {path.name.split(".")[0]}


@pytest.mark.parametrize("rule", LONG)
def test_a_feed_that_google_would_cut_is_found_by_exactly_its_rule(rule: str) -> None:
    assert rules_found(LONG[rule]) == {rule}


def test_a_feed_just_below_the_limits_is_clean() -> None:
    assert rules_found(many_events(1000)) == set()


@pytest.mark.parametrize("path", CLEAN, ids=lambda path: path.stem)
def test_a_clean_calendar_gives_no_finding(path: Path) -> None:
    assert lint(path.read_bytes()) == ()


def test_every_rule_has_a_check_and_a_defect() -> None:
    assert checked_rules() == set(RULES)
    assert {path.name.split(".")[0] for path in DEFECTS} | set(LONG) == set(RULES)


@pytest.mark.parametrize(
    ("name", "line", "severity", "what"),
    [
        ("dtend-equals-dtstart", 9, "error", "DTEND is the same day as DTSTART."),
        ("long-line", 10, "error", "The line has 76 octets, 75 are allowed."),
        ("line-ending", 1, "error", "There is no CRLF at the end of 13 lines."),
        ("value-missing", 5, "error", "REFRESH-INTERVAL has no VALUE parameter."),
        ("split-character", 11, "error", "The fold stands in the middle of a UTF-8 character."),
        ("unbalanced", 1, "error", "BEGIN:VCALENDAR has no END."),
        ("content-line", 11, "error", "'in Geneva' is no NAME:VALUE."),
        ("status", 12, "error", "STATUS is DELETED."),
        ("bad-date", 8, "error", "DTSTART is 20130231, which is no DATE."),
        ("uid-duplicate", 14, "error", "The UID a1@example.org stands at line 6 too."),
        ("floating-time", 8, "warning", "DTSTART is a time without a zone."),
    ],
)
def test_a_finding_names_line_severity_and_words(name: str, line: int, severity: str, what: str) -> None:
    (finding,) = lint((HERE / "defects" / f"{name}.ics").read_bytes(), name=f"{name}.ics")
    assert (finding.line, finding.severity, finding.what) == (line, severity, what)
    assert str(finding).startswith(f"{name}.ics:{line}: {severity} {name}: {what} ")


def test_every_finding_is_filled_in() -> None:
    for path in DEFECTS:
        for finding in lint(path.read_bytes()):
            assert "{" not in finding.what + finding.mend, path.stem
            assert finding.what.endswith(".") and finding.mend.endswith((".", ":")), path.stem


def test_findings_come_in_the_order_of_lines() -> None:
    broken = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSTATUS:DELETED\nDTSTART:2013\nEND:VEVENT\nEND:VCALENDAR"
    numbers = [finding.line for finding in lint(broken)]
    assert numbers == sorted(numbers) and len(numbers) > 5


def test_a_finding_keeps_control_characters_off_the_terminal() -> None:
    found = lint(PLAIN.replace(b"TRANSP:TRANSPARENT", b"STATUS:\x1b[31mred"))
    assert "\x1b" not in "".join(map(str, found))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_linter(content: bytes) -> None:
    assert all(finding.severity in Severity for finding in lint(content))


LINES = st.lists(
    st.one_of(
        st.sampled_from(PLAIN.split(b"\r\n")),
        st.sampled_from(
            [
                b"RRULE:FREQ=DAILY;COUNT=\xc2\xb2",
                b"RRULE:;;=",
                b"SEQUENCE:" + b"9" * 5000,
                b"RRULE:COUNT=" + b"9" * 5000,
            ]
        ),
        st.builds(
            bytes.__add__, st.sampled_from([b"DTSTART", b"DTEND;", b"RRULE:", b"RDATE:", b"URL;V="]), st.binary()
        ),
        st.binary(max_size=20),
    ),
    max_size=20,
)


@given(LINES)
def test_no_order_of_lines_breaks_the_linter(lines: list[bytes]) -> None:
    lint(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + b"\r\n".join(lines))


NESTED = b"BEGIN:A\r\n" * 20_000


@pytest.mark.parametrize(
    "evil",
    [NESTED, NESTED + b"END:B\r\n" * 20_000, b"END:B\r\n" * 20_000, b"\r\n" * 100_000],
    ids=["deep", "deep, others end", "ends", "empty"],
)
def test_hostile_nesting_costs_linear_time(evil: bytes) -> None:
    start = time.process_time()
    assert lint(PLAIN.replace(b"END:VCALENDAR\r\n", evil))
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "evil",
    [
        b'X;A="' + b"," * 100_000,
        b"X" + b";A=b" * 30_000,
        b"SUMMARY:" + b"\\" * 100_000,
        b"DESCRIPTION:" + b"<p" * 50_000,
    ],
    ids=["quotes", "parameters", "backslashes", "tags"],
)
def test_a_hostile_line_costs_linear_time(evil: bytes) -> None:
    start = time.process_time()
    lint(PLAIN.replace(b"TRANSP:TRANSPARENT", evil))
    assert time.process_time() - start < 2
