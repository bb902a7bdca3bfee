"""The worst data days, one module a replay: what was published, and what has to be true then.

A module holds a `REPLAY`: its days in order, the files of each in the publisher's own format, the
questions that are asked after each day, and the known answers. Published figures are exact and
named with their source; what is not known (how a total lay over days and places) is made up so that
it adds up to them, and the module says so. Clocks step on publication days only.
"""

from importlib import import_module
from pkgutil import iter_modules

from simulation.replays.story import Replay


def all_replays() -> dict[str, Replay]:
    """Every replay of this package by its id, in the order of the days on which it happened."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    replays = [module.REPLAY for module in modules if hasattr(module, "REPLAY")]
    return {replay.replay_id: replay for replay in sorted(replays, key=lambda one: one.happened_on)}
