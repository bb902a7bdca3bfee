"""What the kernel holds around a confined process, laid on from within and then tried out.

The engine promises no boundary, so whatever a question makes it do must come to nothing: no file
can be opened any more, no address reached, no program started, and memory and time end. What the
process needs it has open before: the release's files, read-only, and two pipes.
"""

import csv
import ctypes
import errno
import os
import platform
import resource
import signal
import socket
import struct
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

MEMORY = 1_500_000_000
CPU_IN_A_LIFE_S = 3600
OPEN_FILES = 64
NO_NEW_PRIVILEGES, PARENT_DEATH, DUMPABLE = 38, 1, 4
NEW_NETWORK, NEW_USER = 0x40000000, 0x10000000
# How the kernel names the two kinds of machine to a filter.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_libc = ctypes.CDLL(None, use_errno=True)


class LayerMissing(Exception):  # noqa: N818
    """The kernel or the machine does not give one of the layers."""


def begin() -> dict[str, bool]:
    """What must come before any thread is started; says which of the optional layers hold."""
    _prctl(NO_NEW_PRIVILEGES, 1, "no new privileges")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # One arena, so that the limit of memory bounds what is used and not what is set aside.
    _libc.mallopt(-8, 1)
    alone = NEW_NETWORK if os.geteuid() == 0 else NEW_NETWORK | NEW_USER
    return {"own network": _libc.unshare(alone) == 0}


def close(uid: int, parent: int) -> dict[str, bool]:
    """Lay on all that holds from now on; `uid` is taken where this process may take one.

    Says which of the optional layers hold. Raises `LayerMissing` or `OSError`.
    """
    closed = _closed_calls()
    rooted = _leave_the_files()
    as_another = _become(uid)
    _bound()
    _prctl(DUMPABLE, 0, "no memory dumps")
    _prctl(PARENT_DEATH, signal.SIGKILL, "an end with the server")
    if os.getppid() != parent:
        raise LayerMissing("the server ended in the meantime")
    _filter_calls(closed)
    os.environ.clear()
    return {"empty root": rooted, "own account": as_another}


def allow_time(seconds: float) -> None:
    """Let this process use so many seconds of CPU from now on; beyond them the kernel ends it."""
    ends = int(_used() + seconds) + 3
    resource.setrlimit(resource.RLIMIT_CPU, (min(ends, CPU_IN_A_LIFE_S), CPU_IN_A_LIFE_S))


def has_time() -> bool:
    """Whether this process may take another question; one that has worked long makes way."""
    return _used() < CPU_IN_A_LIFE_S / 2


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def require(files: tuple[str, ...]) -> None:
    """Try each layer; raises `LayerMissing` for one that does not hold."""
    for file in files:
        _must_fail(f"{file} can be opened", partial(os.open, file, os.O_RDONLY))
        _must_fail(f"{file} can be written", partial(os.open, file, os.O_WRONLY))
    _must_fail("a file can be made", lambda: os.open("made", os.O_CREAT | os.O_WRONLY))
    _must_fail("an address can be reached", lambda: socket.socket().close())
    _must_fail("a process can be started", _fork)
    _must_fail("other processes can be ended", lambda: os.kill(os.getppid(), 0))
    limits = {"RLIMIT_AS": MEMORY, "RLIMIT_FSIZE": 0, "RLIMIT_NOFILE": OPEN_FILES}
    for name, most in (limits | {"RLIMIT_NPROC": 0, "RLIMIT_CORE": 0}).items():
        if resource.getrlimit(getattr(resource, name)) != (most, most):
            raise LayerMissing(f"{name} is not kept")
    if _libc.prctl(39, 0, 0, 0, 0) != 1:
        raise LayerMissing("new privileges can be had")


def _leave_the_files() -> bool:
    """Stand in a folder that no longer exists: nothing is found in it, and nothing can be put."""
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    Path(folder).rmdir()
    try:
        os.chroot(".")
    except OSError:
        return False
    os.chdir("/")
    return True


def _become(uid: int) -> bool:
    if os.geteuid() != 0 or not _may_change():
        _drop_capabilities()
        return False
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    return True


def _may_change() -> bool:
    """Root of a container may lack the right to become another."""
    try:
        os.setgroups([])
    except OSError:
        return False
    return True


def _drop_capabilities() -> None:
    header, nothing = struct.pack("<Ii", 0x20080522, 0), bytes(24)
    number = {"x86_64": 126, "aarch64": 91}.get(platform.machine())
    if number is None or _libc.syscall(number, header, nothing) != 0:
        raise LayerMissing("capabilities cannot be given up")


def _bound() -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_IN_A_LIFE_S,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in limits.items():
        resource.setrlimit(kind, (most, most))


def _filter_calls(closed: list[int]) -> None:
    """A filter of the kernel's over every thread: the calls that are closed are not permitted."""
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        raise LayerMissing(f"which calls to close is not known for {machine}")
    code = b"".join(_program(ARCHITECTURES[machine], closed))
    held = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(held))
    number = {"x86_64": 317, "aarch64": 277}[machine]
    every_thread = 1
    if _libc.syscall(number, 1, every_thread, program) != 0:
        raise LayerMissing(f"calls cannot be filtered ({os.strerror(ctypes.get_errno())})")


def _closed_calls() -> list[int]:
    """The numbers on this machine of the calls that are closed, from `closed_calls.csv`."""
    with (Path(__file__).parent / "closed_calls.csv").open(newline="") as file:
        found = [row.get(platform.machine()) for row in csv.DictReader(file)]
    return [int(number) for number in found if number]


def _program(architecture: int, closed: list[int]) -> Iterator[bytes]:
    """The filter in the kernel's own small language (classic BPF)."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    kill, refuse, allow = 0x80000000, 0x00050000 | errno.EPERM, 0x7FFF0000
    step = struct.Struct("<HBBI").pack
    yield step(load, 0, 0, 4)
    yield step(equal, 1, 0, architecture)
    yield step(answer, 0, 0, kill)
    yield step(load, 0, 0, 0)
    # Numbers of another kind of program on the same machine.
    yield step(at_least, 0, 1, 0x40000000)
    yield step(answer, 0, 0, kill)
    for number in closed:
        yield step(equal, 0, 1, number)
        yield step(answer, 0, 0, refuse)
    yield step(answer, 0, 0, allow)


def _prctl(what: int, value: int, named: str) -> None:
    if _libc.prctl(what, value, 0, 0, 0) != 0:
        raise LayerMissing(f"the kernel does not give {named}")


def _must_fail(otherwise: str, attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except OSError:
        return
    raise LayerMissing(otherwise)


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
