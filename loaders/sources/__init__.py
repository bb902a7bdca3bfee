"""One module a source; the module's name is the source's id, folder and dbt folder."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def all_sources() -> dict[str, ModuleType]:
    """Every source module of this package by its name, in alphabetical order."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {name: import_module(f"{__name__}.{name}") for name in names}
