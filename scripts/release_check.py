"""`make release-check`: whether what a release would bring along is fresh, known and allowed.

Checked are the age of the lock, the advisories that were looked through (deploy/advisories.toml, a file because a build
machine may have no database at hand), the licences of what is installed, and that `calfeed` says its changelog's
version. dist/sbom.json is written: a software bill of materials in CycloneDX's form.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
# An advisory is acted on within two weeks; so the lock and the look at advisories may be no older.
MOST_DAYS = 14
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)
ALLOWED = re.compile(
    "MIT|BSD|Apache|ISC|PSF|Python Software Foundation|Public Domain|MPL|Mozilla|LGPL|Lesser General Public|Zlib"
)


def locked(text: str) -> dict[str, str]:
    """Name and version of each package of a lock file."""
    return dict(_LOCKED.findall(text))


def old(what: str, since: date, today: date) -> Iterator[str]:
    """A sentence where something is older than it may be."""
    days = (today - since).days
    if days > MOST_DAYS:
        yield f"{what} is {days} days old, {MOST_DAYS} are allowed."


def advised(advisories: Iterable[dict[str, str]], versions: dict[str, str]) -> Iterator[str]:
    """A sentence for each advisory whose package is locked at a version that it names and has no reason to stay."""
    for advisory in advisories:
        name, affected = advisory["package"], advisory["versions"].split()
        if versions.get(name) in affected and not advisory.get("accepted"):
            yield f"{name} {versions[name]}: {advisory['id']}, {advisory['what']}"


def licence_of(name: str) -> str:
    """What a package says of its licence: the expression, else the classifiers, else the old field's first line."""
    told = metadata.metadata(name)
    classifiers = [line for line in told.get_all("Classifier") or [] if line.startswith("License")]
    return told.get("License-Expression") or ", ".join(classifiers) or (told.get("License") or "").split("\n")[0]


def unlicensed(licences: dict[str, str]) -> Iterator[str]:
    """A sentence for each package under a licence that calfeed cannot be given away with."""
    for name, licence in licences.items():
        if not ALLOWED.search(licence):
            yield f"{name} has the licence {licence or 'that it does not tell'!r}."


def main() -> int:
    today = datetime.now(UTC).date()
    lock = (ROOT / "requirements.txt").read_text("utf-8")
    versions = locked(lock)
    reviewed = tomllib.loads((ROOT / "deploy" / "advisories.toml").read_text("utf-8"))
    told = subprocess.run(
        ["git", "log", "-1", "--format=%cs", "--", "requirements.txt"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    licences = {name: licence_of(name) for name in versions if _is_installed(name)}
    problems = [
        *old("the lock", date.fromisoformat(told), today),
        *old("the look at advisories", reviewed["reviewed"], today),
        *advised(reviewed.get("advisory", []), versions),
        *unlicensed(licences),
    ]
    target = ROOT / "dist" / "sbom.json"
    target.parent.mkdir(exist_ok=True)
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "requirements",
        "requirements.txt",
        "--pyproject",
        "pyproject.toml",
    ]
    command += ["--output-reproducible", "-o", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(versions)} packages, {len(licences)} licences read, {target.relative_to(ROOT)} written.")
    return bool(problems)


def _is_installed(name: str) -> bool:
    """Some packages of a lock belong to other systems."""
    try:
        metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
