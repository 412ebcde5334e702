"""Who may do what: roles, and accounts with a password.

In: the state folder. Out: a `Person`. Passwords are kept as argon2id (RFC 9106) in `var/desk/accounts.json`, readable
by its owner alone. Must not know: requests, sessions, pages.
"""

from __future__ import annotations

import re
import secrets
from enum import IntEnum
from functools import cache
from pathlib import Path

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct
from msgspec.structs import replace

from calfeed.errors import CalfeedError, Spot
from calfeed.store.disk import replace_file

FILE = "accounts.json"
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 500
_NAME = re.compile(r"[^\s\x00-\x1f/?#<>\"'][^\x00-\x1f/?#<>\"']{0,78}[^\s\x00-\x1f/?#<>\"']|\w")


class Role(IntEnum):
    """What a person may do; each may do what those before it may."""

    ANYBODY = 0
    READER = 1
    EDITOR = 2
    PUBLISHER = 3
    ADMINISTRATOR = 4

    @classmethod
    def named(cls, name: str) -> Role:
        """The role with that name in lower case. Raises CalfeedError for a name that is none."""
        found = {role.name.lower(): role for role in cls if role}.get(name)
        if found is None:
            raise CalfeedError(f"there is no role {name!r}.", mend="Roles: reader, editor, publisher, administrator.")
        return found


class Person(Struct, frozen=True):
    """Somebody at the desk: the name that stands in the history, and what they may do."""

    name: str
    role: Role


class Account(Struct, frozen=True, kw_only=True):
    """`password` is an argon2id hash in its usual form. `epoch` changes with the password: sessions of another epoch
    are over."""

    name: str
    role: str
    password: str
    epoch: str

    @property
    def person(self) -> Person:
        return Person(self.name, Role.named(self.role))


class Accounts:
    """The accounts of a desk, as they are on disk at each question."""

    def __init__(self, folder: Path, hasher: PasswordHasher | None = None) -> None:
        self._path = folder / FILE
        self._hasher = hasher or _hasher()

    def all(self) -> tuple[Account, ...]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=tuple[Account, ...])
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError) as error:
            raise CalfeedError(
                "the accounts cannot be read.", spot=Spot(self._path), mend="Restore the file from a backup."
            ) from error

    def named(self, name: str) -> Account | None:
        return next((account for account in self.all() if account.name.casefold() == name.casefold()), None)

    def add(self, name: str, role: Role, password: str) -> Account:
        """A new account. Raises CalfeedError for a name that is taken or no name, and for a short password."""
        if not _NAME.fullmatch(name):
            raise CalfeedError(
                f"{name[:80]!r} cannot be a person's name.", mend="Letters, digits and spaces, 80 at most."
            )
        if self.named(name):
            raise CalfeedError(f"there is an account {name!r} already.", mend="Choose another name.")
        account = Account(name=name, role=role.name.lower(), password=self._hash(password), epoch=secrets.token_hex(8))
        self._write((*self.all(), account))
        return account

    def change(self, name: str, *, role: Role | None = None, password: str | None = None) -> Account:
        """Another role or password; the person's sessions end. Raises CalfeedError where there is no such account."""
        account = self._known(name)
        changed = replace(
            account,
            role=role.name.lower() if role else account.role,
            password=self._hash(password) if password is not None else account.password,
            epoch=secrets.token_hex(8),
        )
        self._write(tuple(changed if one is account else one for one in self._others(account, keep=True)))
        return changed

    def remove(self, name: str) -> None:
        """Raises CalfeedError where there is no such account."""
        self._write(self._others(self._known(name)))

    def verify(self, name: str, password: str) -> Account | None:
        """The account that name and password belong to. Takes as long where there is no such account."""
        account = self.named(name)
        try:
            self._hasher.verify(account.password if account else _nobody(self._hasher), password[:LONGEST_PASSWORD])
        except (VerificationError, InvalidHashError):
            return None
        return account

    def _known(self, name: str) -> Account:
        account = self.named(name)
        if account is None:
            raise CalfeedError(f"there is no account {name[:80]!r}.", mend="`calfeed user list` names them.")
        return account

    def _others(self, account: Account, *, keep: bool = False) -> tuple[Account, ...]:
        return tuple(account if one.name == account.name else one for one in self.all() if keep or one != account)

    def _hash(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise CalfeedError(
                f"the password has {len(password)} characters.",
                mend=f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD} are needed; several words make a good one.",
            )
        return self._hasher.hash(password)

    def _write(self, accounts: tuple[Account, ...]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._path.exists():
            self._path.touch(mode=0o600)
        replace_file(self._path, msgspec.json.format(msgspec.json.encode(accounts)))


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


_nobodies: dict[int, str] = {}


def _nobody(hasher: PasswordHasher) -> str:
    """The hash of a password that nobody knows, made with the same cost as all others."""
    if id(hasher) not in _nobodies:
        _nobodies[id(hasher)] = hasher.hash(secrets.token_hex(16))
    return _nobodies[id(hasher)]
