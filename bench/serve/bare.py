"""The least that a WSGI application under Granian can do: three answers made beforehand, chosen by one header.

    python bench/serve/bare.py PORT FILE

What it reaches is the most that `calfeed serve` could reach.
"""

from __future__ import annotations

import gc
import gzip
import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from granian import Granian
from granian.constants import HTTPModes, Interfaces, RuntimeModes
from granian.log import LogLevels

from calfeed.web.representations import resource


def application(path: str) -> WSGIApplication:
    octets = Path(path).read_bytes()
    packed = gzip.compress(octets, 9, mtime=0)
    made = resource(Path(path).name, {"identity": octets, "gzip": packed}, datetime.now(UTC)).representations
    plain, coded = made["identity"], made["gzip"]
    gc.collect()
    gc.freeze()

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_IF_NONE_MATCH" in environ:
            start_response("304 Not Modified", list(plain.not_modified_headers))
            return []
        chosen = coded if environ.get("HTTP_ACCEPT_ENCODING") == "gzip" else plain
        start_response("200 OK", list(chosen.headers))
        return [chosen.body]

    return answer


def main() -> None:
    port, path = sys.argv[1:]
    # A request's environ begins with a copy of it; calfeed keeps it small too.
    os.environ.clear()
    Granian(
        "bare", address="127.0.0.1", port=int(port), interface=Interfaces.WSGI, workers=1, blocking_threads=1,
        runtime_mode=RuntimeModes.st, http=HTTPModes.http1, websockets=False, log_level=LogLevels.warning,
    ).serve(target_loader=lambda: application(path), wrap_loader=False)  # fmt: skip


if __name__ == "__main__":
    main()
