"""The process that writes an export, of which the first table never ends: `HOME FOLDER`."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from store.exporting import making, writing

put = writing._put


def slowly(pieces: Iterator[bytes], *more: object) -> object:
    """Give every piece, and then none for ever."""

    def each() -> Iterator[bytes]:
        yield from pieces
        while True:
            time.sleep(0.05)
            yield b""

    return put(each(), *more)  # type: ignore[arg-type]


if __name__ == "__main__":
    writing._put = slowly  # type: ignore[assignment]
    making.main(*map(Path, sys.argv[1:3]))
