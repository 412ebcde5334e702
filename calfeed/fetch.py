"""The only module that opens a connection: the bytes of a source, from disk or over HTTP.

A URL is fetched from public addresses only, vetted after resolution and at every redirect, with a limit for the decoded
bytes and one deadline for everything. Nothing in the environment (proxies, certificates) changes where it goes.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from msgspec import Struct
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from calfeed import __version__
from calfeed.errors import FetchError, Spot
from calfeed.settings import Source, public_address

MAX_BYTES = 20 * 2**20
MAX_REDIRECTS = 5
SECONDS = 60.0
SECONDS_PER_READ = 15.0
# A server that asks for more patience than 31 days is not taken at its word (fault 5).
RETRY_LIMIT = 31 * 86400.0
# zlib's window for the gzip format alone.
GZIP = zlib.MAX_WBITS | 16
KEPT = "What was read from it before stays."

# What is not the public Internet (IANA's special-purpose registries). Of IPv6, only 2000::/3 is; the ranges that carry
# an IPv4 address inside (6to4, Teredo; NAT64 and mapped ones lie outside 2000::/3) lead wherever that one leads.
PRIVATE_IPV4 = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
    "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip
# Where a cloud's machines ask for their own secrets: of AWS, Azure, Google, Oracle, Alibaba, Tencent, Scaleway, Hetzner
# and OpenStack. No setting opens them. Azure's is a public address.
METADATA = (
    "169.254.0.0/16", "168.63.129.16/32", "100.100.100.200/32", "100.88.222.5/32", "192.0.0.192/32",
    "fd00:ec2::/32", "fd20:ce::254/128", "fd00:42::42/128", "fe80::a9fe:a9fe/128",
)  # fmt: skip
PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
PRIVATE_IPV6 = ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
_METADATA = tuple(ipaddress.ip_network(network) for network in METADATA)
_NETWORKS_4 = tuple(ipaddress.IPv4Network(network) for network in PRIVATE_IPV4)
_NETWORKS_6 = tuple(ipaddress.IPv6Network(network) for network in PRIVATE_IPV6)


class Validators(Struct, frozen=True):
    """What a server said of a representation, to ask later whether it changed (RFC 9110 section 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


class Fetched(Struct, frozen=True, kw_only=True):
    """A source's bytes with what is known of them; `content` is None where it did not change since `validators`."""

    content: bytes | None
    name: str
    media_type: str | None = None
    validators: Validators = Validators()


def fetch(
    source: Source, folder: Path, *, known: Validators | None = None, loopback: bool = False, seconds: float = SECONDS
) -> Fetched:
    """The bytes of `source`; a relative path starts at `folder`.

    `known` are the validators of the copy that the caller has. `loopback` lets 127.0.0.0/8 and ::1 count as public,
    for tests. `seconds` is the deadline for a URL as a whole.

    Raises FetchError for what is missing, unreadable, too large, too slow, not public, or answered with an error.
    """
    if source.path is not None:
        return Fetched(content=read_file(folder / source.path), name=Path(source.path).name)
    assert source.url is not None
    own = urlsplit(source.url).hostname if source.private else None
    return fetch_url(source.url, known=known, loopback=loopback, own=own, seconds=seconds)


def read_file(path: Path) -> bytes:
    """The bytes of a file on disk. Raises FetchError for what is missing, no file, unreadable or too large."""
    try:
        if path.is_dir():
            raise FetchError("this is a folder, not a document.", spot=Spot(path), mend="Name a file in it.")
        if path.exists() and not path.is_file():
            raise FetchError("this is no regular file.", spot=Spot(path))
        with path.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise FetchError("there is no such document.", spot=Spot(path), mend="Check its name.") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FetchError(f"the document cannot be read: {reason}.", spot=Spot(str(path)[:200])) from error
    if len(content) > MAX_BYTES:
        raise FetchError(f"the document has more than {MAX_BYTES // 2**20} MiB.", spot=Spot(path))
    return content


def fetch_url(
    url: str,
    *,
    known: Validators | None = None,
    loopback: bool = False,
    own: str | None = None,
    seconds: float = SECONDS,
) -> Fetched:
    """As `fetch`, for an address. `own` is a host that may be private: one's own."""
    deadline = time.monotonic() + seconds
    first = url
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(url, first)
        with _answer(parts, first, known, deadline, loopback, own) as response:
            target = response.headers.get("Location")
            if response.status in (301, 302, 303, 307, 308) and target:
                following = urljoin(url, target)
                if parts.scheme == "https" and urlsplit(following).scheme == "http":
                    raise _refused(first, "it leads from https to http")
                url = following
                continue
            return _accepted(response, url, first, known, deadline)
    raise _refused(first, f"it leads on more than {MAX_REDIRECTS} times")


def fetch_answer(
    url: str,
    body: bytes,
    *,
    headers: dict[str, str],
    own: str | None = None,
    loopback: bool = False,
    seconds: float = SECONDS,
    limit: int | None = None,
) -> bytes:
    """What a server answers to `body`; at most `limit` bytes, within `seconds`, from an address as of `fetch_url`. It
    may not lead elsewhere: headers may hold a key. Raises FetchError."""
    deadline = time.monotonic() + seconds
    with _answer(
        _checked(url, url), url, None, deadline, loopback, own, method="POST", body=body, more=headers
    ) as response:
        return _accepted(response, url, url, None, deadline, limit).content or b""


def is_public(address: str, *, loopback: bool = False) -> bool:
    """Whether an IP address (as text, without a zone) belongs to the public Internet."""
    found = ipaddress.ip_address(address)
    if is_metadata(address):
        return False
    if loopback and found.is_loopback:
        return True
    if isinstance(found, ipaddress.IPv4Address):
        return not any(found in network for network in _NETWORKS_4)
    return found in PUBLIC_IPV6 and not any(found in network for network in _NETWORKS_6)


def is_metadata(address: str) -> bool:
    """Whether an IP address is where a cloud tells its machines their secrets."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in _METADATA)


def _checked(url: str, first: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port_fits = parts.port is None or parts.port > 0
    except ValueError as error:
        raise _refused(first, "it is no valid address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_fits:
        raise _refused(first, "only http and https addresses are fetched")
    if parts.username is not None or parts.password is not None:
        raise _refused(first, "it holds a user name or password")
    return parts


def _vetted(parts: SplitResult, first: str, loopback: bool, own: str | None) -> list[tuple[Any, ...]]:
    """The addresses of a host: resolved once, and all of them public (or `own`), so that no later answer can differ."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the host {parts.hostname} is not known.", spot=_spot(first), mend=KEPT) from error
    for *_, address in found:
        numbers = str(address[0]).partition("%")[0]
        if parts.hostname == own and not is_metadata(numbers):
            continue
        if not is_public(numbers, loopback=loopback):
            raise _refused(first, f"{parts.hostname} is not on the public Internet")
    return found


class _Line:
    """A connection to vetted addresses that is cut at the deadline, whatever it is doing then."""

    def __init__(self, addresses: list[tuple[Any, ...]], deadline: float) -> None:
        self.addresses, self.deadline = addresses, deadline
        self.socket: socket.socket | None = None
        self.timer = threading.Timer(max(0.0, deadline - time.monotonic()), self.cut)
        self.timer.daemon = True

    def open(self) -> socket.socket:
        failure: OSError = TimeoutError()
        for family, kind, protocol, _, address in self.addresses:
            left = self.deadline - time.monotonic()
            if left <= 0:
                break
            opened = socket.socket(family, kind, protocol)
            opened.settimeout(min(left, SECONDS_PER_READ))
            try:
                opened.connect(address)
            except OSError as error:
                opened.close()
                failure = error
                continue
            # A duplicate, since TLS takes the socket over; both are the same connection.
            self.socket = opened.dup()
            self.timer.start()
            return opened
        raise failure

    def cut(self) -> None:
        if self.socket is not None:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.timer.cancel()
        if self.socket is not None:
            self.socket.close()


def post(url: str, body: bytes, headers: dict[str, str], *, private: bool = False, seconds: float = 20.0) -> int:
    """Send `body` to an address, under the same guard as a fetch, and give the status of the answer; none is followed.

    `private` lets its host be of one's own network. Raises FetchError where no answer comes."""
    parts = _checked(url, url)
    deadline = time.monotonic() + seconds
    own = parts.hostname if private else None
    with _answer(parts, url, None, deadline, False, own, method="POST", body=body, more=headers) as response:
        return int(response.status)


@contextmanager
def _answer(
    parts: SplitResult,
    first: str,
    known: Validators | None,
    deadline: float,
    loopback: bool,
    own: str | None,
    *,
    method: str = "GET",
    body: bytes | None = None,
    more: dict[str, str] | None = None,
) -> Iterator[Any]:
    line = _Line(_vetted(parts, first, loopback, own), deadline)
    host = parts.hostname or ""
    if parts.scheme == "https":
        connection: HTTPConnection = HTTPSConnection(host, parts.port, ssl_context=ssl.create_default_context())
    else:
        connection = HTTPConnection(host, parts.port)
    connection._new_conn = line.open  # type: ignore[method-assign]
    headers = {
        "Accept-Encoding": "gzip",
        "User-Agent": f"calfeed/{__version__}",
        **({"If-None-Match": known.etag} if known and known.etag else {}),
        **({"If-Modified-Since": known.last_modified} if known and known.last_modified else {}),
        **(more or {}),
    }
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, target, body=body, headers=headers, preload_content=False)
        yield connection.getresponse()
    except (HTTPError, HTTPException, OSError, ValueError, zlib.error) as error:
        raise FetchError(_failure(error, deadline), spot=_spot(first), mend=KEPT) from error
    finally:
        line.close()
        connection.close()


def _failure(error: Exception, deadline: float) -> str:
    if time.monotonic() >= deadline:
        return "the answer took too long."
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {cause.verify_message}."
    if isinstance(cause, TimeoutError):
        return "it does not answer."
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else _printable(str(cause))
    return f"the connection failed: {reason}."


def _printable(words: str) -> str:
    """What a library says of an answer, which may quote it."""
    return "".join(letter if letter.isprintable() else " " for letter in words[:200]).strip() or "it is no answer"


def _accepted(
    response: Any, url: str, first: str, known: Validators | None, deadline: float, limit: int | None = None
) -> Fetched:
    name = Path(urlsplit(url).path).name
    if response.status == 304:
        if known is None or known == Validators():
            raise FetchError("it says 304, unchanged, to a first request.", spot=_spot(first), mend=KEPT)
        return Fetched(content=None, name=name, validators=known)
    if response.status != 200:
        raise FetchError(
            f"it answers with status {response.status}.",
            spot=_spot(first),
            mend=KEPT,
            status=response.status,
            retry_after=_retry_after(response.headers.get("Retry-After")),
        )
    content = _content(response, first, deadline, limit)
    validators = Validators(response.headers.get("ETag"), response.headers.get("Last-Modified"))
    return Fetched(content=content, name=name, media_type=response.headers.get("Content-Type"), validators=validators)


def _content(response: Any, first: str, deadline: float, limit: int | None) -> bytes:
    """The body, decoded while it comes in, so that a small one that unpacks to much is refused before it fills memory.

    The gzip stream is unpacked here and not by urllib3, which takes one that ends in its middle for whole."""
    limit = MAX_BYTES if limit is None else limit
    coding = response.headers.get("Content-Encoding", "identity").lower()
    if coding not in ("identity", "", "gzip", "x-gzip"):
        raise FetchError(
            f"it comes in the coding {coding[:20]}, which was not asked for.", spot=_spot(first), mend=KEPT
        )
    length = response.headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()):
        # http.client takes such an answer for one without a length, and half of it for the whole (RFC 9112, 6.3).
        raise FetchError("it says a length that is none.", spot=_spot(first), mend=KEPT)
    unpack = zlib.decompressobj(GZIP) if "gzip" in coding else None
    content = bytearray()
    while piece := response.read1(2**16, decode_content=False):
        while piece:
            content += unpack.decompress(piece, limit + 1 - len(content)) if unpack else piece
            if len(content) > limit:
                raise FetchError(f"the document has more than {limit // 2**20} MiB.", spot=_spot(first), mend=KEPT)
            # What follows a whole member is another one (RFC 1952, section 2.2).
            piece = (unpack.unused_data or unpack.unconsumed_tail) if unpack else b""
            if unpack and unpack.eof and piece:
                unpack = zlib.decompressobj(GZIP)
        if time.monotonic() >= deadline:
            raise TimeoutError
    if time.monotonic() >= deadline:
        raise TimeoutError
    if unpack and not unpack.eof:
        raise FetchError("its packed content ends before its end.", spot=_spot(first), mend=KEPT)
    return bytes(content)


def _retry_after(told: str | None) -> float | None:
    """Seconds to wait, from a number or a date; at most RETRY_LIMIT, None for what makes no sense."""
    if not told:
        return None
    if told.strip().isascii() and told.strip().isdigit():
        return min(float(told.strip()[:12]), RETRY_LIMIT)
    try:
        until = parsedate_to_datetime(told)
        left = (until if until.tzinfo else until.replace(tzinfo=UTC)) - datetime.now(UTC)
    except (TypeError, ValueError, OverflowError):
        return None
    return min(max(left.total_seconds(), 0.0), RETRY_LIMIT)


def _refused(url: str, why: str) -> FetchError:
    return FetchError(f"the address is refused: {why}.", spot=_spot(url), mend="Check it in calfeed.toml.")


def _spot(url: str) -> Spot:
    """The address without what may be secret in it."""
    return Spot((public_address(url) or "the address")[:200])


__all__ = ["Fetched", "Validators", "fetch", "fetch_url", "is_metadata", "is_public", "post", "read_file"]
