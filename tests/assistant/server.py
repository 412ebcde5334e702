"""A server of the chat completions interface on loopback that answers what it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[dict[str, Any]], "str | bytes | int"]


class Model:
    """What was asked, and where."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []


@contextmanager
def model_server(reply: Reply, *, delay: float = 0.0) -> Iterator[Model]:
    """`reply` gives the message's text, the whole body (bytes) or a status."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            model.asked.append(asked)
            model.keys.append(self.headers.get("Authorization"))
            time.sleep(delay)
            told = reply(asked)
            if isinstance(told, int):
                self.send_response(told)
                self.send_header("Location", "http://127.0.0.1:9/")
                self.end_headers()
                return
            usage = {"prompt_tokens": 1000, "completion_tokens": 200}
            choices = [{"message": {"role": "assistant", "content": told}, "finish_reason": "stop"}]
            body = told if isinstance(told, bytes) else json.dumps({"choices": choices, "usage": usage}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                return

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    model = Model(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
