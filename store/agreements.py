"""Data-sharing agreements: who may hold what, why, until when, and who signed for it.

`agreements/<agreement>.toml` is one agreement that a lawyer can read and write; its name is the
name of the file. A source may be used while the agreement that lists it holds: all sign-offs are
given, its first day has come and its day of expiry has not. Days are days in UTC.
"""

import logging
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from store import audiences
from store.audiences import View
from store.errors import WrongUse
from store.moments import now

WITHHELD = "withheld: agreement ended"
NOT_FOR_AUDIENCE = "withheld: not for this audience"
# What stands in place of a value that an agreement keeps from a reader.
WITHHELD_WORDS = (WITHHELD, NOT_FOR_AUDIENCE)
PUBLIC = "published"
# Instead of a list of columns, where whatever is published may be held.
EVERY_COLUMN = "every column that the publisher publishes"
WARNED_DAYS = 30
Role = Literal[
    "data_protection", "security", "legal", "clinical", "technical", "policy", "operations"
]
ROLES: tuple[Role, ...] = (
    "data_protection",
    "security",
    "legal",
    "clinical",
    "technical",
    "policy",
    "operations",
)
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Audience = Annotated[str, AfterValidator(audiences.known)]
Several = Annotated[tuple[Words, ...], Field(min_length=1)]
log = logging.getLogger(__name__)


class Party(BaseModel):
    """An organisation and where it can be reached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Words = Field(description="the name of the organisation")
    contact: Words = Field(description="an address, telephone number or web page")


class SignOff(BaseModel):
    """Who signed for one role, and on which day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    by: Words = Field(description="the person or office that signed")
    on: date = Field(description="the day of the signature, as 2026-01-31")


class Agreement(BaseModel):
    """One agreement; each description says what its field wants, in words for a lawyer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agreement_id: str = Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")
    title: Words = Field(description="what the agreement is called, in one line")
    controller: Party = Field(description="who decides why and how the data are used")
    processor: Party = Field(description="who holds and works on the data for the controller")
    data_protection_officer: Words = Field(description="where the officer can be reached")
    purposes: Several = Field(description="a list of sentences, one for each purpose")
    legal_basis: Words = Field(description="the law, contract or licence that allows the use")
    categories_of_people: Several = Field(description='a list; ["none"] where nobody is named')
    categories_of_data: Several = Field(description="a list of the kinds of data")
    sources: Several = Field(description="a list of the sources, as `trigpoint sources` names them")
    recipients: Several = Field(description="a list of those to whom data are given")
    audiences: dict[Audience, View] = Field(
        min_length=1,
        description="a section [audiences] with a line for everyone, own_scope or a role that may "
        "see figures, each exact, controlled or nothing",
    )
    columns: Several = Field(
        description="a list of the headings that its files may have, as they stand in them, or "
        f'["{EVERY_COLUMN}"]'
    )
    transfers: Words = Field(description="other countries and the safeguards, or a plain none")
    security: Words = Field(description="how the data are protected, in general terms")
    starts: date = Field(description="the first day on which it holds, as 2026-01-31")
    expires: date = Field(description="the first day on which it holds no more, as 2031-01-31")
    retention: Words = Field(description="how long data are kept, and what becomes of them then")
    opt_out: Literal["not_applicable", "national_data_opt_out", "type_1_opt_out"] = Field(
        description="the opt-out that is applied: not_applicable, national_data_opt_out or "
        "type_1_opt_out"
    )
    opt_out_applied: Words | None = Field(
        default=None,
        description="who applied the opt-out and how, before the data came here",
    )
    disclosure_rule: Literal["published", "nhs_subnational"] = Field(
        description="published where the figures are public already, else nhs_subnational"
    )
    outside_scope: Literal["controlled", "hidden"] = Field(
        description="what people see outside their own area: controlled figures, or hidden ones"
    )
    sign_offs: dict[Role, SignOff] = Field(
        description="a section [sign_offs.legal] and so on for each role that signed"
    )

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "Agreement":
        if self.expires <= self.starts:
            raise ValueError(f"expires ({self.expires}) has to be later than starts")
        return self

    @model_validator(mode="after")
    def _lists_columns_or_says_every(self) -> "Agreement":
        if EVERY_COLUMN in self.columns and len(self.columns) > 1:
            raise ValueError(f"columns says {EVERY_COLUMN} and lists others; write one or the list")
        return self

    @model_validator(mode="after")
    def _audiences_see_what_the_other_fields_allow(self) -> "Agreement":
        contradiction = audiences.contradiction(
            self.audiences, is_public=self.disclosure_rule == PUBLIC, outside=self.outside_scope
        )
        if contradiction:
            raise ValueError(contradiction)
        return self

    @property
    def audiences_in_words(self) -> tuple[str, ...]:
        """Who sees what, as `everyone: controlled`."""
        return tuple(f"{name.replace('_', ' ')}: {view}" for name, view in self.audiences.items())

    @property
    def opt_out_in_words(self) -> str:
        """The regime, and who applied it and how before the data came here."""
        regime = self.opt_out.replace("_", " ")
        if self.opt_out == "not_applicable":
            return regime
        return f"{regime}: {self.opt_out_applied or 'nobody said who applied it, and how'}"

    def unsigned(self, today: date) -> list[Role]:
        """The roles that have not signed by today."""
        signed = {role for role, sign_off in self.sign_offs.items() if sign_off.on <= today}
        return [role for role in ROLES if role not in signed]

    def why_not(self, today: date) -> str | None:
        """Why nothing may be used under it today; None while it holds."""
        if today >= self.expires:
            return f"agreement {self.agreement_id} ended on {self.expires}"
        if today < self.starts:
            return f"agreement {self.agreement_id} begins on {self.starts}"
        unsigned = [role.replace("_", " ") for role in self.unsigned(today)]
        if unsigned:
            return f"agreement {self.agreement_id} is not signed for {', '.join(unsigned)}"
        if self.opt_out != "not_applicable" and self.opt_out_applied is None:
            return (
                f"agreement {self.agreement_id} does not say who applied the "
                f"{self.opt_out.replace('_', ' ')}, and how, before the data came here; "
                "write opt_out_applied"
            )
        return None

    def ends_soon(self, today: date) -> bool:
        """Whether it ends within the days of warning, and has not ended."""
        return 0 < (self.expires - today).days <= WARNED_DAYS


@dataclass(frozen=True)
class Standing:
    """Whether a source may be used today, until which day, and why it may not.

    `disclosure_rule` and `outside_scope` are the strictest of the agreements that list it.
    """

    source_id: str
    agreement_id: str
    ends: date | None
    why_not: str | None
    disclosure_rule: str | None = None
    outside_scope: str | None = None


def today() -> date:
    """The present day in UTC, by which agreements begin and end."""
    return now().date()


def folder() -> Path:
    """Where the agreements lie: `TRIGPOINT_AGREEMENTS`, else `agreements` beside the code."""
    given = os.environ.get("TRIGPOINT_AGREEMENTS")
    return Path(given) if given else Path(__file__).parents[1] / "agreements"


def read(place: Path | None = None) -> dict[str, Agreement]:
    """Every agreement at hand by its name.

    Raises `WrongUse` with file, field and what to do for the first that cannot be read.
    """
    found = {}
    for path in _files(place or folder()):
        parsed = _parsed(path.name, _text(path))
        if isinstance(parsed, str):
            raise WrongUse(parsed)
        found[path.stem] = parsed
    return found


def readable(place: Path | None = None) -> dict[str, Agreement]:
    """The agreements that can be read: what cannot be read allows nothing."""
    found, faults = _sorted_out(place or folder())
    for fault in faults:
        log.warning("an agreement allows nothing: %s", fault)
    return found


def unreadable(place: Path | None = None) -> list[str]:
    """What is wrong with each file that cannot be read as an agreement, one sentence each."""
    return _sorted_out(place or folder())[1]


def _sorted_out(place: Path) -> tuple[dict[str, Agreement], list[str]]:
    found, faults = {}, []
    for path in _files(place):
        try:
            parsed = _parsed(path.name, _text(path))
        except WrongUse as fault:
            parsed = str(fault)
        if isinstance(parsed, str):
            faults.append(parsed)
        else:
            found[path.stem] = parsed
    return found, faults


def standing(
    source_id: str, agreement_id: str, at_hand: Mapping[str, Agreement], day: date
) -> Standing:
    """Whether a source that declares this agreement may be used on a day.

    Each agreement that lists the source has to hold, so that none can be got round by another.
    """
    declared = at_hand.get(agreement_id)
    listing = [one for one in at_hand.values() if source_id in one.sources]
    if declared is None:
        why_not: str | None = f"there is no agreement {agreement_id} in {folder().name}/"
    elif declared not in listing:
        why_not = f"agreement {agreement_id} does not list the source {source_id}"
    else:
        why_not = next(_reasons(listing, day), None)
    ends = min((one.expires for one in listing), default=None)
    return Standing(source_id, agreement_id, ends, why_not, *_strictest(listing))


def _strictest(listing: Iterable[Agreement]) -> tuple[str | None, str | None]:
    """The rule and the view from outside; nothing where no agreement lists the source."""
    asked = [(one.disclosure_rule, one.outside_scope) for one in listing]
    if not asked:
        return None, None
    guarded = [pair for pair in asked if pair[0] != PUBLIC] or asked
    is_hidden = any(outside == "hidden" for _, outside in guarded)
    return guarded[0][0], "hidden" if is_hidden else "controlled"


def allowed(at_hand: Mapping[str, Agreement], day: date) -> frozenset[str]:
    """The sources of which every agreement that lists them holds on a day."""
    listed = {source for one in at_hand.values() for source in one.sources}
    refused = {source for one in at_hand.values() if one.why_not(day) for source in one.sources}
    return frozenset(listed - refused)


def guarded(at_hand: Mapping[str, Agreement]) -> frozenset[str]:
    """The sources of whose figures an agreement asks for control: they are not public."""
    return frozenset(
        source
        for one in at_hand.values()
        if one.disclosure_rule != PUBLIC
        for source in one.sources
    )


def shut_out(at_hand: Mapping[str, Agreement], role: str) -> frozenset[str]:
    """The sources of whose figures people in this role see nothing outside their own area."""
    return frozenset(
        source
        for one in at_hand.values()
        if audiences.outside(one.audiences, role) == "nothing"
        for source in one.sources
    )


def inexact(at_hand: Mapping[str, Agreement], role: str) -> frozenset[str]:
    """The sources of whose figures people in this role see none exactly, in their own area too."""
    return frozenset(
        source
        for one in at_hand.values()
        if audiences.within(one.audiences, role) != "exact"
        for source in one.sources
    )


def columns(source_id: str, at_hand: Mapping[str, Agreement]) -> dict[str, tuple[str, ...] | None]:
    """What each agreement that lists a source says of columns; None where every column may come."""
    return {
        name: None if EVERY_COLUMN in one.columns else one.columns
        for name, one in at_hand.items()
        if source_id in one.sources
    }


def _reasons(agreements: Iterable[Agreement], day: date) -> Iterator[str]:
    return (reason for one in agreements if (reason := one.why_not(day)))


def _files(place: Path) -> list[Path]:
    return sorted(place.glob("*.toml"))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongUse(
            f"agreements/{path.name} cannot be opened as text; save it in UTF-8"
        ) from None


@lru_cache(maxsize=256)
def _parsed(name: str, text: str) -> Agreement | str:
    """The agreement, or the one sentence that says what is wrong with it."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        return f"agreements/{name} cannot be read: {fault}; mend that line"
    try:
        return Agreement.model_validate({**content, "agreement_id": Path(name).stem})
    except ValidationError as fault:
        first, *others = fault.errors()
        more = f" ({len(others)} more after that)" if others else ""
        return f"agreements/{name}: {_in_words(first)}{more}"


def _in_words(error: ErrorDetails) -> str:
    """What is wrong with one field and what to write instead."""
    field = ".".join(str(part) for part in error["loc"] if part != "[key]")
    kind = f"unknown_in_{error['loc'][0]}" if "[key]" in error["loc"] else error["type"]
    wanted = f"write {_description(error['loc'])}"
    sentences = {
        "missing": f"{field} is missing; {wanted}",
        "extra_forbidden": f"{field} is no field of an agreement; take it out or mend its name",
        "unknown_in_sign_offs": f"{field} is no role; the roles are {', '.join(ROLES)}",
        "unknown_in_audiences": f"{field} is no audience; they are {', '.join(audiences.NAMES)}",
        "string_too_short": f"{field} is empty; {wanted}",
        "too_short": f"{field} is empty; {wanted}",
        "value_error": str(error["msg"]).removeprefix("Value error, "),
        "string_pattern_mismatch": "a file of this name is no agreement; name it in small letters, "
        "digits and single underscores",
    }
    return sentences.get(kind, f"{field} is {_shown(error['input'])}; {wanted}")


def _shown(given: Any) -> str:
    return "a section" if isinstance(given, dict) else repr(given)[:60]


def _description(place: tuple[int | str, ...]) -> str:
    """What the field at a place wants, from the model's own descriptions."""
    models: dict[str, type[BaseModel]] = {
        "controller": Party,
        "processor": Party,
        "sign_offs": SignOff,
    }
    whole = str(place[0]) if place else ""
    model: type[BaseModel] = Agreement
    name = whole
    if len(place) > 1 and whole in models and isinstance(place[-1], str):
        model, name = models[whole], place[-1]
    field = model.model_fields.get(name) or Agreement.model_fields.get(whole)
    return (field.description if field else None) or "what the field asks for"
