"""The order of sets and dictionaries in memory has no say in what is stored."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
from hashlib import sha256
from calfeed.model import Catalogue
from calfeed.store import Stored, render
from tests.reconcile.programme import read, uids
old, new = [], []
for at in range(60):
    old.append((("Wastes", f"Activity {at % 7}", "Calendar"), f"Seminar {at} on topic {at % 5}: 2014, 2015"))
    new.append((("Wastes", f"Activities {at % 7}", "Calendar"), f"Seminar {at + 9} on topics {at % 5}: 2014-03, 2016"))
new_uid = uids()
first = read(Catalogue(), old, new_uid)
second = read(first.catalogue, new, new_uid, approved=True)
text = render(Stored(source="x", octets=None, catalogue=Catalogue()), second.catalogue)
print(sha256(text.encode()).hexdigest())
"""


def test_hash_seeds_change_no_byte() -> None:
    printed = set()
    for seed in ("0", "1", "4711"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", CODE], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        printed.add(done.stdout)
    assert len(printed) == 1
