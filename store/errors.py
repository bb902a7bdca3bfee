"""What can go wrong in words an operator can act on, with the exit code each deserves."""

DONE, FAILED, WRONG_USE, HELD = 0, 1, 2, 3


class TrigpointError(Exception):
    """A plain sentence for a person: what happened, where, and what to do.

    `exit_code` is what the command line returns: 1 failed, 2 wrong use, 3 held by a breaker.
    """

    exit_code = FAILED

    @property
    def on_record(self) -> str:
        """The sentence as it may be kept for others than whoever asked."""
        return str(self)


class WrongUse(TrigpointError):  # noqa: N818
    """The request itself cannot be carried out as it was put."""

    exit_code = WRONG_USE


class NotAnswered(WrongUse):
    """The engine cannot answer a question; its sentence may quote a value that others may not see.

    `kept` is what may be kept of it.
    """

    def __init__(self, why: str, kept: str) -> None:
        super().__init__(f"the question could not be answered: {why}")
        self._kept = f"the question could not be answered: {kept}"

    @property
    def on_record(self) -> str:
        """What kind of fault it is, and no value."""
        return self._kept


class Held(TrigpointError):  # noqa: N818
    """A circuit breaker holds something that would otherwise be published."""

    exit_code = HELD


class UnknownScope(WrongUse):
    """Somebody looks from an area that the release does not know."""


class NoRelease(TrigpointError):  # noqa: N818
    """Nothing has been published in this home yet."""


class ReleaseGone(TrigpointError):  # noqa: N818
    """A release that was named cannot be opened any more; `why` follows its name."""

    def __init__(self, release_id: str, why: str = "is no longer kept") -> None:
        super().__init__(f"release {release_id[:40]} {why}")
        self.release_id = release_id


class DamagedRecord(TrigpointError):  # noqa: N818
    """The record of what was shown cannot be read."""
