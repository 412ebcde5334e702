"""Every word of a source's visible text stands in some node, each as often as the source has it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calfeed.documents.reading import read_tree
from tests.needs import shared

WORD = re.compile(r"[^\W_]+")
WORDS = st.text("abcxyzÄöéЖя", min_size=2, max_size=8)
DAYS = st.sampled_from(["3 May 2025", "12. Mai", "2025-05-10", "10:30", "Date:", "(tbc)"])
TEXT = st.lists(st.one_of(WORDS, DAYS), min_size=1, max_size=12).map(" ".join)
OPENINGS = st.sampled_from(["", "", "", "* ", "- ", "1. ", "  ", "    ", "# ", "> ", "| ", "a) ", "• ", "\t", ": "])
ENDS = st.sampled_from(["\n", "\n", "\n\n", "\n---\n", "\n====\n", "  \n", "\n\f", " |\n", "\n+\n"])
LINES = st.lists(st.tuples(OPENINGS, TEXT, ENDS).map("".join), min_size=1, max_size=12)
TAGS = st.sampled_from(["p", "div", "li", "td", "span", "b", "h2", "dt", "dd", "nav", "summary", "caption", "a", "th"])
ELEMENTS = st.recursive(
    TEXT, lambda inner: st.tuples(TAGS, st.lists(inner, max_size=4)).map(lambda e: f"<{e[0]}>{' '.join(e[1])}</{e[0]}>")
)


def words_of_tree(content: bytes, name: str) -> Counter[str]:
    nodes = read_tree(content, source="t", name=name).root.walk()
    next(nodes)  # The root's text is its title, which stands in a heading or in the page's head.
    # A list's numbers may be made by its reader.
    return Counter(WORD.findall(" ".join(f"{node.label} {node.text}" for node in nodes)))


def lost(text: str, content: bytes, name: str) -> dict[str, int]:
    return dict(Counter(WORD.findall(text)) - words_of_tree(content, name))


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.adoc", "a.rst"])
@settings(deadline=None, max_examples=60)
@given(lines=LINES)
def test_no_word_of_a_text_is_lost(name: str, lines: list[str]) -> None:
    text = "".join(lines)
    numbers = {word for word in WORD.findall(text) if len(word) == 1}
    # A number or letter before an item is its label, which its format may count anew.
    assert {word for word in lost(text, text.encode(), name) if word not in numbers and not word.isdigit()} <= set()


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.lists(TEXT, min_size=2, max_size=4), min_size=1, max_size=6))
def test_no_cell_of_a_table_is_lost(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows)
    assert lost(text, text.encode(), "a.csv") == {}


@settings(deadline=None, max_examples=100)
@given(elements=st.lists(ELEMENTS, min_size=1, max_size=6))
def test_no_word_of_a_page_is_lost(elements: list[str]) -> None:
    page = " ".join(elements)
    assert lost(_flat(page), page.encode(), "a.html") == {}


class _Flat(HTMLParser):
    """All text of a page but scripts and styles, in the source's order."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: Iterable[object]) -> None:
        self.unseen += tag in ("script", "style", "template", "svg")
        self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.unseen -= tag in ("script", "style", "template", "svg")
        self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.texts.append(data)


def _flat(page: str) -> str:
    flat = _Flat()
    flat.feed(page)
    return "".join(flat.texts)


@pytest.mark.parametrize("folder", ["ar", "de", "en", "es", "fr", "ru", "zh", "files"])
def test_no_word_of_a_real_page_or_table_is_lost(folder: str) -> None:
    for path in sorted(shared("documents", folder).iterdir()):
        if path.suffix not in (".html", ".csv", ".txt"):
            continue
        text = path.read_text("utf-8")
        visible = _flat(text) if path.suffix == ".html" else text
        tree = read_tree(path.read_bytes(), source="t", name=path.name)
        joined = f"{''.join(words_of_tree(path.read_bytes(), path.name))} {tree.title}"
        assert [word for word in lost(visible, path.read_bytes(), path.name) if word not in joined] == []
