"""Which pages, files and callbacks ask which table, read from the code that asks.

A function is followed into every function and text of ours that it names. What stands on every page
(its bands and its header) is left out: it would tell no page from another.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from people.exits import Exit, ruled

ROOT = Path(__file__).parents[1]
# Where pages ask; of the store only what a figure is asked of: opening a release is no use of it.
PLACES = ("dashboard/**/*.py", "store/passport.py", "store/figure_document.py")
ON_EVERY_PAGE = frozenset({"dashboard.components.page", "dashboard.components.bar"})
KINDS = ("page", "callback", "lookup", "export")
# Questions stand in these rooms; whatever looks like one elsewhere is an example to try.
ASKING = ("dashboard.queries.", "store.")
ASKED = re.compile(r"\b(?:from|join)\s+(?:\w+\.main\.)?([a-z_]+)")
Place = tuple[str, str]


@dataclass
class Part:
    """A function or a text of a module: the places that it names, the tables that it asks."""

    names: set[Place] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)


@cache
def uses() -> dict[str, list[Exit]]:
    """The exits that ask a table, by its name, each list in the order of `people/exits.csv`."""
    parts = {
        (module, name): part
        for module, tree in _modules()
        for name, part in _parts(module, tree).items()
    }
    found: dict[str, set[str]] = {}
    for way, root in _roots():
        for table in _asked(root, parts):
            found.setdefault(table, set()).add(way)
    return {
        table: [one for one in ruled().values() if one.name in ways and one.kind in KINDS]
        for table, ways in found.items()
    }


@cache
def _modules() -> tuple[tuple[str, ast.Module], ...]:
    paths = sorted(path for place in PLACES for path in ROOT.glob(place))
    return tuple((_module(path), ast.parse(path.read_text(encoding="utf-8"))) for path in paths)


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _parts(module: str, tree: ast.Module) -> dict[str, Part]:
    """Every function, class and constant of a module by its name."""
    imported = dict(_imported(tree))
    own: dict[str, ast.stmt] = {}
    for statement in tree.body:
        own.update(dict.fromkeys(_defined(statement), statement))
    return {name: _part(module, made, imported, set(own)) for name, made in own.items()}


def _imported(tree: ast.Module) -> Iterator[tuple[str, Place]]:
    """What an imported name stands for: a module and a name in it, empty for the module itself."""
    known = {module for module, _ in _modules()}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = whole in known
                place = (whole, "") if is_module else (node.module, alias.name)
                yield alias.asname or alias.name, place


def _defined(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _part(module: str, made: ast.stmt, imported: dict[str, Place], own: set[str]) -> Part:
    part = Part()
    for node in ast.walk(made):
        match node:
            case ast.Constant(value=str(text)) if "select" in text and module.startswith(ASKING):
                part.tables.update(ASKED.findall(text))
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in imported:
                part.names.add((imported[name][0], attr))
            case ast.Name(id=name) if name in imported:
                part.names.add(imported[name])
            case ast.Name(id=name) if name in own:
                part.names.add((module, name))
    return part


def _roots() -> Iterator[tuple[str, Place]]:
    """Where an answer to each exit begins: the layout of a page, the view of a file."""
    for module, tree in _modules():
        for statement in tree.body:
            match statement:
                case ast.Expr(value=ast.Call(func=ast.Name(id="register"), args=[*_, way])):
                    if isinstance(way, ast.Constant):
                        yield str(way.value), (module, "layout")
                case ast.FunctionDef(name=name, decorator_list=decorators):
                    taken = filter(None, map(_leaves_by, decorators))
                    yield from ((exit_, (module, name)) for exit_ in taken)


def _leaves_by(decorator: ast.expr) -> str | None:
    match decorator:
        case ast.Call(func=ast.Name(id="leaves_by"), args=[ast.Constant(value=str(name))]):
            return name
        case ast.Call(func=ast.Attribute(attr="leaves_by"), args=[ast.Constant(value=str(name))]):
            return name
    return None


def _asked(root: Place, parts: dict[Place, Part]) -> set[str]:
    """Every table that is asked from here on."""
    reached, tables = [root], set[str]()
    for place in reached:
        part = parts.get(place)
        if part is None or place[0] in ON_EVERY_PAGE:
            continue
        tables |= part.tables
        reached += [name for name in part.names if name not in reached]
    return tables
