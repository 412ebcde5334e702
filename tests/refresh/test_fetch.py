"""Fetching: only the public Internet, only so much, only so long."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from calfeed import fetch as fetching
from calfeed.errors import FetchError
from calfeed.fetch import Validators, fetch, fetch_url, is_metadata, is_public, read_file
from calfeed.settings import Source

Answer = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """A server on 127.0.0.1 that answers each path as told, and keeps the headers it was sent."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append((self.path, dict(self.headers)))
                outer.answers[self.path](self)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http.server_address[1]}"

    def says(self, path: str, status: int = 200, body: bytes = b"", **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in ({"Content_Length": str(len(body))} | headers).items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer
        return self.address + path

    def does(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return self.address + path


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


def got(url: str, *, known: Validators | None = None, seconds: float = 5) -> fetching.Fetched:
    return fetch_url(url, known=known, loopback=True, seconds=seconds)


PRIVATE = (
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.1.2.3", "169.254.169.254", "172.16.0.1", "172.31.255.255",
    "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7",
    "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1",
    "2001::1", "2001:10::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1", "fc00::1",
    "fd12::1", "fe80::1", "fec0::1", "ff02::1",
)  # fmt: skip
PUBLIC = (
    "8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "192.1.1.1",
    "2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_fetched(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://0x7f.1:{port}/", "http://2130706433:{port}/",
        "http://①②⑦.⓪.⓪.①:{port}/", "http://[::1]:{port}/", "http://[::ffff:127.0.0.1]:{port}/", "http://0:{port}/",
        "http://127.1:{port}/", "http://017700000001:{port}/",
    ],
)  # fmt: skip
def test_no_spelling_of_this_machine_is_connected_to(server: Server, url: str) -> None:
    with pytest.raises(FetchError):
        fetch_url(url.format(port=server.http.server_address[1]), seconds=5)
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://example.org/", "ftp://example.org/", "http://", "//x",
        "http://a:b@example.org/", "http://x:99999/",
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(FetchError, match="refused"):
        fetch_url(url)


def test_every_answer_of_the_resolver_must_be_public(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def two(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("8.8.8.8", "127.0.0.1")]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", two)
    with pytest.raises(FetchError, match="not on the public Internet"):
        fetch_url("http://rebind.example/")
    assert server.asked == []


def test_a_document_comes_with_its_type_and_validators(server: Server) -> None:
    url = server.says("/p.txt", body=b"Programme", Content_Type="text/plain", ETag='"1"')
    fetched = got(url)
    assert fetched == fetching.Fetched(
        content=b"Programme", name="p.txt", media_type="text/plain", validators=Validators('"1"', None)
    )


def test_what_is_unchanged_is_not_sent_again(server: Server) -> None:
    url = server.says("/p.txt", 304)
    known = Validators('"1"', "Sun, 01 Mar 2026 09:00:00 GMT")
    assert got(url, known=known).content is None
    headers = server.asked[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"1"', "Sun, 01 Mar 2026 09:00:00 GMT")
    with pytest.raises(FetchError, match="304"):
        got(url)


@pytest.mark.parametrize("status", [204, 206, 401, 403, 404, 410, 429, 500, 503])
def test_any_other_status_is_an_error(server: Server, status: int) -> None:
    with pytest.raises(FetchError, match=str(status)):
        got(server.says("/p.txt", status))


def test_redirects_are_followed_five_times(server: Server) -> None:
    for step in range(7):
        server.says(f"/{step}", 302, Location=f"/{step + 1}")
    server.says("/7", body=b"there")
    assert got(server.address + "/2").content == b"there"
    with pytest.raises(FetchError, match="more than 5 times"):
        got(server.address + "/1")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "http://10.0.0.1/", "http://u:p@127.0.0.1/", "gopher://x/"])
def test_a_redirect_leads_nowhere_private(server: Server, target: str) -> None:
    with pytest.raises(FetchError, match="refused"):
        got(server.says("/p", 301, Location=target))


def test_what_is_too_large_is_cut_off_while_it_comes(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MAX_BYTES", 2**20)
    bomb = gzip.compress(bytes(2**26))
    with pytest.raises(FetchError, match="more than 1 MiB"):
        got(server.says("/bomb", body=bomb, Content_Encoding="gzip"))
    with pytest.raises(FetchError, match="more than 1 MiB"):
        got(server.says("/long", body=bytes(2**21)))


def test_a_compressed_document_is_read(server: Server) -> None:
    body = gzip.compress(b"Programme" * 1000)
    assert got(server.says("/p", body=body, Content_Encoding="gzip")).content == b"Programme" * 1000


def test_a_truncated_answer_is_an_error(server: Server) -> None:
    with pytest.raises(FetchError):
        got(server.says("/p", body=b"Progr", Content_Length="9"))


def slow_body(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def slow_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def quick_then_silent(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(b"x")
    time.sleep(5)


@pytest.mark.parametrize("answer", [slow_body, slow_head, quick_then_silent])
def test_one_deadline_ends_it_all(server: Server, answer: Answer) -> None:
    began = time.monotonic()
    with pytest.raises(FetchError, match="took too long"):
        got(server.does("/p", answer), seconds=0.5)
    assert time.monotonic() - began < 2


def test_proxies_of_the_environment_are_ignored(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert got(server.says("/p", body=b"x")).content == b"x"


def test_nothing_secret_stands_in_an_error(server: Server) -> None:
    with pytest.raises(FetchError) as caught:
        got(server.address.replace("http://", "http://user:hunter2@") + "/p?token=hunter3")
    assert "hunter" not in str(caught.value)


def test_a_refused_connection_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(FetchError, match="connection failed"):
        got(f"http://127.0.0.1:{port}/")


def test_a_source_on_disk(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_bytes(b"Programme")
    source = Source(id="p", title="P", path="p.txt")
    assert fetch(source, tmp_path) == fetching.Fetched(content=b"Programme", name="p.txt")


def test_what_is_no_document_on_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchError, match="no such document"):
        read_file(tmp_path / "missing.txt")
    with pytest.raises(FetchError, match="a folder"):
        read_file(tmp_path)
    with pytest.raises(FetchError, match="no regular file"):
        read_file(Path("/dev/zero"))
    monkeypatch.setattr(fetching, "MAX_BYTES", 3)
    (tmp_path / "p.txt").write_bytes(b"Programme")
    with pytest.raises(FetchError, match="more than"):
        read_file(tmp_path / "p.txt")


METADATA = (
    "169.254.169.254", "169.254.170.2", "169.254.0.23", "169.254.42.42", "168.63.129.16", "100.100.100.200",
    "192.0.0.192", "fd00:ec2::254", "fd20:ce::254", "fd00:42::42", "::ffff:169.254.169.254", "fe80::a9fe:a9fe",
)  # fmt: skip


@pytest.mark.parametrize("address", METADATA)
def test_the_secrets_of_a_cloud_are_out_of_reach(address: str) -> None:
    assert is_metadata(address)
    assert not is_public(address)


@pytest.mark.parametrize("address", METADATA[:7])
def test_no_setting_opens_them(address: str) -> None:
    with pytest.raises(FetchError, match="not on the public Internet"):
        fetch(Source(id="x", title="X", url=f"http://{address}/latest", private=True), Path(), seconds=1)


def test_a_source_of_ones_own_network_is_allowed_by_name_alone(server: Server) -> None:
    url = server.says("/programme.txt", body=b"inside")
    own = Source(id="x", title="X", url=url, private=True)
    assert fetch(own, Path(), seconds=5).content == b"inside"
    with pytest.raises(FetchError, match="not on the public Internet"):
        fetch(Source(id="x", title="X", url=url), Path(), seconds=5)


def test_a_private_source_leads_to_no_other_private_host(server: Server) -> None:
    port = server.http.server_address[1]
    url = server.says("/a", status=302, Location=f"http://localhost:{port}/b")
    with pytest.raises(FetchError, match="localhost is not on the public Internet"):
        fetch(Source(id="x", title="X", url=url, private=True), Path(), seconds=5)
    assert [path for path, _ in server.asked] == ["/a"]


def test_a_packed_body_that_ends_in_its_middle_is_refused(server: Server) -> None:
    whole = gzip.compress(b"Calendar of events\n" * 1000)
    for cut in (1, 5, len(whole) // 2, len(whole) - 1):
        url = server.says(f"/{cut}", body=whole[:cut], Content_Encoding="gzip")
        with pytest.raises(FetchError, match="ends before its end"):
            got(url)


def test_packed_members_one_after_another_are_one_document(server: Server) -> None:
    url = server.says("/x", body=gzip.compress(b"one ") + gzip.compress(b"two"), Content_Encoding="gzip")
    assert got(url).content == b"one two"


def test_a_damaged_packed_body_and_a_strange_coding_are_refused(server: Server) -> None:
    for coding, body in (("gzip", b"not packed"), ("br", b"x"), ("gzip, gzip", b"x")):
        with pytest.raises(FetchError):
            got(server.says("/x", body=body, Content_Encoding=coding))


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [
        ("120", 120, 120), ("0", 0, 0), ("99999999999999", 31 * 86400, 31 * 86400), ("soon", None, None),
        ("", None, None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0), ("-5", None, None),
        ("Fri, 31 Dec 2999 23:59:59 GMT", 31 * 86400, 31 * 86400),
    ],
)  # fmt: skip
def test_a_server_may_ask_for_patience(server: Server, told: str, least: float | None, most: float | None) -> None:
    with pytest.raises(FetchError) as raised:
        got(server.says("/x", status=503, Retry_After=told))
    assert raised.value.status == 503
    wait = raised.value.retry_after
    assert wait is None if least is None else wait is not None and least <= wait <= (most or 0)
