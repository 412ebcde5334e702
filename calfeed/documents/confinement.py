"""What a process gives up before it reads a stranger's document: memory, time, files, the network.

Called in the child only, once; nothing of it can be taken back. What an ordinary user of Linux may ask for is used:

- resource limits (setrlimit(2)): address space, processor time, no byte written to a file, few open files, no core;
- Landlock (kernel 5.13): files are read below the directories of the system's programs and of Python only, so neither
  settings nor data nor /etc, and nothing is written, made, renamed or removed;
- seccomp (prctl(2)): no socket of any kind, no signal to another process, no tracing, no new namespace, no io_uring.

A kernel that lacks one of these goes on without it; `confine` says which hold. Resource limits hold everywhere.
Sources: landlock(7), seccomp(2), linux/audit.h; the numbers of system calls are those of the kernel's own tables.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_PR_SET_PDEATHSIG, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 22, 38
_SECCOMP_MODE_FILTER = 2
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
# How many kinds of access to files, counted from the lowest bit, each version of Landlock knows; later ones no more.
_FILE_ACCESSES = {1: 13, 2: 14, 3: 15, 4: 15}
_LATEST_FILE_ACCESSES = 16
_NETWORK_SINCE = 4
_TCP = 0b11
_READABLE = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/etc/localtime", "/etc/alternatives", "/proc/self",
             "/dev/urandom", "/opt/homebrew")  # fmt: skip
# Audit's name of the architecture, and the numbers that its table gives to what is refused.
_CALLS = {
    "x86_64": (0xC000003E, {
        "socket": 41, "connect": 42, "socketpair": 53, "kill": 62, "ptrace": 101, "mount": 165, "add_key": 248,
        "keyctl": 250, "unshare": 272, "perf_event_open": 298, "setns": 308, "process_vm_readv": 310,
        "process_vm_writev": 311, "bpf": 321, "userfaultfd": 323, "pidfd_send_signal": 424, "io_uring_setup": 425,
    }),
    "aarch64": (0xC00000B7, {
        "mount": 40, "unshare": 97, "ptrace": 117, "kill": 129, "socket": 198, "socketpair": 199, "connect": 203,
        "add_key": 217, "keyctl": 219, "perf_event_open": 241, "setns": 268, "process_vm_readv": 270,
        "process_vm_writev": 271, "bpf": 280, "userfaultfd": 282, "pidfd_send_signal": 424, "io_uring_setup": 425,
    }),
}  # fmt: skip
_X32 = 0x40000000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050001


def confine(*, memory: int, seconds: int, packages: Iterable[str | Path] = ()) -> tuple[str, ...]:
    """Give up all that reading a document does not need, for ever; the names of what holds now.

    `memory` is address space in bytes, `seconds` processor time; `packages` are further directories to read modules
    from.
    """
    held = [_limits(memory, seconds)]
    if sys.platform != "linux":
        return tuple(held)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return tuple(held)
    if _landlock(libc, packages):
        held.append("landlock")
    if _seccomp(libc):
        held.append("seccomp")
    return tuple(held)


def _limits(memory: int, seconds: int) -> str:
    limits = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))
    # The soft limit is a signal that ends the process, the hard one a kill for a process that took the signal.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    return "limits"


def _landlock(libc: ctypes.CDLL, packages: Iterable[str | Path]) -> bool:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    if version < 1:
        return False
    accesses = (1 << _FILE_ACCESSES.get(version, _LATEST_FILE_ACCESSES)) - 1
    attributes = struct.pack("=Q", accesses)
    if version >= _NETWORK_SINCE:
        attributes += struct.pack("=Q", _TCP)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    if ruleset < 0:
        return False
    try:
        places = {*_READABLE, sys.prefix, sys.base_prefix, *filter(None, sys.path), *map(str, packages)}
        for place in sorted(places):
            _allow(libc, ruleset, place, _EXECUTE | _READ_FILE | _READ_DIR)
        _allow(libc, ruleset, os.devnull, _READ_FILE | _WRITE_FILE)
        return bool(libc.syscall(_RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint(0)) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, place: str, accesses: int) -> None:
    try:
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not Path(place).is_dir():
            accesses &= ~_READ_DIR
        rule = struct.pack("=Qi", accesses, opened)
        libc.syscall(_ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(1), rule, ctypes.c_uint(0))
    finally:
        os.close(opened)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _seccomp(libc: ctypes.CDLL) -> bool:
    if platform.machine() not in _CALLS:
        return False
    audit, calls = _CALLS[platform.machine()]
    refused = sorted(calls.values())
    steps = [
        (_LOAD, 0, 0, 4),  # the architecture
        (_JUMP_EQUAL, 1, 0, audit),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_JUMP_AT_LEAST, len(refused) + 1, 0, _X32),
        *((_JUMP_EQUAL, len(refused) - at, 0, number) for at, number in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)
