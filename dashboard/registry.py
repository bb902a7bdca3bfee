"""Which page answers at which address, and to whom."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import dash
from flask import abort, has_request_context

from dashboard import exits, looking


def register(
    module: str,
    address: str | None,
    title: str | Callable[..., str],
    layout: Callable[..., Any],
    way: str,
) -> None:
    """Let `layout` answer at `address`; `<name>` in it is given to layout and title by name.

    A page without an address answers everything that no other page does. `way` is its exit in
    `people/exits.csv`, which is asked again when the page is made, whatever led to it.
    """
    found = exits.page_leaves_by(way, module)

    @wraps(layout)
    def guarded(**query: Any) -> Any:
        if has_request_context() and not looking.may(found):
            abort(403)
        return layout(**query)

    where: dict[str, Any] = {}
    if address is not None:
        where = {"path_template" if "<" in address else "path": address}
    dash.register_page(module, title=title, layout=guarded, **where)  # type: ignore[no-untyped-call]
