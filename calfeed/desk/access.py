"""Who a request is from, and whether it may: sessions, the token on loopback, proxies, forged requests.

Every view names the role that it needs (`needs`); one that names none cannot be registered. Sessions are Flask's
signed cookies: they hold a name, the account's epoch and a token against forged requests, which is asked of all that
changes anything. On loopback the address with the token that `calfeed desk` prints opens a session.
"""

from __future__ import annotations

import hmac
import ipaddress
import math
import os
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, g, redirect, render_template, request, session
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from calfeed.desk.people import Account, Accounts, Person, Role
from calfeed.desk.speech import gettext as _
from calfeed.settings import Settings
from calfeed.web.flood import Brake, client_of

EXTENSION = "calfeed-access"
SAFE = ("GET", "HEAD", "OPTIONS")
# The reader's language stays when a session begins anew.
KEPT = ("lang",)

blueprint = Blueprint("access", __name__)
_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass
class Access:
    """How one gets in. `token` opens a session on loopback as `local` (None: only accounts do)."""

    settings: Settings
    accounts: Accounts
    token: str | None = None
    local: str = "editor"
    brake: Brake = field(default_factory=lambda: Brake(tries=5, seconds=30.0))
    client_brake: Brake = field(default_factory=lambda: Brake(tries=30, seconds=10.0))
    try_brake: Brake = field(default_factory=lambda: Brake(tries=10, seconds=6.0))

    @property
    def by_name(self) -> bool:
        """Whether people sign in with a name and a password."""
        return self.token is None and not self.settings.desk.proxy_header

    @property
    def seal(self) -> str:
        """What a session of this token holds, so that another token ends it."""
        return sha256((self.token or "").encode()).hexdigest()[:32]


def needs(role: Role) -> Callable[[Callable[_P, _R]], Callable[_P, _R]]:
    """The role without which a view is not run."""

    def mark(view: Callable[_P, _R]) -> Callable[_P, _R]:
        view.role = role  # type: ignore[attr-defined]
        return view

    return mark


def init_access(app: Flask, access: Access) -> None:
    """Let no request pass that may not. Call it when all views are there: raises LookupError for one without a role."""
    app.extensions[EXTENSION] = access
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not hasattr(view, "role"):
            raise LookupError(f"the view {endpoint} names no role")
    app.before_request(_gate)


def access_of_app() -> Access:
    found: Access = current_app.extensions[EXTENSION]
    return found


def person() -> Person | None:
    """Who the request is from, None where nobody has signed in."""
    if "person" not in g:
        g.person = _find_person(access_of_app())
    found: Person | None = g.person
    return found


def me() -> Person:
    """Who the request is from, in a view that needs a role."""
    found = person()
    if found is None:
        abort(401)
    return found


def may(role: Role) -> bool:
    found = person()
    return found is not None and found.role >= role


def csrf() -> str:
    """The token that a form of this session sends along."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def _gate() -> AnyResponse | tuple[str, int] | None:
    access = access_of_app()
    if not _host_is_ours(access.settings):
        return Response("This is not the address of this desk.\n", 421, content_type="text/plain; charset=utf-8")
    if request.endpoint is None or request.endpoint == "static":
        return None
    if request.method not in SAFE and not _is_own_form():
        raise Forbidden(_("The form is too old, or was not made by this desk. Go back, load the page anew, try again."))
    role: Role = vars(current_app.view_functions[request.endpoint])["role"]
    if role is Role.ANYBODY:
        return None
    found = person()
    if found is None:
        return _sign_in_page(401)
    if found.role < role:
        raise Forbidden(_("Your role does not allow this."))
    return None


def _host_is_ours(settings: Settings) -> bool:
    """Whether the request names an address of ours: a page elsewhere whose name leads to 127.0.0.1 does not."""
    host = urlsplit(f"//{request.host}").hostname or ""
    named = urlsplit(settings.desk.url or "").hostname
    return host == named if named else is_loopback(host)


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_own_form() -> bool:
    """Whether the request was made by a page of this session (a token), and sent from one (Origin, Sec-Fetch-Site)."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return False
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    return "csrf" in session and hmac.compare_digest(sent.encode(), str(session["csrf"]).encode())


def _find_person(access: Access) -> Person | None:
    header = access.settings.desk.proxy_header
    if header:
        return _named_by_proxy(access, request.headers.get(header, "").strip()[:80])
    name, epoch = session.get("who"), str(session.get("epoch", ""))
    if not isinstance(name, str):
        return None
    if session.get("local"):
        known = access.token is not None and hmac.compare_digest(epoch, access.seal)
        return Person(name, Role.ADMINISTRATOR) if known else None
    if issued := session.get("issued"):
        return Person(name, Role.named(str(issued))) if epoch == access.settings.desk.issuer else None
    account = access.accounts.named(name)
    return account.person if account and hmac.compare_digest(account.epoch, epoch) else None


def _named_by_proxy(access: Access, name: str) -> Person | None:
    if not name or not _from_proxy(access):
        return None
    account = access.accounts.named(name)
    return account.person if account else Person(name, Role.named(access.settings.desk.proxy_role))


def _from_proxy(access: Access) -> bool:
    """Whether the proxy itself speaks: nobody else may name a person."""
    peer = request.environ.get("REMOTE_ADDR", "")
    return peer in access.settings.desk.proxies


def enter(name: str, epoch: str, **more: str | bool) -> None:
    """Begin a session: nothing of an earlier one stays but the language."""
    kept = {key: session[key] for key in KEPT if key in session}
    session.clear()
    session.update(kept | {"who": name, "epoch": epoch} | more)
    session.permanent = True
    csrf()
    g.pop("person", None)


@blueprint.get("/enter")
@needs(Role.ANYBODY)
def enter_by_token() -> AnyResponse | tuple[str, int]:
    """Loopback: the address with the token opens a session, and the token leaves the address."""
    access = access_of_app()
    given = request.args.get("token", "")
    if access.token is None or not hmac.compare_digest(given.encode(), access.token.encode()):
        return _sign_in_page(401)
    enter(access.local, access.seal, local=True)
    return redirect(_next())


@blueprint.get("/login")
@needs(Role.ANYBODY)
def login() -> AnyResponse | tuple[str, int]:
    return redirect("/") if person() else _sign_in_page(200)


@blueprint.post("/login")
@needs(Role.ANYBODY)
def sign_in() -> AnyResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Name and password. What is wrong of them is not told, and guessing is slowed by name and by client."""
    access = access_of_app()
    name, password = request.form.get("name", "")[:80], request.form.get("password", "")
    client = client_of(request.environ, access.settings.limits.proxies)
    wait = max(access.client_brake.wait(client), access.brake.wait(f"{name.casefold()} {client}"))
    if wait:
        page, code = _sign_in_page(429, _("Too many tries. Wait a little, then try again."))
        return page, code, {"Retry-After": str(math.ceil(wait))}
    account = access.accounts.verify(name, password) if access.by_name else None
    if account is None:
        return _sign_in_page(401, _("This name and password do not belong together."))
    access.brake.forgive(f"{name.casefold()} {client}")
    _open(account)
    return redirect(_next(), 303)


def _open(account: Account) -> None:
    enter(account.name, account.epoch)


@blueprint.post("/logout")
@needs(Role.READER)
def sign_out() -> AnyResponse:
    session.clear()
    return redirect("/login", 303)


def _sign_in_page(code: int, trouble: str = "") -> tuple[str, int]:
    return render_template("sign_in.html", access=access_of_app(), trouble=trouble, next=_next()), code


def _next() -> str:
    """Where a session goes once it is open: a path of our own, never another site."""
    asked = request.values.get("next", "") or (request.full_path.rstrip("?") if request.method == "GET" else "")
    asked = "/" if asked.startswith(("/enter", "/login", "/oidc")) else asked
    return asked if asked.startswith("/") and not asked.startswith(("//", "/\\")) else "/"


def secret_of(folder: Path) -> bytes:
    """The key that cookies are signed with, made once and readable by its owner alone."""
    path = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".secret.{os.getpid()}.{threading.get_ident()}"
    fresh.touch(mode=0o600)
    fresh.write_bytes(secrets.token_bytes(32))
    try:
        # Linked, not renamed: of several processes that start at once one makes the key of all.
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes()
