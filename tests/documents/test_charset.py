"""Bytes in old charsets become the words that were written, whatever their label says."""

from __future__ import annotations

import pytest

from calfeed.documents.charset import decoded

TEXTS = {
    "ru": "Заседание комитета состоится 12 мая 2014 года в Женеве. Семинар по отходам: июнь 2014. ",
    "fr": "Réunion préparatoire à Genève, l’école d’été 2014 – cœur de la programmation. ",
    "de": "Die Sitzung findet am 3. März in Zürich statt. Größe: 5 m². Müßige Übung für Ärzte. ",
    "pl": "Spotkanie odbędzie się 12 października 2014 w Łodzi, ulica Żwirki; święto źródeł. ",
    "el": "Η συνάντηση θα πραγματοποιηθεί στις 12 Μαΐου 2014 στην Αθήνα. ",
    "ar": "يعقد الاجتماع في 12 مايو 2014 في جنيف وسيستمر ثلاثة أيام ",
    "zh": "会议将于2014年5月12日在日内瓦举行，研讨会定于六月。",
    "ja": "会議は2014年5月12日にジュネーブで開催されます。",
    "ko": "회의는 2014년 5월 12일 제네바에서 열립니다. ",
}
CHARSETS = [
    *(("ru", name) for name in ("cp1251", "koi8-r", "iso8859-5", "cp866")),
    *(("fr", name) for name in ("cp1252", "mac_roman")),
    ("de", "latin-1"), ("pl", "cp1250"), ("pl", "iso8859-2"), ("el", "cp1253"), ("ar", "cp1256"), ("ar", "iso8859-6"),
    ("zh", "gb18030"), ("ja", "cp932"), ("ja", "euc_jp"), ("ja", "iso2022_jp"), ("ko", "cp949"),
]  # fmt: skip


@pytest.mark.parametrize(("lang", "charset"), CHARSETS)
def test_an_old_charset_is_found_out(lang: str, charset: str) -> None:
    text = TEXTS[lang] * 3
    assert decoded(text.encode(charset), None) == text
    assert decoded(text.encode(charset), charset) == text


@pytest.mark.parametrize(("lang", "charset"), [("ru", "cp1251"), ("ru", "koi8-r"), ("fr", "cp1252"), ("de", "cp1252")])
@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "koi8-r", "windows-1251", "gb2312", "punycode", "idna", "x"])
def test_a_wrong_label_gives_no_mojibake(lang: str, charset: str, label: str) -> None:
    text = TEXTS[lang] * 3
    assert decoded(text.encode(charset), label) == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1252", "utf-16", None])
def test_utf_8_comes_first_where_it_fits(label: str | None) -> None:
    assert decoded("Genève".encode(), label) == "Genève"


def test_a_broken_letter_does_not_turn_utf_8_into_another_charset() -> None:
    text = TEXTS["ru"] * 3
    assert decoded(text.encode() + b"\xd0", None) == text + "\ufffd"


@pytest.mark.parametrize("wide", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(wide: str) -> None:
    assert decoded("Meeting on 3 May in Genève".encode(wide), None) == "Meeting on 3 May in Genève"


def test_a_page_says_its_charset_itself() -> None:
    page = '<meta charset="windows-1251"><p>Май'
    assert decoded(page.encode("cp1251"), None) == page
