"""What a script can see is wrong with a page: the same looks on every page, at every width."""

from pathlib import Path

from playwright.sync_api import Page

LOOK = (Path(__file__).parent / "faults.js").read_text()
WIDTHS = (1920, 1366, 768, 390, 320)


def faults(page: Page) -> list[str]:
    """One sentence a fault of the page as it is drawn now; none where it is fit to be shown."""
    found: list[str] = page.evaluate(LOOK)
    return found


def too_wide(page: Page) -> list[str]:
    """At which widths the page has to be scrolled sideways; it is left as wide as it was."""
    size = page.viewport_size
    assert size is not None
    told = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": size["height"]})
        across = page.evaluate("document.documentElement.scrollWidth")
        if across > width:
            told.append(f"the page is {across} px wide where {width} px are")
    page.set_viewport_size(size)
    return told
