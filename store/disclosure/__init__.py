"""Disclosure control: what may be shown of a count, the audit of it, and the proof.

Named rules (`rules.toml`) hide small counts and round all others, each on its own. The audit then
derives what every audience could, from all it was ever shown, and shows less until that is safe.
"""

from store.disclosure.controlled import CannotProtect, Controlled, control
from store.disclosure.rates import with_rates
from store.disclosure.relations import Relations
from store.disclosure.rules import Rule, read_rules
from store.disclosure.seen import Seen

__all__ = [
    "CannotProtect",
    "Controlled",
    "Relations",
    "Rule",
    "Seen",
    "control",
    "read_rules",
    "with_rates",
]
