"""What an element of HTML is to a reader: block or words, furniture or text, layout or data; its look and its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from selectolax.lexbor import LexborNode

from calfeed.documents.build import PLAIN
from calfeed.documents.tree import Style

Attributes: TypeAlias = dict[str, str | None]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNSEEN = _names("script style template head link meta svg math audio video canvas object iframe map")
BLOCKS = _names(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure footer form "
    "header hgroup hr html legend li main nav ol p pre search section summary table caption thead tbody tfoot tr td th "
    "ul menu h1 h2 h3 h4 h5 h6 noscript option select datalist textarea"
)
# Inline elements that style sheets set apart, where formatting does not: their words touch in the source only.
APART = _names("span a time label button small data output")
# Where a page's head says whose site it is.
BRAND = ".logo, .brand, .brand-logo, .navbar-brand, .site-title, .site-name"
HEADINGS = {f"h{level}": level for level in range(1, 7)}
_STYLES: dict[str, Callable[[Style], Style]] = {
    **dict.fromkeys(("b", "strong", "th", "summary"), lambda style: replace(style, bold=True)),
    **dict.fromkeys(("i", "em", "cite", "dfn"), lambda style: replace(style, italic=True)),
    **dict.fromkeys(("s", "del", "strike"), lambda style: replace(style, struck=True)),
}
_FURNITURE_TAGS = _names("nav footer select datalist noscript search dialog")
_FURNITURE_ROLES = _names("navigation contentinfo search dialog alertdialog menubar toolbar")
_NEVER_FURNITURE = _names("html body main article table tr li h1 h2 h3 h4 h5 h6")
# A class or id that says that an element stands around a page's text.
_FURNITURE_NAME = re.compile(
    r"(?:(?:site|page|main|global|top|bottom|primary|secondary|mobile|side|sub|the|js)[-_]?)*"
    r"(?:nav|navbar|navigation|menu|menubar|footer|breadcrumbs?|skip(?:[-_]?(?:link|nav|to[-_]?content))|pagination|pager)"
    r"|(?:cookie|consent|gdpr)(?:[-_][\w-]*)?|(?:social|share)(?:[-_]?(?:links|bar|buttons|icons|media))?|sharing",
    re.IGNORECASE,
)
_ICONS = re.compile(r"\bmaterial-(?:icons|symbols)")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_STRUCK = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ADDRESSES = ("http:", "https:", "mailto:", "/", "./", "../", "?")
_NAME = re.compile(r"[A-Za-z][\w-]*$")


class Context(Struct, frozen=True):
    """What an element inherits: its look, the address that it leads to, its place, how it stands in the page."""

    style: Style = PLAIN
    address: str = ""
    path: str = ""
    depth: int = 0
    lists: int = 0
    article: bool = False


def inherit(context: Context, tag: str, attributes: Attributes) -> Context:
    """The context within an element."""
    style = context.style
    if tag in _STYLES:
        style = _STYLES[tag](style)
    if look := attributes.get("style"):
        style = replace(
            style,
            hidden=style.hidden or _HIDDEN.search(look) is not None,
            struck=style.struck or _STRUCK.search(look) is not None,
            bold=style.bold or _BOLD.search(look) is not None,
        )
    if "hidden" in attributes:
        style = replace(style, hidden=True)
    if style.hidden and attributes.get("role") == "tabpanel":
        style = replace(style, hidden=False)
    address = context.address
    if tag == "a":
        address = (attributes.get("href") or "").strip()
        address = address if address.lower().startswith(_ADDRESSES) else ""
    article = context.article or tag in ("main", "article")
    if style == context.style and address == context.address and article == context.article:
        return context
    return replace(context, style=style, address=address, article=article)


def is_icon(tag: str, attributes: Attributes) -> bool:
    """Whether an element's letters are drawn as a picture."""
    return tag in ("i", "span") and _ICONS.search(attributes.get("class") or "") is not None


def is_furniture(element: LexborNode, tag: str, context: Context) -> bool:
    """Whether an element stands around a page's text: navigation, footers, notes on cookies, choices of a form."""
    if tag in _NEVER_FURNITURE:
        return False
    attributes = element.attributes
    if tag in _FURNITURE_TAGS or (attributes.get("role") or "") in _FURNITURE_ROLES:
        return True
    if tag == "aside":
        return not context.article
    if tag == "header":
        return not context.article and element.css_first("h1, h2") is None
    names = (attributes.get("class") or "").split() + (attributes.get("id") or "").split()
    named = any(_FURNITURE_NAME.fullmatch(name) for name in names)
    return named and element.css_first("main, article, h1") is None


def rows_of(element: LexborNode) -> Iterable[LexborNode]:
    """The rows of a table itself, not of those within it."""
    for child in element.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child.iter() if row.tag == "tr")


def is_layout(element: LexborNode, rows: list[LexborNode]) -> bool:
    """Whether a table only arranges a page: it holds tables or headings, or has one row or column without heads."""
    if (element.attributes.get("role") or "") in ("presentation", "none"):
        return True
    nested = element.css_first("table table") is not None
    if element.css_first("th") is not None and not nested:
        return False
    if nested or element.css_first("h1, h2, h3") is not None:
        return True
    widths = [sum(cell.tag in ("td", "th") for cell in row.iter()) for row in rows]
    return len(rows) == 1 or max(widths, default=0) <= 1


def path_of(element: LexborNode, parent: str, number: int) -> str:
    """An element's CSS selector: by its id where it has one, else by its number under its parent."""
    name = element.attributes.get("id")
    if name and _NAME.match(name):
        return f"#{name}"
    return f"{parent} > {element.tag}:nth-child({number})" if parent else f"{element.tag}:nth-child({number})"


def number_of(value: str | None) -> int:
    """A small positive number of an attribute, 1 where it has none."""
    return min(int(value[:6]), 1_000) if value and value.isascii() and value.isdigit() and int(value[:6]) > 0 else 1
