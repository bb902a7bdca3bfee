"""How much room rows of Arrow take as text, told from their columns before anything is written.

A column's name stands in every row of JSON, and a list of a million truths is a few bytes of Arrow:
what an answer weighs in one form says nothing of another.
"""

from collections.abc import Callable, Iterator
from struct import unpack_from
from typing import Any, TypeAlias

# Arrow's own, which have no types that a checker knows.
Values: TypeAlias = Any
Batch: TypeAlias = Any
Kind: TypeAlias = Any
Weighed: TypeAlias = Callable[[memoryview], int]
# The marks around a name, a value or a member.
AROUND_NAME, AROUND = 6, 4
# A control takes six characters in JSON; a quotation mark or what stands before one takes two.
OF_A_CONTROL, CONTROLS, MARKED = 6, bytes(range(32)), b'"\\'
# A byte that is no letter takes five characters.
OF_A_BYTE, AROUND_BYTES = 5, 3
OF_A_KIND = {"bool": 5, "null": 4, "date32[day]": 12, "float": 24, "double": 24}
OF_A_NUMBER = {8: 4, 16: 6, 32: 11, 64: 20}
LONGEST = 44
AT_ONCE = 1_000_000


def as_text(batch: Batch) -> int:
    """The most characters that a batch takes as JSON, which takes more than CSV."""
    return _weighed(batch, _escaped)


def at_most_as_text(batch: Batch) -> int:
    """As much or more, at once: every text counts as if each of its characters had to be marked."""
    return _weighed(batch, lambda text: OF_A_CONTROL * len(text))


def _weighed(batch: Batch, text: Weighed) -> int:
    names = sum(AROUND_NAME + len(name) for name in batch.schema.names)
    return int(batch.num_rows) * names + sum(_of(column, text) for column in batch.columns)


def names_within(kind: Kind) -> Iterator[str]:
    """The names of a record's members, however deep they lie in a list, a record or a map."""
    for place in range(kind.num_fields):
        member = kind.field(place)
        yield from (member.name,) if str(kind).startswith("struct") else ()
        yield from names_within(member.type)


def _of(values: Values, text: Weighed) -> int:
    if not len(values):
        return 0
    around = AROUND * len(values)
    if values.type.num_fields:
        return around + _within(values, text)
    told = str(values.type)
    if told.startswith("dictionary"):
        return around + len(values) * _longest(values.dictionary, text)
    if told in {"string", "large_string"}:
        return around + text(_bytes_of(values))
    if told in {"binary", "large_binary"}:
        return around + AROUND_BYTES * len(values) + OF_A_BYTE * len(_bytes_of(values))
    return around + len(values) * _of_one(values.type, told)


def _within(values: Values, text: Weighed) -> int:
    """What lies in lists or records; a map is a list of records, and of any other kind a guess."""
    kind, told = values.type, str(values.type)
    if told.startswith("struct"):
        names = sum(AROUND_NAME + len(kind.field(place).name) for place in range(kind.num_fields))
        return len(values) * names + sum(_of(member, text) for member in values.flatten())
    if told.startswith("fixed_size_list"):
        size = kind.list_size
        return _of(values.values.slice(values.offset * size, len(values) * size), text)
    if told.startswith(("list", "large_list", "map")):
        first, last = values.offsets[0].as_py(), values.offsets[-1].as_py()
        return _of(values.values.slice(first, last - first), text)
    return int(LONGEST * len(values) + OF_A_BYTE * values.nbytes)


def _of_one(kind: Kind, told: str) -> int:
    """The most characters of a value that always takes the same room in Arrow."""
    if told.startswith(("int", "uint")):
        return OF_A_NUMBER[kind.bit_width]
    return OF_A_KIND.get(told, LONGEST)


def _longest(words: Values, text: Weighed) -> int:
    return max((_of(words.slice(place, 1), text) for place in range(len(words))), default=0)


def _bytes_of(texts: Values) -> memoryview:
    """All bytes of texts that lie one after another."""
    _, offsets, content = texts.buffers()
    form, width = ("<q", 8) if str(texts.type).startswith("large") else ("<i", 4)
    ends = (texts.offset, texts.offset + len(texts))
    first, last = (unpack_from(form, offsets, width * end)[0] for end in ends)
    return memoryview(content or b"")[first:last]


def _escaped(text: memoryview) -> int:
    """How many characters bytes of text take, with those that have to be marked."""
    size = len(text)
    for start in range(0, len(text), AT_ONCE):
        part = bytes(text[start : start + AT_ONCE])
        plain = part.translate(None, CONTROLS)
        size += (OF_A_CONTROL - 1) * (len(part) - len(plain)) + len(plain)
        size -= len(plain.translate(None, MARKED))
    return size
