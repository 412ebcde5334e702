"""The import direction: a module imports only from rooms to its left."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "calfeed"

# Each room may import those before it in this list. `model`, `errors` and `settings` stand first: everybody may.
ROOMS = [
    "errors", "model", "locales", "zones", "settings", "fetch", "dates", "occurrences", "places", "documents",
    "extract", "assistant", "normalise", "sources", "reconcile", "store", "status", "importing", "backup",
    "lint", "feeds", "publish", "issuing", "condition", "telling", "refresh", "web", "desk", "cli",
]  # fmt: skip
SEPARATE = {
    ("feeds", "lint"),
    ("lint", "feeds"),
    ("dates", "fetch"),
    ("places", "dates"),
    ("documents", "dates"),
}
PURE = {
    "model",
    "errors",
    "zones",
    "occurrences",
    "dates",
    "places",
    "extract",
    "normalise",
    "reconcile",
    "feeds",
    "lint",
}
IMPURE_IMPORTS = {
    "socket",
    "urllib3",
    "subprocess",
    "threading",
    "time",
    "shutil",
    "tempfile",
    "flask",
    "apscheduler",
}


def modules() -> list[Path]:
    return sorted(
        path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem not in ("__init__", "__main__")
    )


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_rooms_to_its_left(path: Path) -> None:
    room = room_of(path)
    assert room in ROOMS, f"{room} has no place in the line"
    for name in imported(path):
        if not name.startswith("calfeed.") or name.split(".")[1].startswith("__"):
            continue
        other = name.split(".")[1]
        assert other == room or ROOMS.index(other) < ROOMS.index(room), f"{room} must not import {other}"
        assert (room, other) not in SEPARATE, f"{room} knows nothing of {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_core_touches_neither_clock_nor_disk_nor_network(path: Path) -> None:
    if room_of(path) not in PURE:
        return
    assert not {name.split(".")[0] for name in imported(path)} & IMPURE_IMPORTS
    called = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not called & {"now", "today", "utcnow", "write_bytes", "write_text"}
