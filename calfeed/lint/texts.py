"""Rules on an event's words: enumerations, text and addresses (RFC 5545, sections 3.3.11 and 3.8.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from calfeed.lint.stream import Line, Stream
from calfeed.lint.table import Hit, check, counted, hit
from calfeed.lint.values import BAD_ESCAPE, UNESCAPED, is_http_address

_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "NAME", "X-WR-CALNAME", "X-WR-CALDESC"}
_TEXT_LISTS = {"CATEGORIES", "RESOURCES"}
_ADDRESSES = {"URL", "SOURCE", "LINK", "IMAGE"}
_CATEGORY = re.compile(r"\\[,;\\]")
_TAG = re.compile(
    r"</?(?:a|b|br|div|em|font|h[1-6]|html|i|img|li|ol|p|span|strong|table|td|tr|u|ul)\b[^<>]*>", re.IGNORECASE
)

# Section 3.8.1.11: the words depend on the component.
_STATUS = {
    "VEVENT": ("CONFIRMED", "TENTATIVE", "CANCELLED"),
    "VTODO": ("NEEDS-ACTION", "COMPLETED", "IN-PROCESS", "CANCELLED"),
    "VJOURNAL": ("DRAFT", "FINAL", "CANCELLED"),
}
_CLASSES = ("PUBLIC", "PRIVATE", "CONFIDENTIAL")
_TRANSPARENCY = ("TRANSPARENT", "OPAQUE")


def _texts(stream: Stream, names: set[str]) -> Iterator[Line]:
    for component in stream.components:
        yield from (line for line in component.properties if line.name in names and not line.fault)


@check("status")
def status(stream: Stream) -> Iterator[Hit]:
    for component in stream.components:
        allowed = _STATUS.get(component.name, ())
        for line in component.every("STATUS"):
            if allowed and line.value not in allowed:
                *first, last = allowed
                yield hit(line.number, value=line.value or "empty", allowed=f"{', '.join(first)} or {last}")


@check("class")
def classification(stream: Stream) -> Iterator[Hit]:
    for line in _texts(stream, {"CLASS"}):
        if line.value not in _CLASSES:
            yield hit(line.number, value=line.value or "empty")


@check("transp")
def transp(stream: Stream) -> Iterator[Hit]:
    for line in _texts(stream, {"TRANSP"}):
        if line.value not in _TRANSPARENCY:
            yield hit(line.number, value=line.value or "empty")


@check("opaque")
def opaque(stream: Stream) -> Iterator[Hit]:
    lines = []
    for event in stream.events:
        line = event.first("TRANSP")
        if line is None or line.value == "OPAQUE":
            lines.append(line.number if line else event.line)
    if lines:
        yield hit(lines[0], events=counted(len(lines), "event"))


@check("summary-missing")
def summary_missing(stream: Stream) -> Iterator[Hit]:
    for event in stream.events:
        summary = event.first("SUMMARY")
        if not summary or not summary.value.strip():
            yield hit(event.line)


@check("unescaped-text")
def unescaped_text(stream: Stream) -> Iterator[Hit]:
    for line in _texts(stream, _TEXTS):
        if found := UNESCAPED.search(line.value):
            yield hit(line.number, name=line.name, character=found[1])


@check("bad-escape")
def bad_escape(stream: Stream) -> Iterator[Hit]:
    for line in _texts(stream, _TEXTS | _TEXT_LISTS):
        if found := BAD_ESCAPE.search(line.value):
            yield hit(line.number, name=line.name, escape=found[1])


@check("category-punctuation")
def category_punctuation(stream: Stream) -> Iterator[Hit]:
    for line in _texts(stream, {"CATEGORIES"}):
        if _CATEGORY.search(line.value):
            yield hit(line.number)


@check("html-description")
def html_description(stream: Stream) -> Iterator[Hit]:
    for line in _texts(stream, {"DESCRIPTION"}):
        if found := _TAG.search(line.value):
            yield hit(line.number, tag=found[0])


@check("x-alt-desc")
def x_alt_desc(stream: Stream) -> Iterator[Hit]:
    for line in _texts(stream, {"X-ALT-DESC"}):
        yield hit(line.number)


@check("url-not-http")
def url_not_http(stream: Stream) -> Iterator[Hit]:
    for line in _texts(stream, _ADDRESSES):
        if line.parameter("VALUE") in (None, "URI") and not is_http_address(line.value):
            yield hit(line.number, name=line.name, value=line.value or "empty")
