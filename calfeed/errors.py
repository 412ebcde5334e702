"""What goes wrong, said once: one sentence with what is wrong, where it is, and what to do.

The command line, the web pages and the log print the same text: `str(error)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spot:
    """A place in an input: a file or address, and in it a line and column (both from 1) or a field's path."""

    source: str | Path
    line: int | None = None
    column: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = [str(self.source)]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        if self.field:
            parts.append(f"field {self.field}")
        return ", ".join(parts)


class CalfeedError(Exception):
    """The base of every error that calfeed raises on purpose.

    `what` says what is wrong, `spot` where, `mend` what to do; `code` is a stable name for programs.
    """

    code = "error"

    def __init__(self, what: str, *, spot: Spot | None = None, mend: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.spot = spot
        self.mend = mend

    def __str__(self) -> str:
        where = f"{self.spot}: " if self.spot else ""
        mend = f" {self.mend}" if self.mend else ""
        return f"{where}{self.what}{mend}"


class SettingsError(CalfeedError):
    """calfeed.toml cannot be used."""

    code = "settings"


class DocumentError(CalfeedError):
    """A source's bytes cannot be read as a programme document."""

    code = "document"


class DateTextError(CalfeedError):
    """A text is too long, or of no kind that the date reader takes."""

    code = "date-text"


class CatalogueError(CalfeedError):
    """data/events.toml cannot be used as it is."""

    code = "catalogue"


class HeldError(CalfeedError):
    """An import would remove more than the guard allows; nothing was removed."""

    code = "held"


class FeedError(CalfeedError):
    """A feed would break one of the rules that keep it readable by every client."""

    code = "feed"


class PublishError(CalfeedError):
    """A generation could not be written; the old one stays."""

    code = "publish"


class FetchError(CalfeedError):
    """A source could not be fetched; what was read from it before stays.

    `status` is what the server answered with, None where none did; `retry_after` the seconds that it asks to wait
    (RFC 9110, section 10.2.3), None where it does not say."""

    code = "fetch"

    def __init__(
        self,
        what: str,
        *,
        spot: Spot | None = None,
        mend: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(what, spot=spot, mend=mend)
        self.status = status
        self.retry_after = retry_after


class QueryError(CalfeedError):
    """An address asks for what does not exist, or in a way that it does not know."""

    code = "query"
