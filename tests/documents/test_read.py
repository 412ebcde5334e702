"""Bytes -> Tree: charsets, what is refused, cleaning, the language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.documents import MAX_BYTES, media_type_of, read_tree
from calfeed.errors import DocumentError


def text_of(content: bytes, **known: str) -> str:
    return "\n".join(node.text for node in read_tree(content, source="test", **known).root.walk() if node.text)


@pytest.mark.parametrize(
    "content",
    [
        "Réunion à Genève".encode(),
        b"\xef\xbb\xbf" + "Réunion à Genève".encode(),
        "Réunion à Genève".encode("utf-16"),
        b"\xff\xfe\x00\x00" + "Réunion à Genève".encode("utf-32-le"),
        "Re\u0301union a\u0300 Gene\u0300ve".encode(),
    ],
)
def test_unicode_is_read_in_any_form(content: bytes) -> None:
    assert text_of(content) == "Réunion à Genève"


def test_a_declared_charset_is_tried_first() -> None:
    assert text_of("Женева".encode("koi8-r"), media_type="text/plain; charset=KOI8-R") == "Женева"


def test_a_wrong_or_unknown_charset_gives_way_to_utf_8() -> None:
    assert text_of("Женева".encode(), media_type="text/plain; charset=ascii") == "Женева"
    assert text_of("Женева".encode(), media_type="text/plain; charset=klingon") == "Женева"


def test_an_old_charset_is_found_out() -> None:
    text = "Réunion préparatoire à Genève, puis une journée d'échange près de l'école, été 2014. " * 3
    assert text_of(text.encode("cp1252")) == text.strip()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"Calendar\0of events", "NUL"),
        (b"\x01\x02\x03\x04" * 40 + b"text", "control"),
        (bytes(range(128, 256)) * 4 + b"\0", "no text"),
        ("Calendar \ud800".encode("utf-8", "surrogatepass"), "no text"),
        ("Calendar \ud800".encode("utf-16-le", "surrogatepass"), "no text"),
        (b"x" * (MAX_BYTES + 1), "20 MiB"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"PK\x03\x04" + bytes(60), "ZIP"),
        (b"\x89PNG\r\n", "a picture"),
    ],
)
def test_what_is_no_text_is_refused_by_name(content: bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        read_tree(content, source="programme", name="programme.txt")


def test_a_word_document_is_called_one() -> None:
    with pytest.raises(DocumentError, match="DOCX"):
        read_tree(b"PK\x03\x04" + bytes(60), source="programme", name="programme.docx")


@pytest.mark.parametrize(
    ("content", "declared", "name", "wanted"),
    [
        (b"# Title", None, "a.md", "text/markdown"),
        (b"# Title", "text/plain", "a.md", "text/markdown"),
        (b"# Title", "text/plain", "https://example.org/a.md?v=1", "text/markdown"),
        (b"Title", None, "programme", "text/plain"),
        (b"Title", "application/octet-stream", "a.pdf", "text/plain"),
        (b"<html>", "text/plain", "a.txt", "text/html"),
        (b"Title", "text/html", "a.txt", "text/html"),
    ],
)
def test_the_format_is_told_by_bytes_then_declaration_then_name(
    content: bytes, declared: str | None, name: str, wanted: str
) -> None:
    assert media_type_of(content, declared, name) == wanted


def test_control_and_bidirectional_characters_are_gone() -> None:
    assert text_of("A\u202eb\u2066c\u200b\u00add\x07e\u00a0f\u2028g\u3000h".encode()) == "Abcde f g h"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_numbered_as_an_editor_does(end: str) -> None:
    tree = read_tree(f"One.{end}{end}Two.{end}{end}\x0cThree.{end}".encode(), source="test")
    assert [node.where.lines for node in tree.root.walk() if node.text.endswith(".")] == [(1, 1), (3, 3), (5, 5)]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("The workshops of the institute and the webinars are for all", "en"),
        ("Les ateliers de l'institut et les réunions sont pour tous", "fr"),
        ("Los talleres del instituto y las reuniones son para todos", "es"),
        ("Die Kurse des Instituts und die Treffen sind für alle", "de"),
        ("Семинары института", "ru"),
        ("研讨会和会议", "zh"),
        ("ورش العمل والاجتماعات", "ar"),
        ("Bolts 2014", None),
        ("", None),
    ],
)
def test_the_language_is_told_by_script_or_commonest_words(text: str, lang: str | None) -> None:
    assert read_tree(text.encode(), source="test").lang == lang


def test_a_given_language_is_not_questioned() -> None:
    assert read_tree(b"Les ateliers de la ville", source="test", lang="pt").lang == "pt"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        tree = read_tree(content, source="test")
    except DocumentError as error:
        assert str(error).startswith("test")
    else:
        assert not any(letter in node.text for node in tree.root.walk() for letter in "\0\x1b\u202e")
