"""A desk over a small programme in a folder of its own, and people at it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from calfeed.desk import Desk, create_desk
from calfeed.desk.people import Accounts, Role
from calfeed.settings import FILE_NAME, load_settings

TOKEN = "a-token-of-this-test"
SETTINGS = """
[site]
name = "Programme of the centre"
url = "https://calendar.example.org"
host = "calendar.example.org"

[[sources]]
id = "programme"
title = "Programme 2027"
path = "programme.md"
language = "en"
"""
PROGRAMME = """# Programme 2027

## Calendar

- Webinar on e-waste: 12 May 2027
- Workshop on used oils, Nairobi: July 2027
- Training of customs officers: 3 September 2027
- Webinars on inventories: October 2027, 2028
"""
NEW_EDITION = """# Programme 2027

## Calendar

- Webinar on e-waste: 19 May 2027
- Workshop on used oils, Nairobi: 6-8 July 2027
- Training of customs officers: 3 September 2027
- Webinars on inventories: October 2027, 2028
- Closing conference: 2 December 2027
"""


def clock() -> Iterator[datetime]:
    """A second passes at each look."""
    for second in count():
        yield datetime(2026, 11, 24, 9, 0, tzinfo=UTC) + timedelta(seconds=second)


def desk_in(folder: Path, settings: str = SETTINGS, programme: str | None = PROGRAMME) -> Desk:
    """A desk in an empty folder, with the programme beside its settings and nothing read yet."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE_NAME).write_text(settings, "utf-8")
    if programme is not None:
        (folder / "programme.md").write_text(programme, "utf-8")
    ticks = clock()
    return Desk(load_settings(folder / FILE_NAME), clock=lambda: next(ticks))


class Visitor:
    """Somebody with a browser: follows forms with their token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more: object) -> TestResponse:
        return self.client.get(path, **more)  # type: ignore[arg-type]

    def text(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status, answer.get_data(as_text=True)[-500:])
        return answer.get_data(as_text=True)

    def csrf(self) -> str:
        with self.client.session_transaction() as session:
            return str(session.get("csrf", ""))

    def post(self, path: str, data: dict[str, object] | None = None, **more: object) -> TestResponse:
        sent = {"csrf": self.csrf()} | (data or {})
        return self.client.post(path, data=sent, **more)  # type: ignore[arg-type]

    def edit(self, uid: str, **fields: str) -> TestResponse:
        """Change some fields of an event in its form, the others as they are shown."""
        form = self.form(uid)
        return self.post(f"/events/{uid}", form | {name.replace("__", "."): text for name, text in fields.items()})

    def form(self, uid: str) -> dict[str, object]:
        """What the form of an event holds as it was shown."""
        import html
        import json

        page = self.text(f"/events/{uid}")
        base = html.unescape(re.search(r'name="base" value="([^"]*)"', page)[1])  # type: ignore[index]
        return {"base": base, **json.loads(base)}


def at_loopback(desk: Desk, name: str = "Anna") -> Visitor:
    """Somebody at the machine itself, who opened the printed address."""
    app = create_desk(desk.settings, token=TOKEN, local=name, desk=desk)
    visitor = Visitor(app.test_client())
    assert visitor.get(f"/enter?token={TOKEN}").status_code == 302
    return visitor


def with_accounts(desk: Desk, people: dict[str, Role], password: str = "correct horse battery") -> dict[str, Visitor]:
    """People with accounts, each signed in with a browser of their own; "" is somebody without one."""
    accounts = Accounts(desk.folder)
    for name, role in people.items():
        accounts.add(name, role, password)
    app = create_desk(desk.settings, desk=desk)
    visitors = {name: Visitor(app.test_client()) for name in ("", *people)}
    for name in people:
        visitors[name].get("/login")
        answer = visitors[name].post("/login", {"name": name, "password": password})
        assert answer.status_code == 303
    return visitors


def imported(folder: Path) -> tuple[Desk, Visitor]:
    """A desk at which Anna has taken in the programme."""
    desk = desk_in(folder)
    anna = at_loopback(desk)
    letter = anna.post("/sources/programme/read").headers["Location"]
    assert anna.post(letter, {"answer": "all"}).status_code == 303
    return desk, anna


def uid_of(desk: Desk, title: str) -> str:
    """The UID of the first live event whose title holds some words."""
    return next(event.uid for event in desk.catalogue().events if title in event.title and event.removed is None)
