"""The production server: Granian over the application, in worker processes that share one socket."""

from __future__ import annotations

import errno
import gc
import ipaddress
import os
import signal
import socket
import threading
import time
from functools import partial
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

import msgspec
from granian import Granian
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.log import LogLevels

from calfeed.errors import CalfeedError, SettingsError, Spot
from calfeed.settings import Settings
from calfeed.web import create_app
from calfeed.web.refresher import Refresher, configure_logging

# No request waits for a disk or network: a second thread would only take turns with the first, and costs a fifth.
THREADS = 1
# A worker that does not stop by itself within this many seconds of SIGTERM is killed.
STOP_SECONDS = 2
# How often a worker looks whether its server is still there.
FOLLOW_SECONDS = 0.5
ADDRESS_CHARACTERS = 200
# What the application may see of the environment: a request's environ begins with a copy of it.
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR")


def check_address(host: str, port: int) -> None:
    """Raise CalfeedError where no server could listen there; nothing is left open."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        what, mend = _why(error, host, port)
        raise CalfeedError(what, spot=Spot(f"{host}:{port}"), mend=mend) from error


def reached_at(settings: Settings, host: str, port: int) -> tuple[Settings, str | None]:
    """The settings that pages are made with where the server listens on `host` and `port`, and a doubt in a sentence.

    An address on the loopback belongs to this machine alone, so there pages name the one that is listened on, whatever
    site.url says of the port. A server that others can reach needs a site.url that leads others to it."""
    public = urlsplit(settings.site.url)
    shown = f"[{host}]" if ":" in host else host
    if not _is_loopback(public.hostname or ""):
        return settings, None
    if _is_loopback(host):
        site = msgspec.structs.replace(settings.site, url=f"http://{shown}:{port}")
        return msgspec.structs.replace(settings, site=site), None
    return settings, (
        f"others can reach this server, but its feeds and pages name {settings.site.url}, which leads each of them "
        "to their own machine. Set site.url in calfeed.toml to the public address."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_feed_addresses(settings: Settings) -> None:
    """Raise SettingsError where a feed's address is too long: Google fails above 256 without a word (rule 30)."""
    longest = max((path.name for path in settings.feeds_path.glob("*.ics")), key=len, default="")
    address = f"{settings.site.url}/feeds/{longest}"
    if len(address) > ADDRESS_CHARACTERS:
        raise SettingsError(
            f"the address {address} has {len(address)} characters, {ADDRESS_CHARACTERS} are safe.",
            mend="Shorten site.url in calfeed.toml, or the feed's name.",
        )


def run(settings: Settings, host: str, port: int, workers: int, *, refresh: bool) -> None:
    """Serve until SIGTERM or Ctrl-C; then all has stopped within five seconds.

    With `refresh`, a process beside the workers reads the sources on schedule. What it publishes names site.url; pages
    name the address that they are reached at.
    """
    configure_logging()
    shown, _ = reached_at(settings, host, port)
    server = Granian(
        "calfeed.web",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        runtime_mode=RuntimeModes.st,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    if refresh:
        refresher = Refresher(settings)
        server.on_startup(refresher.start)
        server.on_shutdown(refresher.stop)
    server.serve(target_loader=partial(_start_worker, shown, os.getpid()), wrap_loader=False)


def _start_worker(settings: Settings, parent: int) -> WSGIApplication:
    """A worker that ends when the server was killed without a chance to end it: else it would keep the port."""

    def follow() -> None:
        while os.getppid() == parent:
            time.sleep(FOLLOW_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(STOP_SECONDS)
        os._exit(1)

    threading.Thread(target=follow, name="calfeed-follow", daemon=True).start()
    return load_worker(settings)


def load_worker(settings: Settings) -> WSGIApplication:
    """The application of one worker process."""
    for name in set(os.environ) - set(KEPT_VARIABLES):
        del os.environ[name]
    application = create_app(settings).wsgi_app
    # What lives as long as the process is not looked through again at every collection.
    gc.collect()
    gc.freeze()
    return application


def _why(error: OSError, host: str, port: int) -> tuple[str, str]:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is taken by another program.", "Stop it, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"port {port} is reserved for the system.", "Choose a port above 1023 with --port."
    if isinstance(error, socket.gaierror):
        return f"there is no address {host!r}.", "Choose another with --host, such as 127.0.0.1 or 0.0.0.0."
    return f"nothing can listen there: {error.strerror}.", "Choose another --host or --port."
