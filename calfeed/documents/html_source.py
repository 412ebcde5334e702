"""What HTML source says of itself before it is parsed: the line of each start tag, and how deep it nests.

The parser gives elements without their place, so each start tag gets its line as an attribute first. The scanner
follows the tokenizer of the HTML standard (13.2.5) as far as it needs to: comments, quoted attributes, raw text.
"""

from __future__ import annotations

import re

from calfeed.errors import DocumentError, Spot

LINE = "data-calfeed-line"
# Browsers stop at 512; a parser that goes on takes a time that grows with the square of the depth.
MAX_NESTING = 2_000


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAG = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*+))")
_REST = re.compile(r"""(?:=\s*+(?:"[^"]*+"|'[^']*+')|[^>])*+>""")
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"))
# Elements that have no end tag, or that the next one of their kind ends.
_UNCOUNTED = _words(
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th thead tbody tfoot option "
    "optgroup colgroup rp rt"
)


def numbered(source_text: str, *, source: str, first: int = 1) -> str:
    """The HTML with a `LINE` attribute in each start tag; `first` is the number of its first line.

    Raises DocumentError where elements nest deeper than MAX_NESTING.
    """
    pieces: list[str] = []
    at = counted = 0
    line = first
    depth = 0
    while tag := _TAG.search(source_text, at):
        if tag[1]:
            end = source_text.find("-->", tag.end() - 2)
            if end < 0:
                break
            pieces.append(source_text[at : end + 3])
            at = end + 3
            continue
        rest = _REST.match(source_text, tag.end())
        if not rest:
            break
        name = tag[3].lower()
        if tag[2]:
            depth -= name not in _UNCOUNTED and depth > 0
            pieces.append(source_text[at : rest.end()])
            at = rest.end()
            continue
        line += source_text.count("\n", counted, tag.start())
        counted = tag.start()
        pieces.append(f'{source_text[at : tag.end()]} {LINE}="{line}"{source_text[tag.end() : rest.end()]}')
        at = rest.end()
        if name in _RAW:
            closing = re.compile(f"</{name}", re.IGNORECASE).search(source_text, at)
            pieces.append(source_text[at : closing.start()] if closing else "")
            at = closing.start() if closing else len(source_text)
        elif name not in _UNCOUNTED and not rest[0].endswith("/>"):
            depth += 1
            if depth > MAX_NESTING:
                raise DocumentError(
                    f"its elements nest more than {MAX_NESTING:,} deep.",
                    spot=Spot(source, line=line),
                    mend="Give a page whose elements are closed.",
                )
    pieces.append(source_text[at:])
    return "".join(pieces)
