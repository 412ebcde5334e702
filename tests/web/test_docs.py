"""The examples of docs/api.md and docs/publishers.md answer as they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from calfeed.settings import parse_settings
from calfeed.web.embed.options import Options
from tests.web.published import app

BASE = "https://calendar.example.org"
DOCS = Path(__file__).parent.parent.parent / "docs"
API, PUBLISHERS = ((DOCS / name).read_text("utf-8") for name in ("api.md", "publishers.md"))
# A request, and where one follows, the line that its answer has.
REQUEST = re.compile(r"^    GET (\S+)(?:\n    (.+))?$", re.MULTILINE)
ADDRESS = re.compile(rf"{BASE}(/[^\s\"`<>;,)]*)")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return app().test_client()


@pytest.mark.parametrize(("address", "told"), [*REQUEST.findall(API), *REQUEST.findall(PUBLISHERS)])
def test_a_request_is_answered_as_told(client: FlaskClient, address: str, told: str) -> None:
    answer = client.get(address)
    status, _, detail = told.partition(" ")
    if status.isdigit():
        assert (str(answer.status_code), answer.json["detail"]) == (status, detail)
    else:
        assert answer.status_code == 200
        assert told in answer.text


@pytest.mark.parametrize("path", sorted({*ADDRESS.findall(API), *ADDRESS.findall(PUBLISHERS)}))
def test_every_address_leads_somewhere(client: FlaskClient, path: str) -> None:
    if path.startswith("/feeds/"):
        assert path.removeprefix("/feeds/").partition(".")[0] in {
            feed["slug"] for feed in client.get("/api/v1/feeds").json["feeds"]
        }
    else:
        assert client.get(path).status_code == 200


def test_every_address_of_the_table_is_in_the_description(client: FlaskClient) -> None:
    told = {path.replace("<uid>", "{uid}") for path in re.findall(r"^\| `(/api/v1/[^`]+)`", API, re.MULTILINE)}
    assert told == set(client.get("/api/v1/openapi.json").json["paths"])


def test_the_frame_is_the_one_that_the_configurator_makes(client: FlaskClient) -> None:
    line = next(line.strip() for line in PUBLISHERS.splitlines() if line.startswith("    <iframe"))
    text = client.get("/embed?feed=basel&view=timeline").text
    assert line.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&#34;") in text


def test_the_table_of_options_is_complete() -> None:
    told = set(re.findall(r"^\| `([a-z]+)` \| ", PUBLISHERS, re.MULTILINE))
    assert told == {*Options.__struct_fields__, "lang"}


def test_the_settings_can_be_used() -> None:
    site, partners = re.findall(r"^    \[site\]\n(?:    .+\n)+", PUBLISHERS, re.MULTILINE)
    assert parse_settings(site, source="docs", folder=DOCS).site.url == BASE
    told = parse_settings(partners.replace("[site]", '[site]\n    name = "x"'), source="docs", folder=DOCS)
    assert told.site.frame_ancestors == ("https://www.example.org", "https://*.example.net")
