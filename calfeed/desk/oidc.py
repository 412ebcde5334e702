"""Sign in with an organisation's own accounts: OpenID Connect, the authorization code flow with PKCE (RFC 7636).

Authlib checks the provider's token (OpenID Connect Core 1.0, section 3.1.3.7); the provider's addresses come from its
configuration document (OpenID Connect Discovery 1.0, section 4).
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from flask import Blueprint, abort, redirect, request, session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from werkzeug.wrappers import Response

from calfeed.desk.access import enter, is_loopback, needs
from calfeed.desk.people import Role
from calfeed.desk.shared import settings
from calfeed.desk.speech import gettext as _
from calfeed.errors import CalfeedError, SettingsError
from calfeed.settings import Desk

blueprint = Blueprint("oidc", __name__, url_prefix="/oidc")
SECONDS = 10.0
# How long what a provider says of itself is believed.
KNOWN_FOR = 3600.0
ALGORITHMS = ["RS256", "ES256", "PS256"]
LARGEST = 1_000_000

_known: dict[str, tuple[float, dict[str, Any]]] = {}
_lock = threading.Lock()


@blueprint.get("/start")
@needs(Role.ANYBODY)
def start() -> Response:
    """Send the browser to the provider."""
    desk = _desk()
    verifier, state, nonce = (secrets.token_urlsafe(48) for _ in range(3))
    asked = request.args.get("next", "/")
    after = asked if asked.startswith("/") and not asked.startswith(("//", "/\\")) else "/"
    session["oidc"] = {"state": state, "nonce": nonce, "verifier": verifier, "next": after, "at": time.time()}
    query = {
        "response_type": "code",
        "client_id": desk.client_id,
        "redirect_uri": _back(desk),
        "scope": "openid profile email",
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }
    return redirect(f"{_provider(desk)['authorization_endpoint']}?{urlencode(query)}")


@blueprint.get("/back")
@needs(Role.ANYBODY)
def back() -> Response:
    """The provider sent the browser back: exchange the code, check the token, open a session."""
    desk, begun = _desk(), session.pop("oidc", None)
    given = request.args.get("state", "")
    if not isinstance(begun, dict) or not secrets.compare_digest(given.encode(), str(begun["state"]).encode()):
        abort(400, _("This sign-in was not begun here, or is over. Begin anew."))
    if "code" not in request.args:
        abort(403, _("Your organisation did not let you in."))
    provider = _provider(desk)
    answer = _ask(
        provider["token_endpoint"],
        {
            "grant_type": "authorization_code",
            "code": request.args["code"],
            "redirect_uri": _back(desk),
            "client_id": desk.client_id or "",
            "client_secret": _secret(desk),
            "code_verifier": begun["verifier"],
        },
    )
    claims = _claims(str(answer.get("id_token", "")), provider, desk, begun["nonce"])
    role = role_of(claims, desk)
    if role is Role.ANYBODY:
        abort(403, _("Your organisation's account has no role at this desk."))
    name = str(claims.get("name") or claims.get("email") or claims.get("preferred_username") or claims["sub"])[:80]
    enter(name, desk.issuer or "", issued=role.name.lower())
    return redirect(str(begun["next"]))


def role_of(claims: dict[str, Any], desk: Desk) -> Role:
    """The highest role that the settings give to a value of the claim; none where they give none."""
    values = claims.get(desk.role_claim, [])
    values = [values] if isinstance(values, str) else values if isinstance(values, list) else []
    found = [Role.named(desk.roles[value]) for value in values if isinstance(value, str) and value in desk.roles]
    return max(found, default=Role.named(desk.roles["*"]) if "*" in desk.roles else Role.ANYBODY)


def _claims(token: str, provider: dict[str, Any], desk: Desk, nonce: str) -> dict[str, Any]:
    keys = _fetch(provider["jwks_uri"])
    try:
        read = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]
        claims = CodeIDToken(
            read.claims,
            read.header,
            options={
                "iss": {"essential": True, "value": desk.issuer},
                "aud": {"essential": True, "value": desk.client_id},
            },
            params={"nonce": nonce, "client_id": desk.client_id},
        )
        claims.validate(leeway=60)
    except Exception as error:
        if not isinstance(error, JoseError | ValueError) and not type(error).__module__.startswith("authlib"):
            raise
        abort(403, _("What your organisation said could not be checked."))
    return dict(read.claims)


def _desk() -> Desk:
    desk = settings().desk
    if not desk.issuer or not desk.client_id or not desk.url:
        abort(404)
    return desk


def _back(desk: Desk) -> str:
    return f"{desk.url}/oidc/back"


def _secret(desk: Desk) -> str:
    if desk.client_secret is None:
        return ""
    try:
        return Path(settings().folder, desk.client_secret).read_text("utf-8").strip()
    except OSError as error:
        raise SettingsError("the client's secret cannot be read.", mend="See desk.client_secret.") from error


def _provider(desk: Desk) -> dict[str, Any]:
    """What the provider says of itself. Raises CalfeedError where it cannot be asked."""
    issuer = desk.issuer or ""
    with _lock:
        at, found = _known.get(issuer, (0.0, {}))
        if time.monotonic() - at > KNOWN_FOR or not found:
            found = _fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != issuer:
                raise CalfeedError("the provider calls itself otherwise.", mend="Correct desk.issuer in calfeed.toml.")
            _known[issuer] = time.monotonic(), found
        return found


def _fetch(url: str) -> dict[str, Any]:
    return _json("GET", url, None)


def _ask(url: str, fields: dict[str, str]) -> dict[str, Any]:
    return _json("POST", url, fields)


def _json(method: str, url: str, fields: dict[str, str] | None) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise CalfeedError("the provider is not reached over https.", mend="Correct desk.issuer in calfeed.toml.")
    try:
        with urllib3.PoolManager(retries=False, timeout=SECONDS) as pool:
            body = urlencode(fields) if fields else None
            headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
            answer = pool.request(method, url, body=body, headers=headers, redirect=False)
            found = json.loads(answer.data[:LARGEST]) if answer.status == 200 else None
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise CalfeedError("the provider cannot be asked.", mend="Try again later.") from error
    if not isinstance(found, dict):
        raise CalfeedError("the provider refused the request.", mend="Begin anew.")
    return found
