"""Bytes -> Document: charsets, what is refused, cleaning, blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calfeed.documents import MAX_BYTES, read, sniff
from calfeed.errors import DocumentError
from calfeed.model import BlockKind, Where


def text_of(content: bytes, **known: str) -> str:
    return "\n".join(line for block in read(content, source="test", **known).blocks for line in block.lines)


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
        (b"<!DOCTYPE html><title>x</title>", "HTML"),
        (b"  \n<HTML>", "HTML"),
        (b"BEGIN:VCALENDAR\r\n", "iCalendar"),
        (b"\x89PNG\r\n", "image/png"),
    ],
)
def test_what_is_no_text_is_refused_by_name(content: bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        read(content, source="programme", name="programme.txt")


def test_a_word_document_is_called_one() -> None:
    with pytest.raises(DocumentError, match="DOCX"):
        read(b"PK\x03\x04" + bytes(60), source="programme", name="programme.docx")


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
    assert sniff(content, declared, name) == wanted


def test_control_and_bidirectional_characters_are_gone() -> None:
    assert text_of("A\u202eb\u2066c\u200b\u00add\x07e\u00a0f\u2028g\u3000h".encode()) == "Abcde f g h"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_numbered_as_an_editor_does(end: str) -> None:
    document = read(f"One{end}{end}Two{end}\x0cThree{end}".encode(), source="test")
    assert [block.where for block in document.blocks] == [Where(lines=(1, 1)), Where(lines=(3, 4))]


def test_marked_headings_have_their_level() -> None:
    text = "# Work\n\n## Bolts ##\n\nNuts\n====\n\nWashers\n-------\n\nPlain\n"
    found = [(block.kind, block.text, block.level) for block in read(text.encode(), source="test").blocks]
    assert found == [
        (BlockKind.HEADING, "Work", 1),
        (BlockKind.HEADING, "Bolts", 2),
        (BlockKind.HEADING, "Nuts", 1),
        (BlockKind.HEADING, "Washers", 2),
        (BlockKind.PARAGRAPH, "Plain", 0),
    ]


TABLES = {
    "pipes": "| Date | Event |\n|---|---|\n| May 2014 | Meeting |\n| June 2014 | **Course** |",
    "tabs": "Date\tEvent\nMay 2014\tMeeting\nJune 2014\tCourse",
    "spaces": "Date         Event\nMay 2014     Meeting\nJune 2014    Course",
}


@pytest.mark.parametrize("layout", ["pipes", "tabs", "spaces"])
def test_a_table_has_rows_with_the_names_of_their_columns(layout: str) -> None:
    blocks = read(TABLES[layout].encode(), source="test").blocks
    assert [(block.kind, block.cells, block.columns) for block in blocks] == [
        (BlockKind.ROW, ("Date", "Event"), ()),
        (BlockKind.ROW, ("May 2014", "Meeting"), ("Date", "Event")),
        (BlockKind.ROW, ("June 2014", "Course"), ("Date", "Event")),
    ]


def test_a_cell_that_runs_over_two_lines_is_one() -> None:
    text = "Date         Event\nMay 2014     Meeting of the\n             board\nJune 2014    Course\n"
    rows = read(text.encode(), source="test").blocks
    assert [row.cells for row in rows] == [
        ("Date", "Event"),
        ("May 2014", "Meeting of the board"),
        ("June 2014", "Course"),
    ]


def test_page_furniture_is_left_out_and_places_stay() -> None:
    page = "Programme 2014          Institute\n\n{}\n\nPage {} of 3\n\x0c"
    text = "".join(page.format(body, n) for n, body in enumerate(("One runs on", "over the page", "Three"), start=1))
    found = [(block.text, block.where.lines) for block in read(text.encode(), source="test").blocks]
    assert found == [
        ("Programme 2014          Institute", (1, 1)),
        ("One runs on over the page", (3, 8)),
        ("Three", (13, 13)),
    ]


def test_a_header_that_names_the_only_section_opens_the_document() -> None:
    pages = "\n\x0c".join(f"Calendar of events\n\n- Webinar {n}: May 2014\n" for n in range(4))
    found = [block.text for block in read(pages.encode(), source="test").blocks]
    assert [text for text in found if "Calendar" in text] == ["Calendar of events"]
    assert found[1:] == [f"- Webinar {n}: May 2014" for n in range(4)]


def test_a_number_alone_is_no_page_number_without_another() -> None:
    assert [block.text for block in read(b"Bolts\n\n12\n\nNuts\n", source="test").blocks] == ["Bolts", "12", "Nuts"]


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
    assert read(text.encode(), source="test").lang == lang


def test_a_given_language_is_not_questioned() -> None:
    assert read(b"Les ateliers de la ville", source="test", lang="pt").lang == "pt"


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        document = read(content, source="test")
    except DocumentError as error:
        assert str(error).startswith("test")
    else:
        assert not any(letter in block.text for block in document.blocks for letter in "\0\x1b\u202e")
