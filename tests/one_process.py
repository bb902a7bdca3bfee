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
    out, error = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(error):
        try:
            main(asked["arguments"])
        except SystemExit as ended:
            code = ended.code
    return {"code": code, "out": out.getvalue(), "error": error.getvalue()}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), flush=True)
