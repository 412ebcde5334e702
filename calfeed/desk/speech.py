"""The language of the desk's pages: chosen at the desk, else the browser's."""

from __future__ import annotations

from pathlib import Path

import flask_babel
from flask import Flask, g, request, session

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")


def gettext(text: str, **values: object) -> str:
    """`text` in the language of the request."""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The form of a text that goes with the number `num`."""
    return str(flask_babel.ngettext(one, many, num, **values))


def language() -> str:
    """The language of this request's answer: asked for in the address (and then remembered), remembered, accepted."""
    if "lang" not in g:
        asked = request.args.get("lang", "")
        if asked in LANGUAGES:
            session["lang"] = asked
        remembered = session.get("lang")
        g.lang = remembered if remembered in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"
    return str(g.lang)


def init_speech(app: Flask) -> None:
    """Give the application the desk's translations."""
    flask_babel.Babel(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=lambda: language() if request else "en",
    )
