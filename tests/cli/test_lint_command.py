"""calfeed lint, as it is typed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from calfeed.cli import main

FIXTURES = Path(__file__).parent.parent / "lint"
CLEAN = FIXTURES / "clean" / "plain.ics"
BROKEN = FIXTURES / "defects" / "status.ics"
DOUBTFUL = FIXTURES / "defects" / "opaque.ics"


def run(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, ["lint", *arguments], input=stdin)


def test_a_clean_file_gives_no_line_and_status_0() -> None:
    done = run(str(CLEAN))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "1 file: 0 errors, 0 warnings.\n"


def test_an_error_names_place_rule_and_mend_with_status_1() -> None:
    done = run(str(BROKEN))
    assert done.exit_code == 1
    assert done.stdout == f"{BROKEN}:12: error status: STATUS is DELETED. Write CONFIRMED, TENTATIVE or CANCELLED.\n"


def test_a_warning_alone_is_status_0() -> None:
    done = run(str(DOUBTFUL))
    assert (done.exit_code, "warning opaque:" in done.stdout) == (0, True)


def test_several_files_are_told_apart() -> None:
    done = run(str(CLEAN), str(BROKEN), str(DOUBTFUL))
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [str(BROKEN), str(DOUBTFUL)]
    assert done.stderr == "3 files: 1 error, 1 warning.\n"


def test_standard_input_is_read_as_bytes() -> None:
    assert run("-", stdin=CLEAN.read_bytes()).exit_code == 0
    assert "byte-order-mark" in run("-", stdin=b"\xef\xbb\xbf" + CLEAN.read_bytes()).stdout


def test_json_is_an_array_of_findings() -> None:
    (finding,) = json.loads(run("--json", str(BROKEN)).stdout)
    assert finding == {
        "rule": "status",
        "line": 12,
        "severity": "error",
        "what": "STATUS is DELETED.",
        "mend": "Write CONFIRMED, TENTATIVE or CANCELLED.",
        "name": str(BROKEN),
    }
    assert json.loads(run("--json", str(CLEAN)).stdout) == []


def test_a_missing_file_is_one_sentence() -> None:
    done = run("no-such.ics")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "calfeed: no-such.ics: the file cannot be read: No such file or directory.\n"


def test_without_input_it_says_what_it_takes() -> None:
    assert run().exit_code == 2


def test_the_rules_can_be_printed_with_their_reasons() -> None:
    assert "dtend-equals-dtstart (error): DTEND is exclusive" in run("--rules").stdout


class Quiet(SimpleHTTPRequestHandler):
    """Says nothing of its requests."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    handler = partial(Quiet, directory=str(FIXTURES))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_address_is_fetched_and_its_feed_checked(address: str) -> None:
    done = run("--allow-loopback", f"{address}/defects/status.ics")
    assert (done.exit_code, done.stdout.startswith(f"{address}/defects/status.ics:12: error status:")) == (1, True)
    assert run("--allow-loopback", f"{address}/clean/plain.ics").exit_code == 0


def test_an_address_of_this_machine_needs_to_be_allowed(address: str) -> None:
    done = run(f"{address}/clean/plain.ics")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("calfeed: http://127.0.0.1")


def test_an_address_without_a_feed_is_one_sentence(address: str) -> None:
    done = run("--allow-loopback", f"{address}/nothing.ics")
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
