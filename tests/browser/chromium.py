"""Debian's Chromium, a server in this process, and the packages that the pages are tested with."""

from __future__ import annotations

import fcntl
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from tests.needs import need, need_program

HERE = Path(__file__).parent
# Nothing is asked of the network; a sandbox is not to be had in a container run by root.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    path = need_program("chromium", "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which `app` answers on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def axe_script() -> str:
    """The source of axe-core; installed from npm at its locked version where it is missing."""
    found = HERE / "node_modules" / "axe-core" / "axe.min.js"
    with Path(tempfile.gettempdir(), "calfeed-browser.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            need_program("npm", "npm")
            done = subprocess.run(["sh", HERE / "install"], capture_output=True, timeout=120, check=False)
            need(done.returncode == 0 and found.exists(), "axe-core from npm: sh tests/browser/install")
    return found.read_text("utf-8")


def violations(page: Page, script: str) -> list[str]:
    """What axe-core finds against WCAG 2.2 AA and its own best practices, a line each."""
    page.evaluate(script)
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(' | '))"
    )
    return list(found)


class Watched:
    """A page whose console is listened to: `errors` are its errors and warnings, and exceptions of its scripts."""

    def __init__(self, context: BrowserContext) -> None:
        self.errors: list[str] = []
        self.page = context.new_page()
        self.page.on("console", lambda line: line.type in ("error", "warning") and self.errors.append(line.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", self._dialog)

    def open(self, address: str) -> None:
        """Go to `address` and wait until its scripts have done their work."""
        self.page.goto(address)
        if "view=month" in address:
            self.page.locator("#fullcalendar [role=grid]").wait_for()

    def _dialog(self, dialog: object) -> None:
        self.errors.append("a script opened a dialog")
        dialog.dismiss()  # type: ignore[attr-defined]
