"""What is asked of the confined engine, what it answers, and what it says no with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import pyarrow.lib as arrow

from store.errors import TrigpointError, WrongUse
from store.sandbox.limits import Limits

# What can be the name of a `$name`.
NAME = r"[A-Za-z_][A-Za-z0-9_]{0,59}"
NAME_IN_WORDS = "a letter or _ first, then letters, digits and _, 60 in all"


@dataclass(frozen=True)
class Question:
    """One statement of SQL; `$name` in it takes the value of `parameters["name"]` (see `NAME`).

    `as_of` is a past moment (naive UTC) at which everything is seen; `release_id` a kept release.
    """

    sql: str
    parameters: Mapping[str, str | int | float | bool | date | datetime | None] = field(
        default_factory=dict
    )
    as_of: datetime | None = None
    release_id: str | None = None


@dataclass(frozen=True)
class Answer:
    """An answer and what it was given from; `is_cut` where there was more than the limits allow."""

    table: arrow.Table
    is_cut: bool
    seconds: float
    release_id: str
    as_of: datetime | None
    limits: Limits

    @property
    def too_large(self) -> str:
        """Why there is no file of an answer that was cut: a file looks whole."""
        return (
            f"The whole answer is larger than a file may be ({self.limits.rows:,} rows or "
            f"{self.limits.bytes / 1e6:,.0f} MB). Ask for fewer rows or columns."
        )


class Refused(WrongUse):
    """A question that may not run, or that the engine cannot answer; `kind` says of what class.

    `line` is the line of the question that it is about, where there is one.
    """

    def __init__(self, kind: str, said: str, line: int | None = None) -> None:
        super().__init__(said)
        self.kind = kind
        self.line = line

    @property
    def on_record(self) -> str:
        """The class of the refusal: its sentence may quote a value that others may not see."""
        return f"the question was refused: {self.kind}"


class Stopped(WrongUse):
    """Whoever asked took the question back."""


class TookTooLong(WrongUse):
    """A question did not end within its time."""


class Busy(TrigpointError):  # noqa: N818
    """Too many questions wait already."""


class SandboxUnavailable(TrigpointError):  # noqa: N818
    """Something that confines the engine is missing here, so no question is answered."""
