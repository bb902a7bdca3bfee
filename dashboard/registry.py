"""Which page answers at which address."""

from collections.abc import Callable
from typing import Any

import dash


def register(
    module: str, address: str | None, title: str | Callable[..., str], layout: Callable[..., Any]
) -> None:
    """Let `layout` answer at `address`; `<name>` in it is given to layout and title by name.

    A page without an address answers everything that no other page does.
    """
    where: dict[str, Any] = {}
    if address is not None:
        where = {"path_template" if "<" in address else "path": address}
    dash.register_page(module, title=title, layout=layout, **where)  # type: ignore[no-untyped-call]
