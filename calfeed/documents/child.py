"""A stranger's document is read in a process of its own, which can be killed, starved and cut off from the rest.

    apart("package.module:function", argument, limits=Limits(), source="programme")  ->  what the function returned

The function takes bytes and a `Progress` and returns bytes. The child is a new Python process (0.1 s), since a fork
would take the server's threads, locks and secrets along; it has no environment, gives up the network and all writing
before it sees a byte of the document (`confinement`), and tells its progress through a pipe. Whatever becomes of it -
a crash, a loop, a bomb - becomes a DocumentError of that source alone. Limits are of the whole time, of the time
without progress, of processor time, of memory and of the answer's size.
"""

from __future__ import annotations

import os
import selectors
import signal
import struct
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

import msgspec

from calfeed import errors
from calfeed.documents.tree import Progress, Tree
from calfeed.documents.wire import decode, encode
from calfeed.errors import CalfeedError, DocumentError, Spot
from calfeed.model import Value

_ROOT = Path(__file__).parent.parent.parent
_BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from calfeed.documents.child import serve; serve()"
# A frame: its kind and its length, then as many bytes.
_FRAME = struct.Struct("=cQ")
_PROGRESS = struct.Struct("=QQ")
_CHUNK = 1 << 16
_LAST_WORDS = 4000
_MIB = 2**20


class Limits(Value, frozen=True, kw_only=True):
    """What a child may use: seconds in all and without progress, bytes of address space and of its answer."""

    total: float = 120.0
    silence: float = 8.0
    memory: int = 512 * _MIB
    answer: int = 128 * _MIB


class _Job(Value, frozen=True, kw_only=True):
    function: str
    memory: int
    seconds: int
    argument: bytes


class _Failure(Value, frozen=True, kw_only=True):
    """An error as it passes through the pipe: the name of its class in `calfeed.errors`, "" where it is no such."""

    name: str
    what: str
    source: str | None = None
    line: int | None = None
    field: str | None = None
    mend: str | None = None


class Source(Value, frozen=True, kw_only=True):
    """What there is to read: a source's bytes and what is known of them."""

    content: bytes
    source: str
    media_type: str | None = None
    name: str | None = None
    lang: str | None = None


def read_apart(
    content: bytes,
    *,
    source: str,
    media_type: str | None = None,
    name: str | None = None,
    lang: str | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Tree:
    """The tree of a source of any format, read in a child. Raises DocumentError, whatever happens to the child."""
    asked = Source(content=content, source=source, media_type=media_type, name=name, lang=lang)
    answer = apart(
        f"{__name__}:read_here", msgspec.msgpack.encode(asked), source=source, limits=limits, progress=progress
    )
    try:
        return decode(answer)
    except ValueError as error:
        raise DocumentError(f"this document was not read: {error}.", spot=Spot(source)) from error


def read_here(argument: bytes, progress: Progress) -> bytes:
    """A `Source`, read in this process, as an encoded `Tree`: what `read_apart` runs in its child."""
    from calfeed.documents.reading import read_tree

    asked = msgspec.msgpack.decode(argument, type=Source)
    tree = read_tree(
        asked.content,
        source=asked.source,
        media_type=asked.media_type,
        name=asked.name,
        lang=asked.lang,
        progress=progress,
    )
    return encode(tree)


def apart(
    function: str, argument: bytes, *, source: str, limits: Limits | None = None, progress: Progress | None = None
) -> bytes:
    """What `function` ("package.module:name") returns for `argument` when it runs in a confined child.

    Raises the CalfeedError that the function raised, and DocumentError where the child ended in another way or reached
    one of its limits.
    """
    limits = limits or Limits()
    job = _Job(function=function, memory=limits.memory, seconds=int(limits.total) + 1, argument=argument)
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", _BOOT, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1"},
        start_new_session=True,
    )
    try:
        return _Conversation(child, msgspec.msgpack.encode(job), limits, source, progress).answer()
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for stream in (child.stdin, child.stdout, child.stderr):
        if stream:
            stream.close()


class _Conversation:
    """One child's life, as its parent sees it."""

    def __init__(
        self, child: subprocess.Popen[bytes], job: bytes, limits: Limits, source: str, progress: Progress | None
    ) -> None:
        self._child, self._limits, self._source, self._progress = child, limits, source, progress
        self._unsent = memoryview(job)
        self._heard = bytearray()
        self._last_words = bytearray()
        self._answer: tuple[bytes, bytes] | None = None

    def answer(self) -> bytes:
        """Send the job, hear the child out, and give what it said last."""
        streams = (self._child.stdin, self._child.stdout, self._child.stderr)
        assert all(streams)
        now = time.monotonic()
        # Its patience begins with the child's first word: on a busy machine Python itself may be slow to start.
        self._deadline = self._patience = now + self._limits.total
        with selectors.DefaultSelector() as selector:
            for stream, action in zip(streams, (self._send, self._hear, self._overhear), strict=True):
                assert stream is not None
                os.set_blocking(stream.fileno(), False)
                event = selectors.EVENT_WRITE if stream is self._child.stdin else selectors.EVENT_READ
                selector.register(stream, event, action)
            while selector.get_map():
                self._look_at_the_clock()
                for key, _ in selector.select(min(self._deadline, self._patience) - time.monotonic()):
                    if not key.data(key.fileobj):
                        selector.unregister(key.fileobj)
        self._child.wait(max(0.1, self._deadline - time.monotonic()))
        return self._outcome()

    def _look_at_the_clock(self) -> None:
        now = time.monotonic()
        if now >= self._deadline:
            raise self._stopped(f"reading it takes more than {self._limits.total:g} seconds")
        if now >= self._patience:
            raise self._stopped(f"for {self._limits.silence:g} seconds it was not read any further")

    def _send(self, stream: BinaryIO) -> bool:
        try:
            sent = os.write(stream.fileno(), self._unsent[:_CHUNK])
        except BrokenPipeError:
            sent = len(self._unsent)
        self._unsent = self._unsent[sent:]
        if not self._unsent:
            stream.close()
        return bool(self._unsent)

    def _overhear(self, stream: BinaryIO) -> bool:
        part = os.read(stream.fileno(), _CHUNK)
        self._last_words = (self._last_words + part)[-_LAST_WORDS:]
        return bool(part)

    def _hear(self, stream: BinaryIO) -> bool:
        part = os.read(stream.fileno(), _CHUNK)
        self._heard += part
        while len(self._heard) >= _FRAME.size:
            kind, length = _FRAME.unpack_from(self._heard)
            if length > self._limits.answer:
                raise self._stopped(f"what was read of it is larger than {self._limits.answer // _MIB} MiB")
            if len(self._heard) < _FRAME.size + length:
                break
            payload = bytes(self._heard[_FRAME.size : _FRAME.size + length])
            del self._heard[: _FRAME.size + length]
            self._take(kind, payload)
        return bool(part)

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == b"p" and len(payload) == _PROGRESS.size:
            self._patience = time.monotonic() + self._limits.silence
            done, total = _PROGRESS.unpack(payload)
            if self._progress and total:
                self._progress(done, total)
        elif self._answer is None:
            self._answer = kind, payload

    def _outcome(self) -> bytes:
        kind, payload = self._answer or (b"", b"")
        if kind == b"r":
            return payload
        if kind == b"e":
            raise _raised(msgspec.msgpack.decode(payload, type=_Failure), self._source)
        code = self._child.returncode
        if code == -signal.SIGXCPU:
            raise self._stopped(f"reading it takes more than {self._limits.total:g} seconds of processor time")
        if code < 0:
            name = signal.Signals(-code).name if -code in signal.valid_signals() else "unknown"
            raise self._stopped(f"the process that read it ended with signal {-code} ({name})")
        words = self._last_words.decode("utf-8", "replace").strip().splitlines()
        raise self._stopped(f"the process that read it ended early ({words[-1][:200] if words else f'code {code}'})")

    def _stopped(self, why: str) -> DocumentError:
        return DocumentError(
            f"this document was not read: {why}.",
            spot=Spot(self._source),
            mend="Save it anew, or only the part that holds the programme, and give that.",
        )


def _raised(failure: _Failure, source: str) -> CalfeedError:
    """The error that a child's words stand for."""
    kind = getattr(errors, failure.name, DocumentError) if failure.name else DocumentError
    spot = Spot(failure.source, line=failure.line, field=failure.field) if failure.source else Spot(source)
    error: CalfeedError = kind(failure.what, spot=spot, mend=failure.mend)
    return error


def serve() -> None:
    """The child's whole life: take a job from standard input, confine itself, answer on what was standard output."""
    answers = os.dup(1)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    job = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=_Job)
    module, _, name = job.function.partition(":")
    function = getattr(import_module(module), name)
    from calfeed.documents.confinement import confine

    confine(memory=job.memory, seconds=job.seconds, packages=[_ROOT / "calfeed"])

    def tell(done: int, total: int) -> None:
        _write(answers, b"p", _PROGRESS.pack(max(0, done), max(0, total)))

    tell(0, 0)
    try:
        kind, payload = b"r", function(job.argument, tell)
    except CalfeedError as error:
        kind, payload = b"e", msgspec.msgpack.encode(_failure(error))
    except MemoryError:
        words = f"it needs more memory than the {job.memory // _MIB} MiB that reading may take"
        kind, payload = b"e", msgspec.msgpack.encode(_unread(words))
    except RecursionError:
        kind, payload = b"e", msgspec.msgpack.encode(_unread("it is nested too deeply"))
    except Exception as error:
        words = f"its reader failed ({type(error).__name__}: {str(error)[:200]})"
        kind, payload = b"e", msgspec.msgpack.encode(_unread(words))
    _write(answers, kind, payload)
    # Libraries of foreign formats may crash when they are taken down: the answer is out, so they are not.
    os._exit(0)


def _write(stream: int, kind: bytes, payload: bytes) -> None:
    waiting = memoryview(_FRAME.pack(kind, len(payload)) + payload)
    while waiting:
        waiting = waiting[os.write(stream, waiting) :]


def _failure(error: CalfeedError) -> _Failure:
    spot = error.spot
    return _Failure(
        name=type(error).__name__,
        what=error.what,
        source=str(spot.source) if spot else None,
        line=spot.line if spot else None,
        field=spot.field if spot else None,
        mend=error.mend,
    )


def _unread(why: str) -> _Failure:
    return _Failure(name="DocumentError", what=f"this document was not read: {why}.")
