"""AsciiDoc within a text: emphasis, links, macros, attributes and breaks, rendered to words.

What can span words is looked for within a few hundred characters, so that a text full of opening signs stays linear.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from calfeed.documents.build import PLAIN, Words
from calfeed.documents.lines import breaks_of
from calfeed.documents.tree import Style

_BREAK = "\v"
_ATTRIBUTE = re.compile(r"(?<![\\{])\{([\w-]{1,60})\}")
_SIGNS = re.compile(
    r"""
    \\(?P<escaped>[*_`\#^~\[{<])
    | (?P<raw>\+\+\+|\$\$)(?P<raw_text>.{0,600}?)(?P=raw)
    | (?P<address>(?:https?|ftp|irc)://[^\s\[\]<>]{1,2000})(?:\[(?P<label>[^\]]{0,600})\])?
    | \b(?:link|mailto|xref):(?P<target>[^\s\[\]]{0,2000})\[(?P<target_label>[^\]]{0,600})\]
    | <<(?P<ref>[^>,\n]{1,200})(?:,(?P<ref_label>[^>]{1,400}))?>>
    | (?P<picture>\b(?:image|icon|video|audio):[^\s\[\]]{0,2000}\[[^\]]{0,600}\])
    | \b(?:footnote(?:ref)?|kbd|btn|menu|pass|stem|indexterm2?|anchor)
      :(?P<macro>[^\s\[\]]{0,200})\[(?P<macro_text>[^\]]{0,600})\]
    | (?P<anchor>\[\[[^\]]{1,200}\]\])
    | (?:\[(?P<role>[^\]\n]{1,100})\])?(?P<double>\*\*|__|``|\#\#)(?=\S)(?P<double_text>.{1,400}?)(?P=double)
    | (?:\[(?P<role1>[^\]\n]{1,100})\])?(?<![\w*_`\#])
      (?P<single>[*_`\#])(?=\S)(?P<single_text>.{0,399}?\S)(?P=single)(?!\w)
    | (?P<small>[\^~])(?=\S)(?P<small_text>[^\s^~]{1,40})(?P=small)
    """,
    re.VERBOSE | re.DOTALL,
)
_STYLES = {"*": Style(bold=True), "_": Style(italic=True)}
_MAX_DEPTH = 6


def paragraph(
    words: Words, lines: Sequence[str], attributes: Mapping[str, str], style: Style = PLAIN, *, hard: bool = False
) -> None:
    """Add the lines of a text to `words`. A line that ends in " +" (or any, where `hard`) keeps its break, as does
    one whose break was meant."""
    meant = breaks_of(lines)
    text = ""
    for number, line in enumerate(lines):
        line = line.rstrip()
        ends = line.endswith(" +") or line == "+"
        text += line[:-1] if ends else line
        if number < len(lines) - 1:
            text += _BREAK if ends or hard or meant[number] else "\n"
    render(words, substituted(text, attributes), style)


def substituted(text: str, attributes: Mapping[str, str]) -> str:
    """The text with the values of attributes that are set in place of their names; others stay as they stand."""
    return _ATTRIBUTE.sub(lambda name: attributes.get(name[1].lower(), name[0]), text) if "{" in text else text


def render(words: Words, text: str, style: Style = PLAIN, address: str = "", depth: int = 0) -> None:
    """Add a text with its markup resolved."""
    at = 0
    for sign in _SIGNS.finditer(text) if depth < _MAX_DEPTH else ():
        _add(words, text[at : sign.start()], style, address)
        at = sign.end()
        kind = sign.lastgroup or ""
        if sign["escaped"]:
            _add(words, sign["escaped"], style, address)
        elif sign["raw"]:
            _add(words, sign["raw_text"], style, address)
        elif sign["address"]:
            _link(words, sign["address"], sign["label"], style, depth)
        elif sign["target_label"] is not None or sign["ref"]:
            target = sign["target"] or ""
            label = sign["target_label"] or sign["ref_label"] or target or sign["ref"]
            _link(words, target if ":" in target or "/" in target else "", label, style, depth)
        elif sign["macro"] is not None:
            render(words, sign["macro_text"], style, address, depth + 1)
        elif sign["double"] or sign["single"]:
            mark = (sign["double"] or sign["single"])[0]
            look = _look(style, mark, sign["role"] or sign["role1"] or "")
            render(words, sign["double_text"] or sign["single_text"], look, address, depth + 1)
        elif sign["small"]:
            _add(words, sign["small_text"], style, address)
        elif kind not in ("picture", "anchor"):
            _add(words, sign[0], style, address)
    _add(words, text[at:], style, address)


def _look(style: Style, mark: str, role: str) -> Style:
    if mark in _STYLES:
        return replace(style, bold=style.bold or mark == "*", italic=style.italic or mark == "_")
    return replace(style, struck=True) if "line-through" in role else style


def _link(words: Words, address: str, label: str | None, style: Style, depth: int) -> None:
    """A link's words: its label without its attributes, else its address without what ends a sentence."""
    rest = ""
    if label is None:
        bare = address.rstrip(".,;:!?)'\"")
        address, rest = bare, address[len(bare) :]
    shown = (label or "").split(",window=")[0].split(",role=")[0].strip().rstrip("^") or address
    if "=" in shown and re.match(r"[\w-]+=", shown):
        shown = address
    if shown == address:
        _add(words, shown, style, address)
    else:
        render(words, shown, style, address, depth + 1)
    _add(words, rest, style, "")


def _add(words: Words, text: str, style: Style, address: str) -> None:
    for number, line in enumerate(html.unescape(text).split(_BREAK)):
        if number:
            words.break_line()
        words.add(line, style, address)
