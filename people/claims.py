"""Who gets in as what, by what their provider says of them: a file of rules in order."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from people.accounts import Known
from people.addresses import MAIL
from people.roles import require_scope, role
from store.errors import WrongUse


class NoEntry(WrongUse):
    """The provider knows this person, and no rule lets them in."""


class Rule(BaseModel):
    """Everybody of whom the provider says all of `claims` has this role and scope.

    The scope is written here, or stands in the claim that `scope_from` names.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    claims: dict[str, str | bool | int] = Field(min_length=1)
    role: str
    scope: str | None = None
    scope_from: str | None = None

    def fits(self, said: Mapping[str, Any]) -> bool:
        """Whether each claim is said, as a value of its own or in a list."""
        return all(_says(said.get(name), value) for name, value in self.claims.items())


class Rules(BaseModel):
    """A whole file; the first rule that fits decides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    people: tuple[Rule, ...] = Field(min_length=1)


def read(path: Path) -> Rules:
    """The rules of a file. Raises `WrongUse` in words that say which rule and what is wrong."""
    try:
        rules = Rules.model_validate(tomllib.loads(path.read_text()))
    except OSError as fault:
        raise WrongUse(f"TRIGPOINT_CLAIMS names {path}: {fault.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise WrongUse(f"{path} cannot be read: {fault}") from None
    except ValidationError as fault:
        raise WrongUse(f"{path}: {_sentence(fault)}") from None
    for number, rule in enumerate(rules.people, 1):
        _require_sound(rule, f"{path}: rule {number}")
    return rules


def arrived(rules: Rules, said: Mapping[str, Any]) -> Known:
    """Who this is here, by what the provider said. Raises `NoEntry` where no rule lets them in."""
    rule = next((rule for rule in rules.people if rule.fits(said)), None)
    if rule is None:
        raise NoEntry("your account has no role in Trigpoint")
    scope = rule.scope if rule.scope_from is None else said.get(rule.scope_from)
    if not isinstance(scope, str):
        raise NoEntry(f"your account names no single area in \u201c{rule.scope_from}\u201d")
    try:
        require_scope(rule.role, scope)
    except WrongUse as fault:
        raise NoEntry(f"your account has an area that does not fit: {fault}") from None
    name = said.get("name") or said.get("preferred_username") or said["sub"]
    return Known(f"{said['iss']}|{said['sub']}", str(name), rule.role, scope)


def vouched_mail(said: Mapping[str, Any]) -> str | None:
    """The address that the provider says it has verified; one that it only repeats is none."""
    mail = said.get("email")
    is_verified = said.get("email_verified") is True
    return mail if is_verified and isinstance(mail, str) and MAIL.fullmatch(mail) else None


def _require_sound(rule: Rule, where: str) -> None:
    if (rule.scope is None) == (rule.scope_from is None):
        raise WrongUse(f"{where} needs either a scope or a scope_from")
    try:
        role(rule.role)
        if rule.scope is not None:
            require_scope(rule.role, rule.scope)
    except WrongUse as fault:
        raise WrongUse(f"{where}: {fault}") from None


def _says(said: Any, wanted: str | bool | int) -> bool:
    if isinstance(said, list):
        return any(_says(one, wanted) for one in said)
    # In Python True equals 1; a provider that says 1 has not said yes.
    return type(said) is type(wanted) and said == wanted


def _sentence(fault: ValidationError) -> str:
    first = fault.errors()[0]
    place = [str(part + 1) if isinstance(part, int) else str(part) for part in first["loc"]]
    return f"{' '.join(place).replace('people ', 'rule ', 1)}: {first['msg'].lower()}"
