"""The sample's site without files: what pages, API and embeds are answered from."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from flask import Flask

from calfeed.feeds.feed import feeds_of
from calfeed.model import Catalogue
from calfeed.settings import Settings
from calfeed.web import Site, create_app
from tests import sample

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def published(catalogue: Catalogue | None = None, settings: Settings | None = None) -> Site:
    catalogue, settings = catalogue or sample.catalogue(), settings or sample.settings()
    generation = SimpleNamespace(id="g1", files={})
    return Site(settings, generation, catalogue, feeds_of(catalogue, settings), {}, NOW)  # type: ignore[arg-type]


def app(catalogue: Catalogue | None = None, settings: Settings | None = None) -> Flask:
    site = published(catalogue, settings)
    return create_app(site.settings, load=lambda previous: site, check_seconds=None)
