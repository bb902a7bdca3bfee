"""The store's register of areas: which codes there are, and by which names each area goes.

It is kept by people in two seeds of the warehouse, `areas` and `area_names`; a loader that has to
know a code or a name reads it there, so that there is one register and not two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

SEEDS = Path(__file__).parents[1] / "dbt_project" / "seeds"
ORGANISATIONS = ("trust", "independent_provider", "hospital")
APOSTROPHES = r"['\u2019.]"
FILLERS = r"\b(?:the|of|and)\b"
COUNCIL = (
    r"^(?:(?:london|royal|metropolitan) )?borough |"
    r"(?: (?:city|county|district|(?:metropolitan )?borough))? council$"
)
LEGAL_FORM = r"(?: (?:nhs|national health service|foundation|trust|ft))+$"
INVERTED = r", (?:City|County) of$"


@dataclass(frozen=True)
class AreaRegister:
    """Every code, every plain name of any area, and `code name` where that area goes by it."""

    codes: list[str]
    names: list[str]
    own: list[str]


def is_known(code: pl.Expr) -> pl.Expr:
    """Whether the register holds an area of this code."""
    return code.is_in(area_register().codes)


def is_own_name(code: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Whether the area of this code goes by this name, an organisation also by part of its own."""
    return pl.concat_str(code, plain(name), separator=" ").is_in(area_register().own)


def is_name_of_any(name: pl.Expr) -> pl.Expr:
    """Whether some area goes by this name."""
    return plain(name).is_in(area_register().names)


def is_name_of_another(code: pl.Expr, name: pl.Expr) -> pl.Expr:
    """Whether only other areas go by this name; one that no area goes by contradicts nothing."""
    return is_name_of_any(name) & ~is_own_name(code, name)


def plain(name: pl.Expr) -> pl.Expr:
    """What is left of a name that people write in many ways; that of an NHS trust ends in `nhs`."""
    letters = name.str.to_lowercase().str.replace_all("&", " and ", literal=True)
    words = letters.str.replace_all(APOSTROPHES, "").str.replace_all(r"[^\p{L}\p{N}]+", " ")
    telling = words.str.replace_all(FILLERS, " ").str.replace_all(" +", " ").str.strip_chars()
    return telling.str.replace(LEGAL_FORM, " nhs").str.replace_all(COUNCIL, "")


@cache
def area_register() -> AreaRegister:
    """The register as it stands in the seeds; read once a process."""
    areas = pl.read_csv(SEEDS / "areas.csv", infer_schema=False)
    names = _names(areas, pl.read_csv(SEEDS / "area_names.csv", infer_schema=False))
    own = set(names.iter_rows())
    own |= _parts_of_names(names, areas.filter(pl.col("area_type").is_in(ORGANISATIONS))["area_id"])
    return AreaRegister(
        areas["area_id"].to_list(),
        names["name"].unique().to_list(),
        sorted(f"{code} {name}" for code, name in own),
    )


def _names(areas: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    """`area_id` and plain `name`: its own, those that publishers use, each also without `nhs`."""
    known = pl.concat(
        [
            areas.select("area_id", name="area_name"),
            areas.select("area_id", name=pl.col("area_name").str.replace(INVERTED, "")),
            areas.select("area_id", name=pl.col("also_known_as").str.split("|"))
            .explode("name")
            .drop_nulls(),
            published.select("area_id", name="published_name"),
        ]
    ).with_columns(plain(pl.col("name")))
    shorter = known.with_columns(pl.col("name").str.strip_suffix(" nhs"))
    return pl.concat([known, shorter]).unique(maintain_order=True)


def _parts_of_names(names: pl.DataFrame, codes: Iterable[str]) -> set[tuple[str, str]]:
    """Names that stand word for word in an organisation's own: Leicester for its hospitals.

    An organisation is often called by its town for short, but not by another trust's whole name;
    and a place is never called by a part: West Dorset is no Dorset.
    """
    short = {name: set(name.split()) for name in names["name"].unique() if name[-4:] != " nhs"}
    theirs = names.filter(pl.col("area_id").is_in(list(codes)))
    return {
        (code, part)
        for code, name in theirs.iter_rows()
        for part, words in short.items()
        if words <= set(name.split())
    }
