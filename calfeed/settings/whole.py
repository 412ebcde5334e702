"""All of calfeed.toml as one value."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import field

from calfeed.settings.forms import Table
from calfeed.settings.programme import Dates, Facet, Guard, Place, Site, Source
from calfeed.settings.service import Alerts, Assistant, Desk, Limits, Paths, Schedule, Target

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


class Settings(Table, frozen=True, kw_only=True):
    """All of calfeed.toml. `folder` is where the file stands: relative paths start there."""

    site: Site
    paths: Paths = Paths()
    sources: tuple[Source, ...] = ()
    dates: Dates = Dates()
    facets: tuple[Facet, ...] = ()
    sections: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    guard: Guard = Guard()
    schedule: Schedule = Schedule()
    alerts: Alerts = Alerts()
    limits: Limits = Limits()
    desk: Desk = Desk()
    assistant: Assistant | None = None
    targets: tuple[Target, ...] = ()
    folder: str = "."

    def __post_init__(self) -> None:
        _unique("source id", [source.id for source in self.sources])
        _unique("target", [target.name for target in self.targets])
        _unique("facet", [facet.name for facet in self.facets])
        for facet in self.facets:
            _unique(f"value of the facet {facet.name}", [term.id for term in facet.values])
        canonical = {"heading", "everywhere", "title", "entry", *self.sections}
        for facet in self.facets:
            for place in facet.evidence:
                if self.sections and place not in canonical:
                    raise ValueError(
                        f"evidence of the facet {facet.name}: {place!r} is none of {', '.join(sorted(canonical))}"
                    )
        if not _HOST.fullmatch(self.site.host):
            raise ValueError(f"site.host is a name like calendar.example.org, not {self.site.host!r}")
        if not urlsplit(self.site.url).hostname or any(letter.isspace() for letter in self.site.url):
            raise ValueError(f"site.url is an http or https address without a trailing slash, not {self.site.url!r}")
        if urlsplit(self.site.url).scheme not in ("http", "https") or self.site.url.endswith("/"):
            raise ValueError(f"site.url is an http or https address without a trailing slash, not {self.site.url!r}")

    @property
    def catalogue_path(self) -> Path:
        return Path(self.folder, self.paths.catalogue)

    @property
    def suggested_path(self) -> Path:
        """Beside the catalogue: what was read and is not sure."""
        return self.catalogue_path.with_name("suggested.toml")

    @property
    def decisions_path(self) -> Path:
        """What editors decided about entries, beside the catalogue."""
        return self.catalogue_path.with_name("decisions.toml")

    @property
    def feeds_path(self) -> Path:
        return Path(self.folder, self.paths.feeds)

    @property
    def state_path(self) -> Path:
        return Path(self.folder, self.paths.state)

    @property
    def answers_path(self) -> Path:
        """What a language model answered, by content."""
        return self.state_path / "assistant"

    def source(self, source_id: str) -> Source | None:
        return next((source for source in self.sources if source.id == source_id), None)

    def facet(self, name: str) -> Facet | None:
        return next((facet for facet in self.facets if facet.name == name), None)


def _unique(what: str, names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the {what} {name!r} stands twice")
