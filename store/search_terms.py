"""The words by which the catalogue is searched, alike of what is written and of what is asked."""

import re
from collections.abc import Sequence

WORD = re.compile(r"[a-z0-9]+")
# They stand in every sentence and tell nothing apart.
USUAL = (
    "a an and are as at be been but by for from had has have how i in into is it its itself many "
    "me much no not of on one only or our show so such than that the their them then there these "
    "they this those to up was we were what when where which who why will with"
)
EMPTY = frozenset(USUAL.split())
# The ends of words that are taken off, the longest first; what is left has to be a word still.
ENDINGS = (
    *("ations", "ation", "ated", "ates", "ate"),
    *("ings", "ing", "ies", "ied", "ers", "ed", "es", "e", "s", "y"),
)
SHORTEST = 3


def terms(text: str) -> list[str]:
    """The words of a text that tell it apart, in their order, each without its ending."""
    found = WORD.findall(text.lower().replace("\u2019", "'").replace("'s", ""))
    return [_stem(word) for word in found if word not in EMPTY]


def meant(asked: Sequence[str], synonyms: Sequence[tuple[str, str]]) -> list[str]:
    """The words that others use for what is asked, of each synonym whose words all stand in it."""
    said = set(asked)
    found = [terms(means) for words, means in synonyms if {*terms(words)} <= said and terms(words)]
    return [term for means in found for term in means if term not in said]


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return word.removesuffix(ending)
    return word
