"""SVG drawn into the page (`assets/drawing.js`), so that the style sheet and a click reach it."""

from dash import html

from dashboard.components.attributes import aria, data


def drawing(svg: str, summary: str, style: str) -> html.Div:
    """A drawing that is one image to whoever hears it; what it shows stands beside it as a table.

    `svg` is the text of one SVG element, every value in it escaped. A click on a part with
    `data-href` goes there.
    """
    return html.Div(
        className=f"inline-svg {style}", role="img", **aria(label=summary), **data(svg=svg)
    )
