"""The desk's servers: Granian over the desk, a preview of the site beside it, and the try page alone."""

from __future__ import annotations

import multiprocessing
import os
import secrets
import signal
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable
from functools import partial
from multiprocessing.context import SpawnProcess
from wsgiref.types import WSGIApplication

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from msgspec.structs import replace

from calfeed.desk import create_desk, create_try, new_token
from calfeed.desk.access import is_loopback, secret_of
from calfeed.desk.preview import create_preview, preview_key
from calfeed.errors import CalfeedError
from calfeed.settings import Paths, Settings
from calfeed.web.mistakes import FOLDER
from calfeed.web.refresher import configure_logging

# A document that is read must not keep others from their pages.
THREADS = 4
STOP_SECONDS = 2
# How often a server looks whether the one that started it is still there.
FOLLOW_SECONDS = 0.5


def run(
    settings: Settings, host: str, port: int, name: str, *, say: Callable[[str], None], open_browser: bool = False
) -> None:
    """Serve the desk until it is stopped, and a preview on the next port. Raises CalfeedError where others could reach
    it without accounts."""
    configure_logging()
    alone = settings.desk.url is None
    if alone and not is_loopback(host):
        raise CalfeedError(
            f"the desk would be open to others at {host}.",
            mend="Set `url` below [desk] in calfeed.toml to its public address: people then sign in.",
        )
    shown = f"[{host}]" if ":" in host else host
    token = new_token() if alone else None
    secret = secret_of(settings.state_path / FOLDER)
    preview = f"http://{shown}:{port + 1}" if alone else ""
    address = f"http://{shown}:{port}/enter?token={token}" if alone else f"{settings.desk.url}/"
    say(f"The desk of {settings.site.name}: {address} (stop with Ctrl-C)")
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    beside = multiprocessing.get_context("spawn").Process(
        target=_serve_preview, args=(settings, host, port + 1, preview_key(secret), preview, os.getpid())
    )
    loader = partial(_desk, settings, token, name, preview, os.getpid())
    _serve(host, port, loader, beside=beside if alone else None)


def run_try(settings: Settings, port: int, *, say: Callable[[str], None], open_browser: bool = False) -> None:
    """Serve the try page on loopback until it is stopped. Nothing is kept: its state is a folder that goes with it."""
    configure_logging()
    address = f"http://127.0.0.1:{port}/try"
    say(f"Try calfeed at {address} (stop with Ctrl-C)")
    if open_browser:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    with tempfile.TemporaryDirectory(prefix="calfeed-try-") as folder:
        bare = replace(settings, folder=folder, paths=Paths(), sources=())
        _serve("127.0.0.1", port, partial(_try, bare, os.getpid()))


def _serve(host: str, port: int, loader: Callable[..., WSGIApplication], *, beside: SpawnProcess | None = None) -> None:
    server = Granian(
        "calfeed.desk",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    if beside is not None:
        server.on_startup(beside.start)
        server.on_shutdown(beside.terminate)
    server.serve(target_loader=loader, wrap_loader=False)


def _desk(settings: Settings, token: str | None, name: str, preview: str, parent: int, *_: object) -> WSGIApplication:
    _follow(parent)
    return create_desk(settings, token=token, local=name, preview=preview).wsgi_app


def _try(settings: Settings, parent: int, *_: object) -> WSGIApplication:
    _follow(parent)
    return create_try(settings, secrets.token_bytes(32)).wsgi_app


def _serve_preview(settings: Settings, host: str, port: int, key: str, url: str, parent: int) -> None:
    _follow(parent)
    _serve(host, port, partial(_preview, settings, key, url, os.getpid()))


def _preview(settings: Settings, key: str, url: str, parent: int, *_: object) -> WSGIApplication:
    _follow(parent)
    return create_preview(settings, key, url)


def _follow(parent: int) -> None:
    """End with the process that started this one, however it ends."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(FOLLOW_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=look, name="calfeed-follow", daemon=True).start()
