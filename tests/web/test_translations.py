"""Every text of the pages stands in every language, and the compiled catalogues are those of the sources."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from calfeed.web.pages.language import TRANSLATIONS

LANGUAGES = ["fr", "es", "ar", "ru", "zh"]
METHODS = [("pages/**.py", "python"), ("templates/pages/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "_l": None, "ngettext": (1, 2), "gettext": None}
MARK = re.compile(r"%\(\w+\)\w")


def texts() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(TRANSLATIONS.parent, METHODS, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_translated(lang: str) -> None:
    catalogue = read_po(BytesIO((TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po").read_bytes()))
    missing = [text for text in texts() if not (found := catalogue.get(text)) or not all(_forms(found.string))]
    assert missing == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_translation_loses_a_value(lang: str) -> None:
    for message in read_po(BytesIO((TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po").read_bytes())):
        wanted = set(MARK.findall(_forms(message.id)[-1])) if message.id else set()
        for form in _forms(message.string) if message.id else ():
            assert set(MARK.findall(form)) == wanted, message.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_its_source(lang: str) -> None:
    folder = TRANSLATIONS / lang / "LC_MESSAGES"
    source = read_po(BytesIO((folder / "messages.po").read_bytes()))
    compiled = read_mo(BytesIO((folder / "messages.mo").read_bytes()))
    told = [{_forms(one.id)[0]: _forms(one.string) for one in found if one.id} for found in (source, compiled)]
    assert told[0] == told[1]


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
