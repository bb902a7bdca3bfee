"""Who may see figures of a source, and how, as its agreement says.

An audience is everyone, whoever looks from the area that a figure is of (`own_scope`), or a role.
What is said of somebody's role goes before what is said of everyone; whoever is not named sees
nothing. Nobody ever sees exact figures outside their own area, unless they are public.
"""

from collections.abc import Mapping
from typing import Literal

from store.viewer import ROLES

View = Literal["exact", "controlled", "nothing"]
EVERYONE, OWN_SCOPE = "everyone", "own_scope"
NAMES = (EVERYONE, OWN_SCOPE, *ROLES)
Named = Mapping[str, View]


def known(name: str) -> str:
    """The name of an audience. Raises `ValueError` for any other."""
    if name not in NAMES:
        raise ValueError(f"{name} is no audience")
    return name


def outside(named: Named, role: str) -> View:
    """What people in a role see of areas that are not their own."""
    return named.get(role) or named.get(EVERYONE) or "nothing"


def within(named: Named, role: str) -> View:
    """What people in a role see of their own area."""
    return named.get(role) or named.get(OWN_SCOPE) or outside(named, role)


def contradiction(named: Named, *, is_public: bool, outside: str) -> str | None:
    """What cannot be true together, and what to write instead; None where all fits.

    `outside` is what the agreement says of people outside an area: `controlled` or `hidden`.
    """
    return _of_public(named, outside) if is_public else _of_guarded(named, outside)


def _of_public(named: Named, outside: str) -> str | None:
    for name, view in named.items():
        if name == OWN_SCOPE:
            return (
                "audiences.own_scope is for figures that are not public; disclosure_rule says "
                "published, so name everyone or roles"
            )
        if view == "controlled":
            return (
                f"audiences.{name} says controlled and disclosure_rule says published, which "
                "controls nothing; write exact or nothing"
            )
        if view == "exact" and outside == "hidden":
            return (
                f"audiences.{name} says exact and outside_scope says hidden, but published figures "
                "lie in one file for every area; write controlled"
            )
    return None


def _of_guarded(named: Named, outside: str) -> str | None:
    if named.get(OWN_SCOPE, "exact") != "exact":
        return "audiences.own_scope can only say exact; leave it out where nobody sees exact ones"
    if named.get(EVERYONE) == "exact":
        return (
            "audiences.everyone says exact and the figures are not public; write controlled or "
            "nothing, and exact for own_scope"
        )
    shown = [name for name, view in named.items() if view == "controlled"]
    if outside == "hidden" and shown:
        return (
            f"audiences.{shown[0]} says controlled and outside_scope says hidden, so there are no "
            "controlled figures; write nothing, or controlled for outside_scope"
        )
    elsewhere = {view for name, view in named.items() if name != OWN_SCOPE} - {"nothing"}
    if outside == "controlled" and not elsewhere:
        return (
            "outside_scope says controlled and no audience may see figures outside an area; write "
            "hidden, or name everyone or a role"
        )
    return None
