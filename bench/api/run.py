"""Schemathesis against our own OpenAPI document, on a live server with the tests' sample: finds no failure.

python -m venv --system-site-packages /tmp/st && /tmp/st/bin/pip install schemathesis
SCHEMATHESIS=/tmp/st/bin/schemathesis .venv/bin/python bench/api/run.py [examples an operation]
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from werkzeug.serving import make_server

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from msgspec.structs import replace  # noqa: E402

from calfeed.settings import Limits  # noqa: E402
from tests import sample  # noqa: E402
from tests.web.published import app  # noqa: E402 (the tests are no installed package)


def main(examples: str = "200") -> int:
    program = os.environ.get("SCHEMATHESIS") or shutil.which("schemathesis")
    if program is None:
        print("schemathesis is not installed; see the head of this file.", file=sys.stderr)
        return 2
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    unlimited = replace(sample.settings(), limits=Limits(rate=0))
    server = make_server("127.0.0.1", 0, app(settings=unlimited), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(Path(__file__).parent)}
    command = [program, "run", f"{address}/api/v1/openapi.json", "--url", address, "--max-examples", examples]
    status = subprocess.run(command, env=environment, check=False).returncode
    server.shutdown()
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
