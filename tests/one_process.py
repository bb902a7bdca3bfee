"""One process that runs one command after another, for tests of what many commands say.

To start costs two seconds of a core each time; what is said does not depend on it.
"""

import io
import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout

from pipeline.cli import main


def run(asked: dict) -> dict:
    os.environ.clear()
    os.environ.update(asked["environment"])
    out, error = _written(), _written()
    sys.stdin = io.StringIO()  # our own stands for the test that asks
    with redirect_stdout(out), redirect_stderr(error):
        try:
            main(asked["arguments"])
        except SystemExit as ended:
            code = ended.code
    return {"code": code, "out": _read(out), "error": _read(error)}


def _written() -> io.TextIOWrapper:
    """What stands in for a stream of the process; some commands write bytes to it."""
    return io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)


def _read(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


if __name__ == "__main__":
    for line in sys.__stdin__ or ():
        print(json.dumps(run(json.loads(line))), flush=True)
