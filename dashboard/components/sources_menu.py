"""The way between the pages about sources."""

from dash import html

from dashboard.components.attributes import aria
from dashboard.seen import Seen

PAGES = (
    ("All sources", "/sources"),
    ("Where sources disagree", "/sources/conflicts"),
    ("Releases", "/sources/releases"),
)


def menu(seen: Seen) -> html.Nav:
    """Links to the three, at the same moment; the one that is open is marked."""
    links = [
        html.Li(
            html.A(name, href=seen.link(path), **aria(current="page"))
            if seen.path == path
            else html.A(name, href=seen.link(path))
        )
        for name, path in PAGES
    ]
    return html.Nav(html.Ul(links), className="contents", **aria(label="About sources"))
