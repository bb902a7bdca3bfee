"""Questions in SQL, answered by a confined engine that holds one release at one scope."""

from store.sandbox.asking import ask, count, explain_plan, stop
from store.sandbox.limits import Limits, limits_of
from store.sandbox.question import (
    NAME,
    NAME_IN_WORDS,
    Answer,
    Busy,
    Question,
    Refused,
    SandboxUnavailable,
    Stopped,
    TookTooLong,
)
from store.sandbox.ready import check_ready

__all__ = [
    "NAME",
    "NAME_IN_WORDS",
    "Answer",
    "Busy",
    "Limits",
    "Question",
    "Refused",
    "SandboxUnavailable",
    "Stopped",
    "TookTooLong",
    "ask",
    "check_ready",
    "count",
    "explain_plan",
    "limits_of",
    "stop",
]
