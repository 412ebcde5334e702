"""data/decisions.toml <-> what editors decided about entries: a table each, to be read and edited like events.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import msgspec

from calfeed.errors import CatalogueError, Spot
from calfeed.reconcile.decided import Decision
from calfeed.store.disk import replace_file
from calfeed.store.writing import piece_of

HEADER = "# What editors decided about entries of the documents. A table that is deleted is a decision taken back.\n"


def load_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions in a file, none where it is not there. Raises CatalogueError for what is none."""
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig")).get("decision", [])
        return msgspec.convert(tables, tuple[Decision, ...])
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CatalogueError(
            f"the decisions cannot be read: {error}.", spot=Spot(path), mend="Correct the file; nothing was changed."
        ) from error


def save_decisions(decisions: Sequence[Decision], path: Path) -> None:
    """Write the decisions; nothing where there are none and never were any."""
    if not decisions and not path.exists():
        return
    pieces = [
        piece_of("decision", msgspec.to_builtins(decision, builtin_types=(date, datetime))) for decision in decisions
    ]
    replace_file(path, "\n".join([HEADER, *pieces]).encode("utf-8"))
