"""Every text of the desk stands in every language, and the compiled catalogues are those of the sources."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from calfeed.desk.speech import LANGUAGES, TRANSLATIONS

METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"_": None, "ngettext": (1, 2), "gettext": None}
MARK = re.compile(r"%\(\w+\)\w")
OTHERS = [lang for lang in LANGUAGES if lang != "en"]


def texts() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(TRANSLATIONS.parent, METHODS, keywords=KEYWORDS)
    return {message for _file, _line, message, _comments, _context in found}


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_is_translated_and_loses_no_value(lang: str) -> None:
    catalogue = read_po(BytesIO((TRANSLATIONS / lang / "LC_MESSAGES" / "messages.po").read_bytes()))
    for text in texts():
        found = catalogue.get(text)
        assert found is not None and all(forms(found.string)), text
        wanted = set(MARK.findall(forms(text)[-1]))
        assert all(set(MARK.findall(form)) == wanted for form in forms(found.string)), text


@pytest.mark.parametrize("lang", OTHERS)
def test_the_compiled_catalogue_is_that_of_its_source(lang: str) -> None:
    folder = TRANSLATIONS / lang / "LC_MESSAGES"
    source = read_po(BytesIO((folder / "messages.po").read_bytes()))
    compiled = read_mo(BytesIO((folder / "messages.mo").read_bytes()))
    told = [{forms(one.id)[0]: forms(one.string) for one in found if one.id} for found in (source, compiled)]
    assert told[0] == told[1]
