"""A source that misbehaves: a server on the loopback whose behaviour is chosen by the path, one of BEHAVIOURS.

Each is the raw answer, so that it can be wrong in any way; a `float` among its pieces is a pause in seconds. What a
behaviour must come to is said beside it: `read` (its events are taken over) or `failed` (told, and nothing changes).
"""

from __future__ import annotations

import contextlib
import gzip
import socket
import socketserver
import threading
import zlib
from collections.abc import Iterator
from typing import NamedTuple

GOOD = (
    b"Seminars\n\nCalendar of events\n- Opening seminar: 12 May 2014\n- Workshop on paper: June 2014\n"
    b"- Final session: 3 July 2014\n"
)
Pieces = tuple[bytes | float, ...]


class Behaviour(NamedTuple):
    pieces: Pieces
    state: str


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """A whole answer of HTTP/1.1."""
    told = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*told, "", ""]).encode("latin-1") + body


def text(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    return answer(body, "Content-Type: text/plain; charset=utf-8", *headers, status=status)


def head(*headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1")


def failed(*pieces: bytes | float) -> Behaviour:
    return Behaviour(pieces, "failed")


def read(*pieces: bytes | float) -> Behaviour:
    return Behaviour(pieces, "read")


PACKED = gzip.compress(GOOD, mtime=0)
CHUNKED = head("Transfer-Encoding: chunked", "Content-Type: text/plain")
STATUSES = ("201 Created", "204 No Content", "206 Partial Content", "300 Multiple Choices", "304 Not Modified",
            "400 Bad Request", "401 Unauthorized", "402 Payment Required", "403 Forbidden", "404 Not Found",
            "405 Method Not Allowed", "408 Request Timeout", "418 Teapot", "429 Too Many Requests", "451 Legal",
            "500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout",
            "599 Whatever", "999 Odd")  # fmt: skip
REDIRECTS = {
    "file": "file:///etc/passwd",
    "gopher": "gopher://127.0.0.1/",
    "ftp": "ftp://127.0.0.1/x",
    "data": "data:text/plain,Calendar%20of%20events",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "metadata-mapped": "http://[::ffff:169.254.169.254]/",
    "metadata-azure": "http://168.63.129.16/",
    "private": "http://10.0.0.1/",
    "hexadecimal": "http://0x0a.1/",
    "number": "http://167772161/",
    "zero": "http://0.0.0.0/",
    "credentials": "http://a:b@127.0.0.1/",
    "nowhere": "http://nowhere.invalid/",
    "no-port": "http://127.0.0.1:99999/",
    "circle": "/redirect-circle",
    "empty-host": "http:///x",
}
BEHAVIOURS: dict[str, Behaviour] = {
    **{f"status-{status[:3]}": failed(text(b"no" if status[:3] not in ("204", "304") else b"", status=status))
       for status in STATUSES},
    **{f"redirect-{name}": failed(answer(b"", f"Location: {to}", status="302 Found"))
       for name, to in REDIRECTS.items()},
    "good": read(text(GOOD)),
    "good-gzip": read(answer(PACKED, "Content-Type: text/plain", "Content-Encoding: gzip")),
    "good-two-members": read(answer(gzip.compress(GOOD[:40]) + gzip.compress(GOOD[40:]), "Content-Encoding: gzip")),
    "good-chunked": read(CHUNKED + b"%x\r\n" % len(GOOD) + GOOD + b"\r\n0\r\n\r\n"),
    "good-until-closed": read(head("Content-Type: text/plain") + GOOD),
    "good-bom": read(text(b"\xef\xbb\xbf" + GOOD)),
    "good-wrong-charset": read(answer(GOOD, "Content-Type: text/plain; charset=punycode")),
    "good-unknown-charset": read(answer(GOOD, "Content-Type: text/plain; charset=klingon")),
    "good-no-type": read(answer(GOOD)),
    "good-odd-type": read(answer(GOOD, "Content-Type: application/octet-stream")),
    "nothing": failed(b""),
    "closed-in-status": failed(b"HTTP/1.1 2"),
    "closed-in-head": failed(b"HTTP/1.1 200 OK\r\nContent-Le"),
    "not-http": failed(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "garbage": failed(bytes(range(256)) * 40),
    "endless-head": failed(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 5_000),
    "long-header": failed(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 200_000 + b"\r\n\r\n"),
    "body-cut": failed(answer(GOOD, "Content-Type: text/plain", length=len(GOOD) + 100)),
    "length-negative": failed(answer(GOOD[:60], "Content-Type: text/plain", length=-5)),
    "chunk-cut": failed(CHUNKED + b"fff\r\n" + GOOD),
    "chunk-without-end": failed(CHUNKED + b"%x\r\n" % len(GOOD) + GOOD + b"\r\n"),
    "chunk-of-letters": failed(CHUNKED + b"zz\r\n" + GOOD + b"\r\n0\r\n\r\n"),
    "gzip-cut": failed(answer(PACKED[:-20], "Content-Encoding: gzip")),
    "gzip-no-trailer": failed(answer(PACKED[:-8], "Content-Encoding: gzip")),
    "gzip-wrong-sum": failed(answer(PACKED[:-8] + bytes(8), "Content-Encoding: gzip")),
    "gzip-that-is-none": failed(answer(GOOD, "Content-Encoding: gzip")),
    "gzip-bomb": failed(answer(gzip.compress(bytes(60 * 2**20)), "Content-Encoding: gzip")),
    "deflate": failed(answer(zlib.compress(GOOD), "Content-Encoding: deflate")),
    "brotli-said": failed(answer(GOOD, "Content-Encoding: br")),
    "coding-twice": failed(answer(gzip.compress(PACKED), "Content-Encoding: gzip, gzip")),
    "empty": failed(text(b"")),
    "white": failed(text(b" \n\t\n" * 100)),
    "nul": failed(answer(bytes(5_000), "Content-Type: text/plain")),
    "random": failed(answer(bytes(i * 7919 % 256 for i in range(20_000)), "Content-Type: text/plain")),
    "login": failed(answer(b"<!doctype html><title>Log in</title><input type=password>", "Content-Type: text/html")),
    "error-page": failed(answer(b"<!doctype html><h1>Something went wrong</h1>", "Content-Type: text/html")),
    "no-programme": failed(text(b"We are a friendly organisation.\n\nCall us.\n")),
    "json": failed(answer(b'{"error": "no such document"}', "Content-Type: application/json")),
    "says-pdf": failed(answer(b"%PDF-1.7\n%%EOF\n", "Content-Type: application/pdf")),
    "says-word": failed(answer(b"PK\x03\x04" + bytes(60), "Content-Type: application/msword")),
    "calendar-cut": failed(answer(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:A\r\n", "Content-Type: text/calendar")),
    "counting": failed(text(b"Calendar of events\n- Seminar " + b"9" * 400_000 + b"\n")),
    "silent": failed(60.0),
    "silent-after-head": failed(head("Content-Length: 500", "Content-Type: text/plain"), 60.0),
    "drops": failed(head("Content-Length: 500", "Content-Type: text/plain"), *([b"a", 0.5] * 40)),
    "endless": failed(head("Content-Type: text/plain"), *([b"- Seminar: May 2014\n" * 50_000] * 30)),
}  # fmt: skip


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.settimeout(5)
        with contextlib.suppress(OSError):
            asked = self.request.recv(65536).split(b" ", 2)
            name = asked[1].decode("latin-1").strip("/") if len(asked) > 1 else ""
            self.server.asked.append(name)  # type: ignore[attr-defined]
            for piece in BEHAVIOURS[name].pieces:
                if isinstance(piece, float):
                    if self.server.over.wait(piece):  # type: ignore[attr-defined]
                        return
                else:
                    self.request.sendall(piece)
            # What a client still sends must not make of the end a reset.
            self.request.shutdown(socket.SHUT_WR)


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextlib.contextmanager
def misbehaving() -> Iterator[tuple[str, list[str]]]:
    """The server's address without a slash behind it, and the names of what it was asked for."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.asked, server.over = [], threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", server.asked  # type: ignore[attr-defined]
        finally:
            server.over.set()  # type: ignore[attr-defined]
            server.shutdown()
            thread.join()
