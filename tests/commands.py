"""What the tests of commands share: their answers read strictly, and whether a line is plain."""

import json
from typing import Any, NoReturn


def refuse_constant(constant: str) -> NoReturn:
    raise AssertionError(f"{constant} is no JSON")


def parsed(ran: Any) -> Any:
    """Standard output as strict JSON, and nothing else on it."""
    return json.loads(ran.out, parse_constant=refuse_constant)


def is_plain(ran: Any) -> bool:
    """One line on standard error and nothing on standard output: no trace, no markup, no box."""
    lines = ran.error.splitlines()
    marks = ("Traceback", "[bold]", "[/", "╭", "│", "\x1b")
    return len(lines) == 1 and not any(mark in lines[0] for mark in marks) and not ran.out


def done(ran: Any) -> Any:
    """A command that ended well, or with something held."""
    assert ran.code in {0, 3}, ran.error
    return ran
