"""The editors' desk: a web application of its own, beside the public site, for the people who look after a programme.

In: settings, the draft (`data/events.toml`), documents that people hand over. Out: the draft, changed in somebody's
name (`draft`), and, when somebody publishes, a generation. Pages are rendered here; small scripts make them quicker.
Must not know: the command line. The public site knows nothing of the desk.

    draft, steps      one door to every change, with a name, an instant and a way back
    edits, letter     what editors do to events and to an edition, as functions from values to values
    people, access    who may do what, and who a request is from
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, redirect, render_template
from werkzeug.exceptions import HTTPException

from calfeed.desk import access, documents, events, oidc, overview, persons, speech, trying, uploads
from calfeed.desk.draft import Desk
from calfeed.desk.people import Accounts, Role
from calfeed.desk.shared import EXTENSION, describe, told
from calfeed.documents.decode import MAX_BYTES
from calfeed.errors import CalfeedError
from calfeed.settings import Settings
from calfeed.web.headers import secure

__all__ = ["Desk", "create_desk", "create_try", "new_token"]

PARTS = (access, overview, events, uploads, documents, trying, persons)
SESSION_HOURS = 12
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def create_desk(
    settings: Settings, *, token: str | None = None, local: str = "editor", desk: Desk | None = None, preview: str = ""
) -> Flask:
    """The desk as a WSGI application.

    `token` opens it on loopback, for the person `local`, an administrator; without one people sign in with accounts.
    `preview` is the address at which a preview is served, "" where none is.
    """
    desk = desk or Desk(settings)
    app = _bare(settings, desk, access.secret_of(desk.folder))
    app.config.update(PREVIEW=preview)
    for part in PARTS:
        app.register_blueprint(part.blueprint)
    app.register_blueprint(oidc.blueprint)
    access.init_access(app, access.Access(settings, Accounts(desk.folder), token=token, local=local))
    return app


def create_try(settings: Settings, secret: bytes) -> Flask:
    """The try page alone, open to whoever reaches it. It writes nothing."""
    desk = Desk(settings)
    app = _bare(settings, desk, secret)
    app.config.update(TRY_ONLY=True)
    app.register_blueprint(access.blueprint)
    app.register_blueprint(trying.blueprint)
    app.add_url_rule("/", "home", access.needs(Role.ANYBODY)(lambda: redirect("/try")))
    access.init_access(app, access.Access(settings, Accounts(desk.folder), token=new_token()))
    return app


def _bare(settings: Settings, desk: Desk, secret: bytes) -> Flask:
    """What both applications are: sessions, words, errors, headers; no views yet."""
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.secret_key = secret
    app.config.update(
        SESSION_COOKIE_NAME="calfeed-desk",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=urlsplit(settings.desk.url or "").scheme == "https",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=SESSION_HOURS),
        MAX_CONTENT_LENGTH=MAX_BYTES + 2**20,
        MAX_FORM_MEMORY_SIZE=4 * 2**20,
        MAX_FORM_PARTS=20_000,
        PREVIEW="",
        TRY_ONLY=False,
    )
    app.extensions[EXTENSION] = desk
    speech.init_speech(app)
    app.context_processor(lambda: describe(asset))
    app.register_error_handler(HTTPException, _trouble)
    app.register_error_handler(CalfeedError, _refused)
    app.after_request(_finish)
    return app


def new_token() -> str:
    """What the address of a desk on loopback ends in."""
    return secrets.token_urlsafe(24)


def asset(name: str) -> str:
    """The address of a static file, with a version that changes with its bytes."""
    path = Path(__file__).parent / "static" / name
    return f"/static/{name}?v={_version(path, path.stat().st_mtime_ns)}"


@lru_cache(maxsize=32)
def _version(path: Path, _changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:8]


def _finish(response: Response) -> Response:
    """What every answer of the desk needs: nobody keeps it, nobody frames it, nothing of it is run elsewhere."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response = secure(response)
    if not response.headers.get("Cache-Control", "").startswith("private") and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response


def _trouble(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    return render_template("trouble.html", code=code, what=error.name, detail=error.description or ""), code


def _refused(error: CalfeedError) -> tuple[str, int]:
    """What an editor asked for that cannot be done, as the one sentence that it is."""
    return render_template(
        "trouble.html", code=400, what=speech.gettext("This cannot be done."), detail=told(error)
    ), 400
