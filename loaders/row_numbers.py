"""Row numbers of a file: a set of numbers, or one long run that must not cost memory a row."""

from collections.abc import Iterable, Iterator, Set

import polars as pl


class Run(Set[int]):
    """Consecutive row numbers as a set that takes the same memory however many they are."""

    def __init__(self, numbers: range) -> None:
        self.numbers = numbers

    def __contains__(self, number: object) -> bool:
        return number in self.numbers

    def __iter__(self) -> Iterator[int]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    @classmethod
    def _from_iterable(cls, numbers: Iterable[int]) -> Set[int]:
        return set(numbers)


def ascending(numbers: Set[int]) -> pl.Series:
    """The numbers as a sorted series (Int64)."""
    if isinstance(numbers, Run):
        return pl.Series(numbers.numbers, dtype=pl.Int64)
    return pl.Series(list(numbers), dtype=pl.Int64).sort()
