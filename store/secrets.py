"""Secrets: from the environment, or from a file that nobody else on the machine may read."""

import os
from pathlib import Path

from store.errors import WrongUse


def secret(name: str) -> str | None:
    """The secret in the variable `name`, or in the file that `<name>_FILE` names; else None.

    Raises `WrongUse` where that file is missing, is empty or others may read it.
    """
    named = os.environ.get(f"{name}_FILE")
    if not named:
        return os.environ.get(name) or None
    return private_text(Path(named), f"{name}_FILE names")


def private_text(path: Path, who_names_it: str = "there is no file") -> str:
    """The first line of a file that only its owner may read. Raises `WrongUse` else."""
    if not path.is_file():
        raise WrongUse(f"{who_names_it} {path}, which is no file")
    if path.stat().st_mode & 0o077:
        raise WrongUse(f"{path} holds a secret and others may read it; run `chmod 600 {path}`")
    lines = path.read_text().splitlines()
    if not lines or not lines[0]:
        raise WrongUse(f"{path} holds no secret: its first line is empty")
    return lines[0]
