"""Who can be tried out in a demonstration, as `people/personas.toml` states it."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from people.roles import require_scope


@dataclass(frozen=True)
class Persona:
    """An invented person with a role and a scope."""

    id: str
    name: str
    looks_at: str
    role: str
    scope: str


@cache
def personas() -> dict[str, Persona]:
    """Every persona by id. Raises `WrongUse` for one whose role cannot have its scope."""
    found = tomllib.loads(files("people").joinpath("personas.toml").read_text())
    told = [Persona(**row) for row in found["personas"]]
    for persona in told:
        require_scope(persona.role, persona.scope)
    return {persona.id: persona for persona in told}
