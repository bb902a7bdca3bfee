"""Roles and shapes of scope, as `people/roles.toml` states them."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from store.errors import TrigpointError, WrongUse
from store.viewer import ROLES

# Areas by the ONS, organisations by the NHS.
CODE = re.compile(r"[A-Z]\d{8}|[A-Z0-9]{3,6}")


@dataclass(frozen=True)
class Shape:
    """A kind of scope: an area whose code begins so, or an organisation whose code is so long."""

    shape_id: str
    name: str
    begins_with: tuple[str, ...] = ()
    characters: tuple[int, ...] = ()

    def takes(self, scope: str) -> bool:
        """Whether a code of the right form is of this kind."""
        return scope.startswith(self.begins_with) if self.begins_with else self._is_long(scope)

    def _is_long(self, scope: str) -> bool:
        return len(scope) in self.characters


@dataclass(frozen=True)
class Role:
    """What somebody is here for, where they may look from, and whether they see exact figures."""

    role_id: str
    name: str
    does: str
    shapes: tuple[Shape, ...]
    sees_exact: bool


@cache
def roles() -> dict[str, Role]:
    """Every role by its id. Raises `TrigpointError` where file and journal name other ones."""
    found = tomllib.loads(files("people").joinpath("roles.toml").read_text())
    shapes = {name: _shape(name, told) for name, told in found["shapes"].items()}
    known = {
        role_id: Role(
            role_id,
            told["name"],
            told["does"],
            tuple(shapes[name] for name in told["scopes"]),
            told["sees_exact"],
        )
        for role_id, told in found["roles"].items()
    }
    if set(known) != set(ROLES):
        raise TrigpointError("people/roles.toml has to hold the roles that the journal keeps")
    return known


def _shape(shape_id: str, told: dict[str, Any]) -> Shape:
    begins_with, characters = told.get("begins_with", ()), told.get("characters", ())
    return Shape(shape_id, told["name"], tuple(begins_with), tuple(characters))


def role(role_id: str) -> Role:
    """One role. Raises `WrongUse` with the ones there are."""
    if role_id not in roles():
        raise WrongUse(f"there is no role {role_id[:40]!r}; there are {', '.join(roles())}")
    return roles()[role_id]


def require_scope(role_id: str, scope: str) -> str:
    """The scope, which this role may have. Raises `WrongUse` with those it may."""
    wanted = role(role_id)
    if not CODE.fullmatch(scope):
        raise WrongUse(
            f"{scope[:40]!r} is no code of an area or organisation; write it as E12000007 or RJ1"
        )
    if not any(shape.takes(scope) for shape in wanted.shapes):
        names = " or ".join(shape.name for shape in wanted.shapes)
        raise WrongUse(
            f"{scope} cannot be the scope of a {wanted.name.lower()}: it has to be {names}"
        )
    return scope
