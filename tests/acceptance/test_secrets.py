"""The user name and query of a source's address may hold a token: no file and no page tells them (fault 68)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from calfeed import store
from calfeed.errors import FetchError
from calfeed.feeds import build
from calfeed.fetch import Fetched, Validators
from calfeed.publish import publish
from calfeed.refresh import refresh
from calfeed.settings import Settings, Source, parse_settings, public_address
from calfeed.web import create_app
from tests.web.sites import ask

SETTINGS = """
[site]
name = "Seminars"
[[sources]]
id = "seminars"
title = "Seminars"
url = "https://reader:s3cret@example.org/programme.txt?token=s3cret#s3cret"
"""
DOCUMENT = b"Seminars\n\nCalendar of events\n- Opening seminar: 12 May 2014\n- Webinars: July-September 2014\n"
NOW = datetime(2014, 1, 1, tzinfo=UTC)
PAGES = ("/", "/status", "/subscribe", "/api/v1/events", "/api/v1/feeds", "/healthz", "/embed/all", "/metrics")


def told(content: bytes, tmp_path: Path) -> tuple[Settings, list[bytes]]:
    """Everything that a refresh with these bytes leaves on disk or shows."""
    settings = parse_settings(SETTINGS, source="calfeed.toml", folder=tmp_path)

    def fetcher(source: Source, known: Validators | None) -> Fetched:
        return Fetched(content=content, name="programme.txt")

    refresh(settings, now=NOW, fetcher=fetcher)
    publish(build(store.load(settings.catalogue_path).catalogue, settings), settings.feeds_path)
    site = create_app(settings, check_seconds=None)
    uids = [event.uid for event in store.load(settings.catalogue_path).catalogue.events]
    pages = [*PAGES, *(f"/events/{uid}" for uid in uids), *(f"/api/v1/events/{uid}" for uid in uids)]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    return settings, [*files, *(ask(site, page).body for page in pages)]


@pytest.mark.parametrize(
    "content", [DOCUMENT, b"\x00\xff nothing that can be read", b""], ids=["read", "bytes", "empty"]
)
def test_no_file_and_no_page_holds_the_token(content: bytes, tmp_path: Path) -> None:
    _, texts = told(content, tmp_path)
    assert len(texts) > len(PAGES)
    assert not [text[:200] for text in texts if b"s3cret" in text or b"reader:" in text]


def test_readers_are_sent_to_the_address_without_it(tmp_path: Path) -> None:
    settings, texts = told(DOCUMENT, tmp_path)
    assert settings.sources[0].address == "https://example.org/programme.txt"
    assert any(b"https://example.org/programme.txt" in text for text in texts)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("https://example.org/a?b", "https://example.org/a"),
        ("http://u:p@example.org:8080/a#c", "http://example.org:8080/a"),
        ("http://[::1]:80/a", "http://[::1]:80/a"),
        ("http://example.org:port/", None),
        ("file:///etc/passwd", None),
        ("nonsense", None),
    ],
)
def test_what_is_public_of_an_address(address: str, public: str | None) -> None:
    assert public_address(address) == public


def test_an_error_of_fetching_names_the_address_without_it() -> None:
    from calfeed.fetch import fetch_url

    with pytest.raises(FetchError) as raised:
        fetch_url("http://u:s3cret@127.0.0.1/x?token=s3cret")
    assert "s3cret" not in str(raised.value)
