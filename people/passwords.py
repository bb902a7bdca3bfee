"""Passwords of local accounts: their rules, and Argon2id, which makes guessing them dear."""

import re
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from store.errors import WrongUse
from store.secrets import private_text

SHORTEST, LONGEST = 12, 200
# The library's own choice (RFC 9106, low memory): 64 MiB and three rounds for each guess.
_hasher = PasswordHasher()


def hashed(password: str, name: str) -> str:
    """What is kept of a password. Raises `WrongUse` for one that is too easily guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WrongUse(f"a password has {SHORTEST} to {LONGEST} characters")
    if len(set(password)) < 5 or _plain(name) in _plain(password):
        raise WrongUse("this password is easily guessed: it repeats itself or holds the name")
    return _hasher.hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Whether this is the password; takes as long where there is none to compare with."""
    if len(password) > LONGEST:
        return False
    try:
        return _hasher.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def from_file(path: Path) -> str:
    """The password in a file's first line. Raises `WrongUse` where others may read it."""
    return private_text(path, "--password-file names")


@cache
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def _plain(text: str) -> str:
    return re.sub(r"\W", "", text).lower()
