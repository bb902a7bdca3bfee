"""Any other address."""

from dash import html

from dashboard import asked
from dashboard.opening import not_found
from dashboard.registry import register


def layout(**query: str) -> html.Div:
    """A plain page with a way back."""
    return not_found(asked.read({}), "", "There is no page at this address.")


register(__name__, None, "Page not found \u2013 Trigpoint", layout, "page.none")
