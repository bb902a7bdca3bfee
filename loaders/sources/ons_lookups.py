"""Which area lies in which: code lookups of ONS Geography, and population by commissioning group.

One file a pair or chain of areas (authority and region, small area and authority), published once a
year or when boundaries change, and never revised. Headings carry the kind of area and the year of
its codes: `LAD20CD` is the code, `LAD20NM` the name, `LAD20CDH` the health service's code and
`LAD20NMW` the Welsh name of local authority districts of 2020; the first kind in a file lies in all
that follow. Row numbers (FID) mean nothing. A file says nowhere when it was published and its
archived name is a number: the month stands in the title on the portal, and so here, by the kinds
of area that the file links. Absence means the area is not of this kind or year: `not_reported`.
"""

import re
from collections.abc import Sequence

import dataframely as dy
import polars as pl

from loaders.codes import GSS, GSS_FORM
from loaders.contract import Source
from loaders.documents import Document
from loaders.reading import Reading, Refused, published_in_month
from loaders.selection import require_columns

KIND = r"^[A-Z]+\d{2}$"
KIND_FORM = {"form": "a kind of area with the year of its codes such as LAD20"}


class Memberships(dy.Schema):
    """An area and one that it lies in; `parent_kind` is empty in plain lists of names."""

    area_kind = dy.String(primary_key=True, regex=KIND, metadata=KIND_FORM)
    area_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    area_ods_code = dy.String(nullable=True)
    area_name = dy.String(nullable=True)
    area_welsh_name = dy.String(nullable=True)
    parent_kind = dy.String(primary_key=True, metadata={"blank": True})
    # NA stands for the region of authorities outside England.
    parent_code = dy.String(
        nullable=True, regex=rf"{GSS}|^NA$", metadata={"form": f"{GSS_FORM['form']}, or NA"}
    )
    parent_ods_code = dy.String(nullable=True)
    parent_name = dy.String(nullable=True)
    parent_welsh_name = dy.String(nullable=True)


class GroupPopulations(dy.Schema):
    """Residents of one clinical commissioning group at mid-2020."""

    group_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    group_name = dy.String()
    partnership_code = dy.String(regex=GSS, metadata=GSS_FORM)
    partnership_name = dy.String()
    nhs_region_code = dy.String(regex=GSS, metadata=GSS_FORM)
    nhs_region_name = dy.String()
    all_ages = dy.Int64(min=0)
    aged_0_17 = dy.Int64(min=0)
    aged_18_35 = dy.Int64(min=0)
    aged_36_50 = dy.Int64(min=0)
    aged_51_65 = dy.Int64(min=0)
    aged_66_plus = dy.Int64(min=0)


SOURCE = Source(
    name="ons_lookups",
    title="Lookups between areas, and population by clinical commissioning group",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="irregular",
    due="when boundaries change",
    absence="not_reported",
    tables={"memberships": Memberships, "group_populations": GroupPopulations},
    passed_over={
        r"^regions_ew_sicbl_icb\.csv$": "integrated care boards as rearranged by a third party, "
        "without a date; no figure here is published by board"
    },
)

SAMPLE_NAME = "ons-lookups_016.csv"
SAMPLE = """\
LAD18CD,LAD18NM,RGN18CD,RGN18NM,FID
E09000001,City of London,E12000007,London,1
E06000001,Hartlepool,E12000001,North East,2
"""

HEADING = re.compile(r"^(?P<kind>[A-Z]+\d{2})(?P<part>CDH|CD|NMW|NM)$")
PARTS = {"CD": "code", "CDH": "ods_code", "NM": "name", "NMW": "welsh_name"}
PUBLISHED = {
    ("CCG18", "NHSRLO18", "NHSER18"): published_in_month(2018, 4),
    ("LAD18", "RGN18"): published_in_month(2018, 12),
    ("LTLA19", "UTLA19", "RGN19"): published_in_month(2019, 4),
    ("NHSER19",): published_in_month(2019, 4),
    ("LAD19", "PHEC19", "PHEREG19"): published_in_month(2019, 12),
    ("LTLA19", "UTLA19"): published_in_month(2019, 12),
    ("MSOA11", "WD19", "LAD19"): published_in_month(2019, 12),
    ("RGN19",): published_in_month(2019, 12),
    ("CCG20", "STP20"): published_in_month(2020, 4),
    ("LAD20",): published_in_month(2020, 4),
    ("LSOA11", "CCG20", "LAD20"): published_in_month(2020, 4),
    ("STP20",): published_in_month(2020, 4),
}
GROUPS = {
    "CCG Code": "group_code",
    "CCG Name": "group_name",
    "STP21 Code": "partnership_code",
    "STP21 Name": "partnership_name",
    "NHSER21 Code": "nhs_region_code",
    "NHSER21 Name": "nhs_region_name",
    "All Ages": "all_ages",
    "Age 0-17": "aged_0_17",
    "Age 18-35": "aged_18_35",
    "Age 36-50": "aged_36_50",
    "Age 51-65": "aged_51_65",
    "Age 66+": "aged_66_plus",
}
GROUPS_PUBLISHED = published_in_month(2021, 9)


def read(document: Document) -> Reading:
    """One row for each area and each area that it lies in, or one for each commissioning group."""
    published = document.table()
    if "CCG Code" in published.columns:
        tables = {"group_populations": published.rename(GROUPS, strict=False)}
        return Reading(tables, published_at=GROUPS_PUBLISHED)
    kinds = _kinds(published.columns)
    if not kinds:
        raise Refused(
            f"{document.name} has no heading such as LAD20CD, a kind of area with its year: "
            f"it has {published.columns[:8]}"
        )
    require_columns(published, [f"{kind}CD" for kind in kinds], document.name)
    tables = {"memberships": _memberships(published, kinds)}
    return Reading(tables, published_at=PUBLISHED.get(kinds))


def _kinds(headings: Sequence[str]) -> tuple[str, ...]:
    found = (HEADING.match(heading.strip()) for heading in headings)
    return tuple(dict.fromkeys(match["kind"] for match in found if match))


def _memberships(published: pl.DataFrame, kinds: tuple[str, ...]) -> pl.DataFrame:
    area, *parents = kinds
    return pl.concat(
        published.select(
            "_row",
            pl.lit(area).alias("area_kind"),
            *_parts(published, area, "area"),
            pl.lit(parent).alias("parent_kind"),
            *_parts(published, parent, "parent"),
        )
        for parent in parents or [""]
    )


def _parts(published: pl.DataFrame, kind: str, role: str) -> list[pl.Expr]:
    return [
        (
            pl.col(kind + part) if kind + part in published.columns else pl.lit(None, pl.String)
        ).alias(f"{role}_{name}")
        for part, name in PARTS.items()
    ]
