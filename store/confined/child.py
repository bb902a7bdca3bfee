"""A confined process: lays out one release for one scope, locks itself in, and answers questions.

`main` is started by `store.sandbox` with nothing but two pipes. It is told once what to lay out,
closes itself off, proves that it is closed, and then takes one question after another until its
server lets go of the pipe or nobody has asked for a while.
"""

import os
import select
from typing import Any

from store.confined import frames, layers

IDLE_S = 300
# Numbers' libraries start a thread for each core unless they are told not to.
QUIET = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


def main() -> None:
    """Run until the server lets go; ends without a word where even a refusal cannot be said."""
    os.environ.clear()
    os.environ.update(QUIET)
    pipe, parent = Pipe(), os.getppid()
    try:
        optional = layers.begin()
        # Threads are born with this import, so it comes after what holds for threads to come.
        from store.confined.answering import Confined  # noqa: PLC0415

        words = pipe.next()
        if words is None:
            return
        confined = Confined(words)
        optional |= layers.close(words["uid"], parent)
        layers.require(confined.files)
    except Exception as fault:
        pipe.say({"failed": type(fault).__name__, "said": str(fault)})
        return
    pipe.say({"ready": optional})
    while layers.has_time() and (words := pipe.next()) is not None:
        layers.allow_time(words["seconds"])
        for message, body in confined.answers(words):
            pipe.say(message, body)


class Pipe:
    """The two ends that the server left us."""

    def __init__(self) -> None:
        self._waiting = select.poll()
        self._waiting.register(0, select.POLLIN)

    def next(self) -> dict[str, Any] | None:
        """What is said next; None when there is nobody any more, or has not been for a while."""
        if not self._waiting.poll(IDLE_S * 1000):
            return None
        try:
            return frames.received(self._read, 0)[0]
        except EOFError:
            return None

    def say(self, message: dict[str, Any], body: bytes = b"") -> None:
        """Send a message; it waits for whoever reads."""
        left = memoryview(frames.packed(message, body))
        while left:
            left = left[os.write(1, left) :]

    def _read(self, size: int) -> bytes:
        parts = b""
        while len(parts) < size:
            part = os.read(0, size - len(parts))
            if not part:
                raise EOFError
            parts += part
        return parts
