"""Texts in characters that the fonts of the sheets have; names of files and notes hold anything."""

import re

from store.exports import visible

LONGEST = 400
# Latin with every accent, Greek, Cyrillic, the punctuation and signs that our own words use.
# Accessible PDF may hold no character without a drawing, so that a single one would cost the sheet.
NOT_IN_THE_FONTS = re.compile(
    "[^\\x20-\\x7e\\xa0-\\u017f\\u0218-\\u021b\\u0386\\u0388-\\u038a\\u038c\\u038e-\\u03a1\\u03a3-\\u03ce\\u0400-\\u045f\\u1e80-\\u1e85"
    "\\u2010-\\u2015\\u2018-\\u201e\\u2020-\\u2022\\u2026\\u2032\\u2033\\u2039\\u203a\\u20ac\\u2122\\u2212\\u2264\\u2265"
    "\\u25b2\\u25bc]"
)


def printable(text: str) -> str:
    """A text with what cannot be printed as escapes, `\\\\u6771`, and no longer than `LONGEST`."""
    shown = NOT_IN_THE_FONTS.sub(_escaped, visible(text))
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1].rstrip()}\u2026"


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode()
