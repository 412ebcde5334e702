"""Requests a second of `calfeed serve`, of nginx and of Granian with nothing to do, in turns, for the same bytes.

Each has one worker on the first core; wrk has the second. What else runs on the machine slows all alike, so the
figures are ratios of the same round, and the processor time that a request costs.
"""

from __future__ import annotations

import gzip
import http.client
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs" / "figures-serve.md"
PATH = "/feeds/basel.ics"
CONNECTIONS = 32
ROUNDS = 5
SECONDS = 2
# Above this load, other work takes its share of the two cores, and a server with two threads gets more of what is left.
QUIET = 0.5
BUSY = " Other work was running: the rates and delays are not to be relied on, the processor times are."
SERVER_CORE, CLIENT_CORE = "0", "1"
TICKS = os.sysconf("SC_CLK_TCK")

# Debian's nginx.conf, with one worker, no access log, connections that are not closed in mid-measurement, and the
# headers that calfeed sends.
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 768; }}
http {{
  sendfile on; tcp_nopush on; types_hash_max_size 2048; access_log off; keepalive_requests 100000000;
  types {{ text/calendar ics; }}
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port}; root {folder}; gzip_static on;
    add_header Cache-Control "public, max-age=900, stale-if-error=86400";
    add_header Content-Disposition 'inline; filename="basel.ics"'; add_header X-Content-Type-Options nosniff;
    add_header Access-Control-Allow-Origin *; add_header Vary Accept-Encoding;
    add_header Access-Control-Expose-Headers "ETag, Last-Modified, Content-Range";
  }}
}}
"""

TEMPLATE = """\
# Figures: feeds over HTTP

Written by `bench/serve/run`.

`GET {path}` ({octets:,} bytes, {packed:,} with gzip): `calfeed serve` against nginx with the same bytes and headers,
Debian's configuration without its access log, `gzip_static`. One worker each on one core, wrk with {connections}
connections on another, {rounds} rounds of {seconds} s in turns. Medians; a ratio is that of the same round.

| answer | calfeed/s | nginx/s | ratio | goal | of what Granian can | p99 ms | nginx p99 ms | µs | nginx µs |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
{rows}

"Of what Granian can": our rate as a part of that of `bench/serve/bare.py`, a function under the same server that sends
the same bytes and headers and does nothing else. The goals for whole feeds are out of its reach: Granian parses,
hands each request to the thread that runs Python and back, and copies the body, where nginx sends it from the page
cache uncopied (`sendfile`). Who needs nginx's rate lets nginx serve the folder `feeds/`.

µs: processor time that a request costs the server, user and system.

The load of the machine before the run was {load:.1f}.{trust}

{today}, {cores} cores, Python {python}, Granian {granian}, nginx {nginx}.
"""


@dataclass(frozen=True)
class Server:
    name: str
    pid: int
    port: int

    def get(self, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", PATH, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse()


@dataclass(frozen=True)
class Round:
    """One run of wrk: requests a second, the 99th percentile in milliseconds, processor microseconds a request."""

    rate: float
    p99: float
    cost: float


def main() -> None:
    for program, package in (("nginx", "nginx-light"), ("wrk", "wrk"), ("taskset", "util-linux")):
        if not shutil.which(program):
            sys.exit(f"The benchmark needs {program}: apt install {package}")
    with tempfile.TemporaryDirectory(prefix="calfeed-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        octets = publish_into(folder)
        load = os.getloadavg()[0]
        with serving(folder) as servers:
            cases = prepare(servers, octets)
            results = {case: measure(servers, headers) for case, headers in cases.items()}
    PAGE.write_text(page(results, octets, load), "utf-8")
    print(PAGE.read_text("utf-8"))


def publish_into(folder: Path) -> bytes:
    """Publish this repository's catalogue into the folder; the bytes of the feed that is measured."""
    from calfeed import store
    from calfeed.feeds import build
    from calfeed.publish import publish
    from calfeed.settings import load_settings

    shutil.copy(ROOT / "calfeed.toml", folder)
    settings = load_settings(ROOT / "calfeed.toml")
    catalogue = Path(sys.argv[1]) if len(sys.argv) > 1 else settings.catalogue_path
    publish(build(store.load(catalogue).catalogue, settings), folder / "feeds")
    octets = (folder / PATH[1:]).read_bytes()
    (folder / "nginx" / "feeds").mkdir(parents=True)
    (folder / "nginx" / PATH[1:]).write_bytes(octets)
    (folder / "nginx" / f"{PATH[1:]}.gz").write_bytes(gzip.compress(octets, 9, mtime=0))
    return octets


@contextmanager
def serving(folder: Path) -> Iterator[list[Server]]:
    """calfeed, nginx and the bare Granian, in this order, with the published folder."""
    ports = [free_port() for _ in range(3)]
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder / "nginx", port=ports[1]), "utf-8")
    commands = (
        [sys.executable, "-m", "calfeed", "serve", "--no-refresh", "--port", str(ports[0])],
        ["nginx", "-c", str(folder / "nginx.conf")],
        [sys.executable, str(ROOT / "bench" / "serve" / "bare.py"), str(ports[2]), str(folder / PATH[1:])],
    )
    running = []
    try:
        for command in commands:
            pinned = ["taskset", "-c", SERVER_CORE, *command]
            running.append(subprocess.Popen(pinned, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        names, pids = ("calfeed", "nginx", "Granian"), (process.pid for process in running)
        servers = [Server(*each) for each in zip(names, pids, ports, strict=True)]
        for server in servers:
            wait_for(server)
        yield servers
    finally:
        for process in running:
            process.terminate()
            process.wait(10)


def prepare(servers: list[Server], octets: bytes) -> dict[str, list[str]]:
    """The header that each case sends to each server, once all are known to answer alike."""
    tags = []
    for server in servers:
        plain, packed = server.get(), server.get(Accept_Encoding="gzip")
        assert plain.read() == octets, f"{server.name} serves other bytes"
        assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.read()) == octets
        tags.append(plain.headers["ETag"])
        assert server.get(If_None_Match=tags[-1]).status == 304
    return {
        "200": ["X-Case: plain"] * len(servers),
        "200, gzip": ["Accept-Encoding: gzip"] * len(servers),
        "304": [f"If-None-Match: {tag}" for tag in tags],
    }


def measure(servers: list[Server], headers: list[str]) -> list[tuple[Round, ...]]:
    """Rounds in turns, so that whatever else the machine does meets all; the first only warms up."""
    each = list(zip(servers, headers, strict=True))
    return [tuple(run(server, header) for server, header in each) for _ in range(ROUNDS + 1)][1:]


def run(server: Server, header: str) -> Round:
    before = processor_seconds(server.pid)
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency"]
    url = f"http://127.0.0.1:{server.port}{PATH}"
    said = subprocess.run([*command, "-H", header, url], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    requests, rate = re.search(r"(\d+) requests in", said), re.search(r"Requests/sec:\s+([\d.]+)", said)
    tail = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    assert requests and rate and tail, said
    p99 = float(tail[1]) * {"us": 0.001, "ms": 1, "s": 1000}[tail[2]]
    cost = (processor_seconds(server.pid) - before) / int(requests[1]) * 1e6
    return Round(float(rate[1]), p99, cost)


def processor_seconds(pid: int) -> float:
    """What a process and its children have used so far, in user and system mode."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = 0
    for one in (pid, *children):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def page(results: dict[str, list[tuple[Round, ...]]], octets: bytes, load: float) -> str:
    goals = {"200": 0.9, "200, gzip": 0.9, "304": 0.4}
    rows = []
    for case, rounds in results.items():
        rate = statistics.median(ours.rate / theirs.rate for ours, theirs, _ in rounds)
        reached = statistics.median(ours.rate / most.rate for ours, _, most in rounds)
        mine, other, _ = zip(*rounds, strict=True)
        rows.append(
            f"| {case} | {middle(mine, 'rate'):,.0f} | {middle(other, 'rate'):,.0f} | **{rate:.2f}** | {goals[case]} "
            f"| {reached:.2f} | {middle(mine, 'p99'):.2f} | {middle(other, 'p99'):.2f} "
            f"| {middle(mine, 'cost'):.1f} | {middle(other, 'cost'):.1f} |"
        )
    nginx = (
        subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True).stderr.strip().rpartition("/")[2]
    )
    packed = len(gzip.compress(octets, 9, mtime=0))
    return TEMPLATE.format(
        path=PATH, octets=len(octets), packed=packed, connections=CONNECTIONS, rounds=ROUNDS, seconds=SECONDS,
        rows="\n".join(rows), today=datetime.now(UTC).date(), cores=os.cpu_count(), nginx=nginx,
        load=load, trust=BUSY if load > QUIET else "",
        python=platform.python_version(), granian=version("granian"),
    )  # fmt: skip


def middle(rounds: tuple[Round, ...], what: str) -> float:
    return statistics.median(getattr(each, what) for each in rounds)


def wait_for(server: Server) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            if server.get().status == 200:
                return
        except OSError:
            time.sleep(0.05)
    sys.exit(f"{server.name} did not start.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
