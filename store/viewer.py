"""Who is looking, as the sign-in or the operator says: all that the door needs to know of them."""

from dataclasses import dataclass

# The roles in which people look; what each is for stands in `people/roles.toml`.
ROLES = (
    *("national_leader", "regional_lead", "local_official", "operations"),
    *("analyst", "data_protection_officer", "engineer"),
)


@dataclass(frozen=True)
class Viewer:
    """A person, the role in which they look, and the area whose exact figures they may see.

    Without a scope they see what everybody does: figures after disclosure control.
    """

    who: str = "everyone"
    role: str = "public"
    scope: str | None = None


EVERYONE = Viewer()
