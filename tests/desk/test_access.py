"""Who may do what: every route by every role, forged requests, sessions, guessing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask

from calfeed.desk import Desk, create_desk, people
from calfeed.desk.people import Accounts, Role
from tests.desk.desks import PROGRAMME, SETTINGS, TOKEN, Visitor, at_loopback, desk_in, imported, uid_of, with_accounts

PEOPLE = {"rita": Role.READER, "eddie": Role.EDITOR, "pia": Role.PUBLISHER, "ada": Role.ADMINISTRATOR}
# Method, path and what is answered to nobody, reader, editor, publisher, administrator.
ROUTES = [
    ("GET", "/", (401, 200, 200, 200, 200)),
    ("GET", "/review", (401, 200, 200, 200, 200)),
    ("GET", "/events", (401, 200, 200, 200, 200)),
    ("GET", "/events/{uid}", (401, 200, 200, 200, 200)),
    ("GET", "/events/nobody", (401, 404, 404, 404, 404)),
    ("GET", "/documents/programme", (401, 200, 200, 200, 200)),
    ("GET", "/documents/programme/report", (401, 200, 200, 200, 200)),
    ("GET", "/documents/programme/pages/1.png", (401, 404, 404, 404, 404)),
    ("GET", "/documents/nothing", (401, 404, 404, 404, 404)),
    ("GET", "/date?text=May", (401, 200, 200, 200, 200)),
    ("GET", "/history", (401, 200, 200, 200, 200)),
    ("GET", "/publish", (401, 200, 200, 200, 200)),
    ("GET", "/letters/0123456789abcdef", (401, 404, 404, 404, 404)),
    ("GET", "/upload", (401, 403, 200, 200, 200)),
    ("GET", "/new", (401, 403, 200, 200, 200)),
    ("GET", "/mistakes", (401, 403, 200, 200, 200)),
    ("GET", "/people", (401, 403, 403, 403, 200)),
    ("GET", "/try", (401, 200, 200, 200, 200)),
    ("GET", "/login", (200, 302, 302, 302, 302)),
    ("GET", "/enter", (401, 401, 401, 401, 401)),
    ("GET", "/oidc/start", (404, 404, 404, 404, 404)),
    ("GET", "/oidc/back", (404, 404, 404, 404, 404)),
    ("GET", "/static/desk.css", (200, 200, 200, 200, 200)),
    ("POST", "/events/{uid}", (401, 403, 303, 303, 303)),
    ("POST", "/do/checked", (401, 403, 303, 303, 303)),
    ("POST", "/do/everything", (401, 403, 404, 404, 404)),
    ("POST", "/new", (401, 403, 400, 400, 400)),
    ("POST", "/upload", (401, 403, 400, 400, 400)),
    ("POST", "/undo/99", (401, 403, 400, 400, 400)),
    ("POST", "/letters/0123456789abcdef", (401, 403, 404, 404, 404)),
    ("POST", "/sources/nothing/read", (401, 403, 404, 404, 404)),
    ("POST", "/documents/programme/decide", (401, 403, 400, 400, 400)),
    ("POST", "/documents/programme/add", (401, 403, 400, 400, 400)),
    ("POST", "/mistakes/nothing", (401, 403, 404, 404, 404)),
    ("POST", "/people", (401, 403, 403, 403, 303)),
    ("POST", "/publish", (401, 403, 403, 303, 303)),
    ("POST", "/try", (401, 400, 400, 400, 400)),
    ("POST", "/try/calendar.ics", (401, 400, 400, 400, 400)),
    ("POST", "/login", (401, 401, 401, 401, 401)),
    ("POST", "/language", (303, 303, 303, 303, 303)),
    ("POST", "/logout", (401, 303, 303, 303, 303)),
]


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as cheaply as argon2 can, so that tests are quick."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(people, "_hasher", lambda: hasher)


@pytest.fixture
def visitors(tmp_path: Path) -> tuple[Desk, dict[str, Visitor]]:
    desk, _anna = imported(tmp_path)
    return desk, with_accounts(desk, PEOPLE)


def test_every_route_by_every_role(visitors: tuple[Desk, dict[str, Visitor]]) -> None:
    desk, people_ = visitors
    uid, wrong = uid_of(desk, "customs"), []
    for method, path, expected in ROUTES:
        for (name, visitor), code in zip(people_.items(), expected, strict=True):
            visitor.get("/login")
            asked = path.format(uid=uid)
            filled = method == "POST" and "{uid}" in path and PEOPLE.get(name, 0) >= Role.EDITOR
            data = {"uid": uid, **(visitor.form(uid) if filled else {})}
            answer = visitor.get(asked) if method == "GET" else visitor.post(asked, data)
            if answer.status_code != code:
                wrong.append((method, path, name, answer.status_code, code))
    assert wrong == []


def test_the_table_names_every_route(visitors: tuple[Desk, dict[str, Visitor]]) -> None:
    _desk, people_ = visitors
    app = people_[""].client.application
    named = {(method, app_rule(app, method, path)) for method, path, _ in ROUTES}
    known = {
        (method, str(rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method in ("GET", "POST")
    }
    assert known - named == set()


def app_rule(app: Flask, method: str, path: str) -> str:
    rule, _values = app.url_map.bind("localhost").match(path.partition("?")[0], method, return_rule=True)
    return str(rule)


@pytest.mark.parametrize(
    ("headers", "with_token"),
    [
        ({}, False),
        ({"Origin": "https://evil.example"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True),
        ({"X-CSRF-Token": "guessed"}, False),
    ],
)
def test_a_forged_request_changes_nothing(tmp_path: Path, headers: dict[str, str], with_token: bool) -> None:
    desk, anna = imported(tmp_path)
    before = desk.settings.catalogue_path.read_bytes()
    data = {"uid": uid_of(desk, "customs"), "csrf": anna.csrf() if with_token else ""}
    assert anna.client.post("/do/rejected", data=data, headers=headers).status_code == 403
    assert desk.settings.catalogue_path.read_bytes() == before


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1"])
def test_a_name_that_leads_here_is_no_address_of_the_desk(tmp_path: Path, host: str) -> None:
    desk = desk_in(tmp_path)
    anna = at_loopback(desk)
    assert anna.get("/", headers={"Host": host}).status_code == 421


def test_a_session_begins_anew_at_sign_in_and_ends_with_the_password(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    people_ = with_accounts(desk, {"eddie": Role.EDITOR})
    stranger = people_[""]
    stranger.get("/login")
    before = stranger.csrf()
    stranger.post("/login", {"name": "eddie", "password": "correct horse battery"})
    assert stranger.csrf() != before and stranger.get("/").status_code == 200
    Accounts(desk.folder).change("eddie", password="another long password")
    assert stranger.get("/").status_code == 401 and people_["eddie"].get("/").status_code == 401


def test_a_session_of_another_token_is_over(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    anna = at_loopback(desk)
    later = create_desk(desk.settings, token="another", desk=desk)
    cookie = anna.client.get_cookie("calfeed-desk")
    assert cookie is not None
    client = later.test_client()
    client.set_cookie("calfeed-desk", cookie.value)
    assert client.get("/").status_code == 401


def test_the_cookie_is_hidden_from_scripts_and_secure_behind_a_name(tmp_path: Path) -> None:
    named = SETTINGS + '[desk]\nurl = "https://desk.example.org"\n'
    desk = desk_in(tmp_path, settings=named)
    client = create_desk(desk.settings, desk=desk).test_client()
    answer = client.get("/login", base_url="https://desk.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax"))


def test_five_hundred_tries_open_nothing_and_tell_no_account_from_another(tmp_path: Path) -> None:
    desk = desk_in(tmp_path)
    stranger = with_accounts(desk, {"eddie": Role.EDITOR})[""]
    stranger.get("/login")
    answers = {"eddie": [], "nobody": []}  # type: ignore[var-annotated]
    for attempt in range(250):
        for name in answers:
            answer = stranger.post("/login", {"name": name, "password": f"guess {attempt}"})
            answers[name].append(answer.status_code)
    assert answers["eddie"] == answers["nobody"] or abs(answers["eddie"].count(401) - answers["nobody"].count(401)) <= 1
    assert answers["eddie"].count(401) <= 6 and answers["eddie"][-1] == 429
    assert stranger.post("/login", {"name": "eddie", "password": "correct horse battery"}).status_code == 429


def test_a_proxy_is_believed_only_where_it_speaks_itself(tmp_path: Path) -> None:
    trusted = (
        SETTINGS + '[desk]\nurl = "https://desk.example.org"\nproxy_header = "X-Remote-User"\nproxies = ["10.1.1.1"]\n'
    )
    desk = desk_in(tmp_path, settings=trusted)
    client = create_desk(desk.settings, desk=desk).test_client()
    headers, base = {"X-Remote-User": "Rita"}, "https://desk.example.org"
    inside, outside = {"REMOTE_ADDR": "10.1.1.1"}, {"REMOTE_ADDR": "10.1.1.2"}
    assert client.get("/", base_url=base, headers=headers, environ_base=inside).status_code == 200
    assert client.get("/upload", base_url=base, headers=headers, environ_base=inside).status_code == 403
    assert client.get("/", base_url=base, headers=headers, environ_base=outside).status_code == 401


@pytest.mark.parametrize("after", ["//evil.example", "/\\evil.example", "https://evil.example"])
def test_signing_in_leads_to_no_other_site(tmp_path: Path, after: str) -> None:
    desk = desk_in(tmp_path)
    client = create_desk(desk.settings, token=TOKEN, desk=desk).test_client()
    assert client.get("/enter", query_string={"token": TOKEN, "next": after}).headers["Location"] == "/"


UPLOADS = {
    "a page with a script": (
        "x.html",
        b"<!doctype html><h1>Fairs</h1><script>alert(1)</script><p>Fair: 4 May 2027</p>",
    ),
    "a picture with a script": ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "a PDF that is a page": ("x.pdf", b"%PDF-1.4\n<script>alert(1)</script>"),
    "a name with folders": ("../../../etc/x.md", PROGRAMME.encode()),
}


@pytest.mark.parametrize("kind", UPLOADS)
def test_nothing_that_was_handed_over_is_run(tmp_path: Path, kind: str) -> None:
    desk = desk_in(tmp_path)
    anna = at_loopback(desk)
    name, content = UPLOADS[kind]
    answer = anna.post("/upload", {"document": (io.BytesIO(content), name)}, content_type="multipart/form-data")
    pages = [answer.get_data(as_text=True)]
    if answer.status_code == 303:
        pages.append(anna.text(answer.headers["Location"]))
    assert all("<script>" not in page for page in pages)
    assert all(path.parent == desk.folder / "documents" for path in desk.folder.rglob("*") if path.name.endswith("etc"))
    assert not list(tmp_path.parent.glob("etc*")) and answer.status_code in (303, 400)


def test_a_bomb_is_refused_and_the_desk_goes_on(tmp_path: Path) -> None:
    import zipfile

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w>" + b"0" * (150 * 2**20))
    desk = desk_in(tmp_path)
    anna = at_loopback(desk)
    file = (io.BytesIO(packed.getvalue()), "bomb.docx")
    answer = anna.post("/upload", {"document": file}, content_type="multipart/form-data")
    assert answer.status_code == 400 and anna.get("/").status_code == 200


def test_every_page_has_the_strict_policy(visitors: tuple[Desk, dict[str, Visitor]]) -> None:
    _desk, people_ = visitors
    for path in ("/", "/review", "/events", "/nowhere"):
        headers = people_["ada"].get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"] and headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
