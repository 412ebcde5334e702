"""Rules on bytes and lines (RFC 5545, section 3.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from calfeed.lint.stream import Stream
from calfeed.lint.table import Hit, check, counted, hit

LINE_OCTETS = 75
FILE_OCTETS = 900_000

# CONTROL of section 3.1 but for CR and LF; some programs take C1 and the two separators of Unicode for line ends.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


@check("not-a-calendar")
def not_a_calendar(stream: Stream) -> Iterator[Hit]:
    if not stream.calendars:
        start = stream.octets[:40].decode("utf-8", "replace").strip()
        yield hit(1, start=repr(start) if start else "nothing")


@check("byte-order-mark")
def byte_order_mark(stream: Stream) -> Iterator[Hit]:
    if stream.has_byte_order_mark:
        yield hit(1)


@check("leading-bytes")
def leading_bytes(stream: Stream) -> Iterator[Hit]:
    before = re.split(b"BEGIN:", stream.body, maxsplit=1, flags=re.IGNORECASE)[0]
    if before:
        yield hit(1, text=repr(before.decode("utf-8", "replace")))


@check("trailing-bytes")
def trailing_bytes(stream: Stream) -> Iterator[Hit]:
    begin = stream.calendars[0].line
    for line in stream.outside:
        if line.number > begin:
            yield hit(line.number, text=repr(line.written or line.value))


@check("several-calendars")
def several_calendars(stream: Stream) -> Iterator[Hit]:
    for calendar in stream.calendars[1:]:
        yield hit(calendar.line)


@check("line-ending")
def line_ending(stream: Stream) -> Iterator[Hit]:
    wrong = [line.number for line in stream.physical if line.ending in (b"\n", b"\r")]
    if wrong:
        yield hit(wrong[0], lines=counted(len(wrong), "line"))


@check("final-line-ending")
def final_line_ending(stream: Stream) -> Iterator[Hit]:
    last = stream.physical[-1]
    if not last.ending:
        yield hit(last.number)


@check("blank-line")
def blank_line(stream: Stream) -> Iterator[Hit]:
    begin = stream.calendars[0].line
    for line in stream.physical:
        if line.number > begin and not line.octets:
            yield hit(line.number)


@check("long-line")
def long_line(stream: Stream) -> Iterator[Hit]:
    for line in stream.physical:
        if len(line.octets) > LINE_OCTETS:
            yield hit(line.number, octets=len(line.octets))


@check("split-character")
def split_character(stream: Stream) -> Iterator[Hit]:
    for group in stream.folded:
        if _is_utf_8(b"".join(line.octets[line.continues :] for line in group)):
            for line in group[1:]:
                if line.octets[1:2] and 0x80 <= line.octets[1] < 0xC0:
                    yield hit(line.number)


@check("bad-utf-8")
def bad_utf_8(stream: Stream) -> Iterator[Hit]:
    for group in stream.folded:
        octets = b"".join(line.octets[line.continues :] for line in group)
        try:
            octets.decode("utf-8")
        except UnicodeDecodeError as error:
            yield hit(group[0].number, byte=f"0x{octets[error.start]:02X}", octet=error.start + 1)


@check("control-character")
def control_character(stream: Stream) -> Iterator[Hit]:
    for number, code in _characters(stream, _CONTROL):
        yield hit(number, code=code)


@check("bidi-control")
def bidi_control(stream: Stream) -> Iterator[Hit]:
    for number, code in _characters(stream, _BIDI):
        yield hit(number, code=code)


@check("too-large")
def too_large(stream: Stream) -> Iterator[Hit]:
    if len(stream.octets) > FILE_OCTETS:
        yield hit(1, octets=f"{len(stream.octets):,}")


def _characters(stream: Stream, wanted: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The first such character of each physical line, as line number and U+XXXX."""
    for line in stream.physical:
        if found := wanted.search(line.octets.decode("utf-8", "replace")):
            yield line.number, f"U+{ord(found[0]):04X}"


def _is_utf_8(octets: bytes) -> bool:
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
