"""What pyproject.toml declares is what the code imports, no more and no less."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Imported by no module of calfeed: what they bring is found by its name at run time.
BY_NAME = {"tzdata"}


def canonical(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared() -> set[str]:
    """The distributions that calfeed needs, extras for its users included."""
    extras = PROJECT["optional-dependencies"]
    rows = [*PROJECT["dependencies"], *(row for name in extras if name not in ("dev", "build") for row in extras[name])]
    names = {canonical(re.match(r"[A-Za-z0-9._-]+", row)[0]) for row in rows}  # type: ignore[index]
    return names - {"calfeed"}


def imported() -> set[str]:
    """The distributions of all modules that the package imports, at its top or inside a function."""
    names: set[str] = set()
    for path in (ROOT / "calfeed").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    known = packages_distributions()
    foreign = names - set(sys.stdlib_module_names) - {"calfeed"}
    return {canonical(distribution) for name in foreign for distribution in known.get(name, [name])}


def test_every_import_is_declared() -> None:
    assert imported() - declared() == set()


def test_everything_declared_is_imported() -> None:
    assert declared() - imported() - BY_NAME == set()
