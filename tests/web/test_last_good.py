"""What is served after a start while data/events.toml cannot be read, or says more than was published."""

from __future__ import annotations

import json
import shutil
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from calfeed import store
from calfeed.cli import main
from calfeed.settings import load_settings
from calfeed.web import create_app
from tests import sample
from tests.web.sites import ask


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which `calfeed build` has run."""
    monkeypatch.chdir(tmp_path)
    Path("calfeed.toml").write_text(sample.SETTINGS_TEXT, "utf-8")
    store.save(store.load(Path("data/events.toml")), sample.catalogue(), Path("data/events.toml"))
    assert CliRunner().invoke(main, ["build"]).exit_code == 0
    return tmp_path


def started(folder: Path) -> Flask:
    return create_app(load_settings(folder / "calfeed.toml"), check_seconds=None)


def test_a_half_edited_catalogue_changes_nothing(folder: Path) -> None:
    before = started(folder)
    (folder / "data" / "events.toml").write_text("[[event]]\ntitle = \n", "utf-8")
    after = started(folder)
    for path in ("/feeds/all.ics", "/?lang=en", "/api/v1/events", "/healthz"):
        assert ask(after, path).status == 200
    assert ask(after, "/api/v1/events").body == ask(before, "/api/v1/events").body
    assert ask(after, "/feeds/all.ics").headers["ETag"] == ask(before, "/feeds/all.ics").headers["ETag"]


def test_pages_show_what_the_feeds_were_made_from(folder: Path) -> None:
    catalogue = folder / "data" / "events.toml"
    title = sample.catalogue().events[0].title
    catalogue.write_text(
        catalogue.read_text("utf-8").replace(f'"{title}"', '"A title that no build has seen"'), "utf-8"
    )
    assert "no build has seen" not in ask(started(folder), "/api/v1/events").body.decode()
    assert CliRunner().invoke(main, ["build"]).exit_code == 0
    assert "no build has seen" in ask(started(folder), "/api/v1/events").body.decode()


def test_where_nothing_but_feeds_is_left_feeds_are_served(folder: Path) -> None:
    (folder / "data" / "events.toml").write_text("[[event]]\ntitle = \n", "utf-8")
    for copy in (folder / "var" / "catalogues").iterdir():
        copy.unlink()
    site = started(folder)
    assert ask(site, "/feeds/all.ics").status == 200
    assert ask(site, "/feeds/nothing.ics").status == 404
    assert ask(site, "/").status == 503
    health = ask(site, "/healthz")
    assert (health.status, json.loads(health.body)["status"]) == (200, "degraded")
    assert ask(site, "/readyz").status == 200


def test_last_modified_never_goes_back_and_never_stays_where_the_bytes_changed(folder: Path) -> None:
    """Over starts, and where what changed is only that an event is gone, or that it came back."""
    catalogue = folder / "data" / "events.toml"
    whole, seen = catalogue.read_text("utf-8"), []
    last = whole.rindex("[[event]]")
    for text in (whole, whole[:last], whole, whole[:last]):
        catalogue.write_text(text, "utf-8")
        shutil.rmtree(folder / "var")
        assert CliRunner().invoke(main, ["build"]).exit_code == 0
        answer = ask(started(folder), "/feeds/all.ics")
        seen.append((parsedate_to_datetime(answer.headers["Last-Modified"]), answer.headers["ETag"]))
        if len(seen) > 1:
            since = format_datetime(seen[-2][0], usegmt=True)
            assert ask(started(folder), "/feeds/all.ics", if_modified_since=since).status == 200
        assert ask(started(folder), "/feeds/all.ics", if_modified_since=answer.headers["Last-Modified"]).status == 304
    assert len({etag for _, etag in seen}) == 2
    assert [at for at, _ in seen] == sorted({at for at, _ in seen})
