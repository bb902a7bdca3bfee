"""From what is to be told to a sheet of paper, in a process that can be ended."""

import json
import logging
import subprocess  # nosec B404
import sys
from pathlib import Path
from typing import Any, Literal

from store.errors import TrigpointError

SETTING = Path(__file__).with_name("setting.py")
LONGEST_S = 10
log = logging.getLogger(__name__)


class NotTypeset(TrigpointError):  # noqa: N818
    """There is no sheet, and the fault is ours."""


def typeset(template: str, told: dict[str, Any], kind: Literal["pdf", "png"]) -> bytes:
    """The sheet that a template of this folder makes of what is told.

    Raises `NotTypeset` where that cannot be done or takes longer than `LONGEST_S`.
    """
    asked = {"template": template, "told": json.dumps(told), "kind": kind}
    try:
        child = subprocess.run(  # noqa: S603 # nosec B603
            [sys.executable, "-I", str(SETTING)],
            input=json.dumps(asked).encode(),
            capture_output=True,
            env={},
            timeout=LONGEST_S,
            check=True,
        )
    except subprocess.TimeoutExpired:
        raise _not_typeset(f"it took more than {LONGEST_S} seconds") from None
    except subprocess.CalledProcessError as fault:
        raise _not_typeset(fault.stderr.decode(errors="replace").strip()) from None
    return child.stdout


def _not_typeset(why: str) -> NotTypeset:
    log.error("%s: %s", SETTING.parent, why)
    return NotTypeset(
        "The sheet could not be made; the fault is on our side and has been written down. "
        "The page shows the same figures."
    )
