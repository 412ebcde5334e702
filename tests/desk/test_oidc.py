"""Signing in with an organisation's own accounts, against a provider of this test that speaks OpenID Connect."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from calfeed.desk import create_desk
from tests.desk.desks import SETTINGS, desk_in

DESK = "https://desk.example.org"


class Provider:
    """Gives the code "good" for whatever challenge it was last asked with, and an ID token with `claims`."""

    def __init__(self) -> None:
        self.key, self.other = RSAKey.generate_key(2048, {"kid": "k"}), RSAKey.generate_key(2048, {"kid": "k"})
        self.claims: dict[str, Any] = {}
        self.challenge = self.nonce = ""
        self.forged = False
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                url = provider.url
                answers = {
                    "/.well-known/openid-configuration": {
                        "issuer": url,
                        "authorization_endpoint": f"{url}/auth",
                        "token_endpoint": f"{url}/token",
                        "jwks_uri": f"{url}/keys",
                    },
                    "/keys": {"keys": [provider.key.as_dict(private=False)]},
                }
                self.answer(200, answers[self.path])

            def do_POST(self) -> None:
                sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                proven = create_s256_code_challenge(sent["code_verifier"][0]) == provider.challenge
                good = proven and sent["code"] == ["good"] and sent["client_secret"] == ["secret"]
                self.answer(200 if good else 400, {"id_token": provider.token()})

            def answer(self, code: int, body: object) -> None:
                octets = json.dumps(body).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(octets)))
                self.end_headers()
                self.wfile.write(octets)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "aud": "desk", "sub": "7", "exp": now + 60, "iat": now, "nonce": self.nonce}
        signer = self.other if self.forged else self.key
        return jwt.encode(
            {"alg": "RS256", "kid": "k"}, claims | {"name": "Nora", "groups": ["staff"]} | self.claims, signer
        )


@pytest.fixture
def provider() -> Iterator[Provider]:
    found = Provider()
    thread = threading.Thread(target=found.server.serve_forever, daemon=True)
    thread.start()
    yield found
    found.server.shutdown()
    found.server.server_close()


def sign_in(folder: Path, provider: Provider, **changed: str) -> tuple[Any, TestResponse]:
    """Begin at the desk, let the provider say yes, and come back."""
    text = f'[desk]\nurl = "{DESK}"\nissuer = "{provider.url}"\nclient_id = "desk"\nclient_secret = "secret.txt"\n'
    desk = desk_in(folder, settings=SETTINGS + text + 'roles = { staff = "editor" }\n')
    (folder / "secret.txt").write_text("secret\n", "utf-8")
    client = create_desk(desk.settings, desk=desk).test_client()
    begun = client.get("/oidc/start?next=/events", base_url=DESK)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun.headers["Location"]).query).items()}
    assert asked["redirect_uri"] == f"{DESK}/oidc/back" and asked["code_challenge_method"] == "S256"
    provider.challenge, provider.nonce = asked["code_challenge"], asked["nonce"]
    back = {"code": "good", "state": asked["state"]} | changed
    return client, client.get("/oidc/back", base_url=DESK, query_string=back)


def test_the_claim_gives_the_role(tmp_path: Path, provider: Provider) -> None:
    client, answer = sign_in(tmp_path, provider)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/events")
    page = client.get("/upload", base_url=DESK)
    assert page.status_code == 200 and "Nora" in page.get_data(as_text=True)
    assert client.get("/people", base_url=DESK).status_code == 403


@pytest.mark.parametrize(
    ("claims", "changed", "code"),
    [
        ({}, {"state": "guessed"}, 400),
        ({}, {"code": "bad"}, 400),
        ({"groups": ["guests"]}, {}, 403),
        ({"groups": "administrator"}, {}, 403),
        ({"aud": "another"}, {}, 403),
        ({"iss": "https://evil.example"}, {}, 403),
        ({"nonce": "of another sign-in"}, {}, 403),
        ({"exp": 1}, {}, 403),
    ],
)
def test_what_is_not_right_opens_nothing(
    tmp_path: Path, provider: Provider, claims: dict[str, Any], changed: dict[str, str], code: int
) -> None:
    provider.claims = claims
    client, answer = sign_in(tmp_path, provider, **changed)
    assert answer.status_code == code and client.get("/", base_url=DESK).status_code == 401


def test_a_token_of_another_key_opens_nothing(tmp_path: Path, provider: Provider) -> None:
    provider.forged = True
    client, answer = sign_in(tmp_path, provider)
    assert answer.status_code == 403 and client.get("/", base_url=DESK).status_code == 401
