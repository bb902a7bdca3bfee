"""Confined processes, kept warm: each for one release at one scope and for nothing else ever."""

import atexit
import os
import select
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from store.confined import frames
from store.connection import CannotAttach, CannotLay, Layout, RecordGone
from store.errors import WrongUse
from store.sandbox.question import SandboxUnavailable, Stopped

KEPT = 4
NOBODY = 65534
STARTING_S = 60
NOT_STARTED = (
    "the confined process for questions in SQL could not be started; see whether memory is short, "
    "and whether its folder can be read"
)
LOOK_AGAIN_MS = 50
ROOT = Path(__file__).parents[2]
START = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from store.confined.child import main; main()"
)
FAILURES = {fault.__name__: fault for fault in (CannotAttach, CannotLay, RecordGone)}
Key = tuple[Any, ...]


class Died(Exception):  # noqa: N818
    """A confined process ended before it answered."""


class Late(Exception):  # noqa: N818
    """A confined process did not answer in its time, and was ended."""


class Child:
    """One confined process; blank until it is told what to lay out."""

    def __init__(self) -> None:
        there, self._to = os.pipe()
        self._from, back = os.pipe()
        # Isolated from the environment and the folder of whoever started the server.
        self._process = subprocess.Popen(  # noqa: S603 # nosec B603
            [sys.executable, "-I", "-c", START],
            stdin=there,
            stdout=back,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        os.close(there)
        os.close(back)
        self._has_ended = False
        self.used_at = monotonic()
        self.layers: dict[str, bool] = {}

    @property
    def pid(self) -> int:
        """Its number, for whoever measures it."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether it still runs."""
        return not self._has_ended and self._process.poll() is None

    @property
    def left_by_itself(self) -> bool:
        """Whether it went in peace, because nobody had asked it for a while."""
        return self._process.poll() == 0

    def lay_out(self, layout: Layout, seconds: int) -> None:
        """Tell it what to lay out, and wait until it has proven that it is closed.

        Raises what `store.connection.opened` does, `Died` where it went in peace before it was
        told, and `SandboxUnavailable` where a layer is missing.
        """
        with suppress(OSError):  # one that has ended already may have said why
            self._write({"layout": layout.to_json(), "seconds": seconds, "uid": _uid()})
        try:
            found, _ = self.hear(monotonic() + STARTING_S, 0, lambda: False)
        except Died:
            if self.left_by_itself:
                raise
            raise SandboxUnavailable(NOT_STARTED) from None
        except Late:
            raise SandboxUnavailable(NOT_STARTED) from None
        if "ready" not in found:
            self.end()
            raise _failure(str(found.get("failed")), str(found.get("said")))
        self.layers = {str(name): bool(holds) for name, holds in found["ready"].items()}

    def say(self, message: frames.Message) -> None:
        """Send it something; raises `Died` where it has ended."""
        try:
            self._write(message)
        except OSError:
            self.end()
            raise Died from None

    def _write(self, message: frames.Message) -> None:
        left = memoryview(frames.packed(message))
        while left:
            left = left[os.write(self._to, left) :]

    def hear(
        self, until: float, longest: int, is_stopped: Callable[[], bool]
    ) -> tuple[frames.Message, bytes]:
        """What it says next. It is ended where that is nothing, late, or too long.

        Raises `Died`, `Late` or `Stopped`.
        """
        try:
            return frames.received(lambda size: self._read(size, until, is_stopped), longest)
        except (ValueError, KeyError):
            self.end()
            raise Died from None
        except (Died, Late, Stopped):
            self.end()
            raise

    def _read(self, size: int, until: float, is_stopped: Callable[[], bool]) -> bytes:
        waiting = select.poll()
        waiting.register(self._from, select.POLLIN)
        parts = bytearray()
        while len(parts) < size:
            if is_stopped():
                raise Stopped("The question was stopped.")
            if monotonic() > until:
                raise Late
            if not waiting.poll(LOOK_AGAIN_MS):
                continue
            part = os.read(self._from, min(size - len(parts), 1 << 20))
            if not part:
                raise Died
            parts += part
        return bytes(parts)

    def end(self) -> None:
        """End it at once, whatever it does."""
        if self._has_ended:
            return
        self._has_ended = True
        self._process.kill()
        os.close(self._to)
        os.close(self._from)
        self._process.wait()


class Pool:
    """The confined processes of one process of the server, and one that is blank and warm.

    One thread starts them all and stays: the kernel ends a child with the thread that started it.
    """

    def __init__(self) -> None:
        self._pid = os.getpid()
        self._lock = Lock()
        self._idle: list[tuple[Key, Child]] = []
        self._starter = ThreadPoolExecutor(1, "confined")
        self._spare: Future[Child] | None = None
        atexit.register(self.end)

    def take(self, key: Key) -> Child | None:
        """An idle process that was laid out for this and nothing else."""
        with self._lock:
            self._forget()
            for place, (kept, child) in enumerate(self._idle):
                if kept == key:
                    del self._idle[place]
                    return child
        return None

    def blank(self) -> Child:
        """A process that knows nothing yet; another one is started for whoever comes next."""
        with self._lock:
            spare = self._spare or self._starter.submit(Child)
            self._spare = self._starter.submit(Child)
        child = spare.result()
        if child.is_alive:
            return child
        child.end()
        return self._starter.submit(Child).result()

    def give_back(self, key: Key, child: Child) -> None:
        """Keep a process for the next question to the same release at the same scope."""
        child.used_at = monotonic()
        with self._lock:
            self._idle.append((key, child))
            self._forget()

    def end(self) -> None:
        """End every process that nobody uses."""
        if os.getpid() != self._pid:
            return
        with self._lock:
            for _, child in self._idle:
                child.end()
            self._idle.clear()
            if self._spare:
                self._spare.result().end()
            self._spare = None

    def _forget(self) -> None:
        """Let go of those that ended by themselves, and of the least used beyond the most."""
        ended = [child for _, child in self._idle if not child.is_alive]
        self._idle = [(key, child) for key, child in self._idle if child.is_alive]
        while len(self._idle) > KEPT:
            ended.append(self._idle.pop(0)[1])
        for child in ended:
            child.end()


_pools: dict[int, Pool] = {}
_making = Lock()


def pool() -> Pool:
    """The pool of this process; one that was forked has its own."""
    with _making:
        if os.getpid() not in _pools:
            _pools.clear()
            _pools[os.getpid()] = Pool()
        return _pools[os.getpid()]


def _uid() -> int:
    text = os.environ.get("TRIGPOINT_SANDBOX_UID") or str(NOBODY)
    if not text.isdecimal() or int(text) < 1:
        raise WrongUse(
            f"TRIGPOINT_SANDBOX_UID is {text!r}; give the number of an account without rights"
        )
    return int(text)


def _failure(name: str, said: str) -> Exception:
    if name in FAILURES:
        return FAILURES[name](said)
    return SandboxUnavailable(
        f"questions in SQL are not answered here, because a layer around them is missing ({said})"
    )
