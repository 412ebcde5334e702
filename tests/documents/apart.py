"""What the tests of the child run in it: functions that behave as bad parsers do."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from pathlib import Path

from calfeed.documents.tree import Progress
from calfeed.errors import DocumentError, Spot


def echo(argument: bytes, progress: Progress) -> bytes:
    progress(1, 2)
    progress(2, 2)
    print("a library that talks to standard output")
    return argument[::-1]


def refuse(argument: bytes, progress: Progress) -> bytes:
    raise DocumentError("this is no programme.", spot=Spot("a.pdf", line=3), mend="Give another.")


def fail(argument: bytes, progress: Progress) -> bytes:
    return bytes([1, 2, 300])


def crash(argument: bytes, progress: Progress) -> bytes:
    os.abort()


def hang(argument: bytes, progress: Progress) -> bytes:
    time.sleep(60)
    return b""


def work(argument: bytes, progress: Progress) -> bytes:
    """Slow, but never silent for long."""
    for step in range(6):
        time.sleep(0.2)
        progress(step, 6)
    return b"done"


def bomb(argument: bytes, progress: Progress) -> bytes:
    return b"x" * int(argument)


def escape(argument: bytes, progress: Progress) -> bytes:
    """What a parser that was taken over could reach, a line each."""
    own = Path(argument.decode())

    def connect() -> object:
        return socket.create_connection(("127.0.0.1", 9), 1)

    attempts = {
        "read": own.read_text,
        "list": lambda: list(own.parent.iterdir()),
        "write": lambda: own.with_name("new").write_text("x"),
        "remove": own.unlink,
        "temporary": lambda: (Path(tempfile.gettempdir()) / "calfeed-escape").write_text("x"),
        "socket": connect,
        "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "signal": lambda: os.kill(os.getppid(), 0),
        "environment": lambda: os.environ["HOME"],
    }
    reached = []
    for name, attempt in attempts.items():
        try:
            attempt()
            reached.append(name)
        except (OSError, KeyError):
            continue
    return "\n".join(reached).encode()
