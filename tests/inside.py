"""Reading without a child process, for tests of what comes after it: the same bytes in and out, but sooner."""

from __future__ import annotations

from importlib import import_module

from calfeed.documents.child import Limits
from calfeed.documents.tree import Progress


def inside(
    function: str, argument: bytes, *, source: str, limits: Limits | None = None, progress: Progress | None = None
) -> bytes:
    """As `calfeed.documents.child.apart`, in this process."""
    module, _, name = function.partition(":")
    answer: bytes = getattr(import_module(module), name)(argument, progress or (lambda done, total: None))
    return answer
