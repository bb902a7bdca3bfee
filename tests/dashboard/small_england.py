"""A small England as a release: the released tables for 40 days, made by code.

Three weekly publications (22 and 29 July, 5 August 2020) of invented counts. In it stand one of
each thing a page has to say: days still filling in, a dispute, an explained difference, a hidden
value, a withdrawn one, a corrected one, an authority that was merged, a source that fell behind
and a file that was refused.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from store.paths import Home
from store.releases import Release, publish
from tests.dashboard import small_catalogue

ENGLAND = "E92000001"
LEICESTER = "E06000016"
BUCKINGHAMSHIRE = "E06000060"
AYLESBURY_VALE = "E07000004"
FIRST_DAY = date(2020, 6, 26)
LAST_DAY = date(2020, 8, 4)
PUBLISHED = [datetime(2020, 7, 22, 16), datetime(2020, 7, 29, 16), datetime(2020, 8, 5, 16)]
RELEASED_AT = datetime(2020, 8, 5, 16, 20)
DISPUTED = "deaths_28d_by_death_date.E12000007.all.2020-07-30"
EXPLAINED = f"cases_by_specimen_date.{ENGLAND}.all.2020-07-30"
HIDDEN = f"deaths_28d_by_death_date.{LEICESTER}.all.2020-07-20"
WITHDRAWN = f"cases_by_specimen_date.{LEICESTER}.all.2020-07-04"
UNLISTED = f"cases_by_specimen_date.{LEICESTER}.all.2020-07-16"
AWAITED = f"cases_by_specimen_date.{LEICESTER}.all.2020-07-17"
SIGNED = f"cases_by_specimen_date.{LEICESTER}.all.2020-07-18"
CITED = f"cases_by_specimen_date.{ENGLAND}.all.2020-07-21"
STANDING_IN = f"cases_by_specimen_date.{ENGLAND}.all.2020-07-29"
CORRECTED = f"cases_by_specimen_date.{LEICESTER}.all.2020-07-15"

REGIONS = {
    "E12000001": ("North East", 2_669_941),
    "E12000002": ("North West", 7_341_196),
    "E12000003": ("Yorkshire and The Humber", 5_502_967),
    "E12000004": ("East Midlands", 4_835_928),
    "E12000005": ("West Midlands", 5_934_037),
    "E12000006": ("East of England", 6_236_072),
    "E12000007": ("London", 8_961_989),
    "E12000008": ("South East", 9_180_135),
    "E12000009": ("South West", 5_624_696),
}
AUTHORITIES = {
    LEICESTER: ("Leicester", "E12000004", 354_224),
    "E08000025": ("Birmingham", "E12000005", 1_141_816),
    "E08000003": ("Manchester", "E12000002", 552_858),
    "E09000012": ("Hackney", "E12000007", 281_120),
    BUCKINGHAMSHIRE: ("Buckinghamshire", "E12000008", 543_973),
}
# Degrees north and east; of everything else the middle of England.
CENTROIDS = {
    LEICESTER: (52.64, -1.13),
    "E08000025": (52.48, -1.87),
    "E08000003": (53.47, -2.23),
    "E09000012": (51.55, -0.06),
    BUCKINGHAMSHIRE: (51.77, -0.81),
    AYLESBURY_VALE: (51.83, -0.87),
}
MIDDLE = (52.6, -1.1)
METRICS: list[dict[str, Any]] = [
    {
        "metric_id": "cases_by_specimen_date",
        "metric_name": "Cases by specimen date",
        "definition": "People with a first positive test, on the day the sample was taken.",
        "not_counted": "People who were ill and not tested; second infections.",
        "unit": "cases",
        "usual_lag_days": 5,
        "quantity_id": "covid_cases",
        "headline_rank": 1,
    },
    {
        "metric_id": "cases_by_report_date",
        "metric_name": "Cases by report date",
        "definition": "People with a first positive test, on the day the result was published.",
        "not_counted": "It is not the day on which people were tested.",
        "unit": "cases",
        "usual_lag_days": 0,
        "quantity_id": "covid_cases",
        "headline_rank": 2,
    },
    {
        "metric_id": "deaths_28d_by_death_date",
        "metric_name": "Deaths within 28 days of a positive test, by date of death",
        "definition": "People who died within 28 days of a first positive test, by day of death.",
        "not_counted": "Deaths later than 28 days after the test, or without a test.",
        "unit": "deaths",
        "usual_lag_days": 5,
        "quantity_id": "covid_deaths",
        "headline_rank": 3,
    },
    {
        "metric_id": "deaths_hospital_by_death_date",
        "metric_name": "Deaths in hospital, by date of death",
        "definition": "People with a positive test who died in a hospital, by day of death.",
        "not_counted": "Deaths in care homes and at home.",
        "unit": "deaths",
        "usual_lag_days": 5,
        "quantity_id": "covid_deaths",
        "headline_rank": 4,
    },
    {
        "metric_id": "deaths_certificate_by_registration_week",
        "metric_name": "Deaths with COVID-19 on the certificate, by week of registration",
        "definition": "Deaths registered in the week with COVID-19 anywhere on the certificate.",
        "not_counted": "Deaths not yet registered. The week ends on the Friday shown.",
        "unit": "deaths",
        "grain": "week",
        "usual_lag_days": 0,
        "quantity_id": "covid_deaths",
        "headline_rank": None,
    },
    {
        "metric_id": "population",
        "metric_name": "Population",
        "definition": "Residents, mid-year estimate.",
        "not_counted": "Visitors and people here for less than a year.",
        "unit": "people",
        "grain": "year",
        "usual_lag_days": 0,
        "quantity_id": "population",
        "headline_rank": None,
        "denominator_metric_id": None,
        "direction": "neither",
    },
]
SOURCES: list[dict[str, Any]] = [
    {
        "source_id": "phe_cases_vintages",
        "title": "Coronavirus cases in England, by area and specimen date",
        "publisher": "Public Health England",
        "cadence": "daily",
        "due": "every day 16:00",
    },
    {
        "source_id": "phe_deaths_csv",
        "title": "Coronavirus deaths, by area",
        "publisher": "Public Health England",
        "cadence": "daily",
        "due": "every day 16:00",
    },
    {
        "source_id": "nhse_announced_deaths",
        "title": "COVID-19 total announced deaths",
        "publisher": "NHS England",
        "cadence": "daily",
        "due": "every day 14:00",
    },
    {
        "source_id": "ukhsa_dashboard_json",
        "title": "Coronavirus in the UK, dashboard extract",
        "publisher": "UK Health Security Agency",
        "cadence": "daily",
        "due": "every day 16:00",
    },
    {
        "source_id": "ons_weekly_deaths",
        "title": "Deaths registered weekly in England and Wales",
        "publisher": "Office for National Statistics",
        "cadence": "weekly",
        "due": "Tuesday 09:30",
    },
    {
        "source_id": "ons_population",
        "title": "Population estimates",
        "publisher": "Office for National Statistics",
        "cadence": "yearly",
        "due": "June",
    },
]
EXPECTED = ("expected_low", "expected_high", "expected_low_80", "expected_high_80")
RANK = {source["source_id"]: rank for rank, source in enumerate(SOURCES, start=1)}
# What files call their columns, before the newest one and in it.
COLUMNS = ('["area", "date", "value"]', '["area", "date", "value", "first value"]')
FILE = {source["source_id"]: f"{source['source_id']}.csv" for source in SOURCES}


@dataclass(frozen=True)
class Said:
    """One claim before it has its file and row."""

    metric_id: str
    area_id: str
    event_date: date
    source_id: str
    value: float | None
    published_at: datetime
    missing_reason: str | None = None

    @property
    def figure_id(self) -> str:
        return f"{self.metric_id}.{self.area_id}.all.{self.event_date}"


def write_release(root: Path, *, is_simulated: bool = False, cited: float | None = None) -> Release:
    """Write a warehouse under `root` and publish it the way the store publishes.

    `cited` is the value of the figure `CITED` in this release, where it is not the one counted.
    """
    return release_of(root, tables(cited), is_simulated=is_simulated)


def release_of(
    root: Path, given: dict[str, pl.DataFrame], *, is_simulated: bool = False
) -> Release:
    """Publish a warehouse of these tables under `root`."""
    home = Home(root)
    root.mkdir(parents=True, exist_ok=True)
    home.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(home.warehouse)) as connection:
        for name, frame in given.items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f"create table {name} as select * from frame")
            connection.unregister("frame")
    return publish(home, built_at=RELEASED_AT, build_id="small", is_simulated=is_simulated, keep=3)


HELD = "ons_weekly_deaths, week15.xlsx: settled days are ten times what they were."
# The same on pages, on paper and by mail: a title in place of the short name.
HELD_IN_WORDS = HELD.replace("ons_weekly_deaths", "Deaths registered weekly in England and Wales")


def tables(cited: float | None = None) -> dict[str, pl.DataFrame]:
    """Every table that a release is made from, by name."""
    said = [
        replace(one, value=cited) if cited is not None and one.figure_id == CITED else one
        for one in _said()
    ]
    versions = _versions(said)
    return {
        "figures": _figures(versions),
        "figure_versions": versions,
        "claims": _claims(said),
        "metrics": _metrics(),
        "strata": pl.DataFrame(
            {"stratum_id": ["all"], "stratum_name": ["Everyone"]},
        ).with_columns(
            age_from=pl.lit(None, pl.Int64),
            age_to=pl.lit(None, pl.Int64),
            sex=pl.lit(None, pl.String),
            setting=pl.lit(None, pl.String),
        ),
        "areas": _areas(),
        "area_parts": pl.DataFrame(
            schema={"whole_id": pl.String, "part_id": pl.String, "partition": pl.String}
        ),
        "area_successions": pl.DataFrame(
            {
                "from_area_id": [AYLESBURY_VALE],
                "to_area_id": [BUCKINGHAMSHIRE],
                "happened_on": [date(2020, 4, 1)],
                "share": [1.0],
                "kind": ["merge"],
                "source": ["Register of geographic codes"],
            }
        ),
        "sources": _sources(),
        "precedence": _precedence(),
        "events": _events(),
        "corrections": pl.DataFrame(
            schema={
                **dict.fromkeys(
                    ("correction_id", "figure_id", "metric_id", "area_id", "stratum_id"), pl.String
                ),
                "event_date": pl.Date,
                "value": pl.Float64,
                "reason": pl.String,
                "author": pl.String,
                "accepted_at": pl.Datetime("us"),
                "expires_on": pl.Date,
                "guard_source_id": pl.String,
                "guard_value": pl.Float64,
                "ended_at": pl.Datetime("us"),
                "ended_because": pl.String,
            }
        ),
        "arrivals": _arrivals(),
        "quarantined": _quarantined(),
        "disagreements": _disagreements(said, versions),
        "publications": _publications_heard(said),
        "figure_changes": _changes_of_figures(versions),
        "breaker_versions": _breakers().with_columns(
            known_from="published_at", known_to=pl.lit(None, pl.Datetime("us"))
        ),
        "held_spells": _held_spells(),
        "due_days": _due_days(),
        "unlisted_areas": pl.DataFrame(
            schema={
                "source_id": pl.String,
                "metric_id": pl.String,
                "area_id": pl.String,
                "unlisted_from": pl.Datetime("us"),
                "listed_from": pl.Datetime("us"),
            }
        ),
        "expectation_scores": _scores(),
        "breakers": _breakers(),
        "breaker_rows": _breakers().select(
            "breaker_id",
            "source_id",
            "file_sha256",
            "since",
            metric_id=pl.lit("cases_by_specimen_date"),
            seen=pl.lit("total is 16,000 in place of 1,600"),
            known_from="published_at",
            known_to=pl.lit(None, pl.Datetime("us")),
        ),
        "decisions": _decisions(),
        **small_catalogue.tables(METRICS, SOURCES),
    }


def _decisions() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "decision_id": ["decision-1"],
            "kind": ["cell"],
            "metric_id": [SIGNED.split(".", 1)[0]],
            "area_id": [LEICESTER],
            "stratum_id": ["all"],
            "event_date": [date.fromisoformat(SIGNED.rsplit(".", 1)[1])],
            "source_id": ["local_returns"],
            "breaker_id": [""],
            "file_sha256": [""],
            "reason": ["The trust was asked and named the number of its wards."],
            "person": ["Ada Byron"],
            "decided_at": [datetime(2020, 8, 5, 17)],
        }
    )


def _breakers() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "breaker_id": ["units"],
            "severity": ["hold"],
            "source_id": ["ons_weekly_deaths"],
            "file_sha256": ["f" * 64],
            "published_at": [datetime(2020, 4, 10)],
            "since": [datetime(2020, 4, 10, 9, 30)],
            "trips": [1],
            "is_let_go": [False],
            "is_open": [True],
            "sentence": [HELD],
        }
    )


def _quarantined() -> pl.DataFrame:
    """Three rows of the newest file of cases, two of them for one reason, and one of deaths."""
    why = "this area is not in the register of areas"
    rows = [
        ("phe_cases_vintages", 7, '{"area": "Atlantis", "cases": "7"}', why),
        ("phe_cases_vintages", 8, '{"area": "Lyonesse", "cases": "8"}', why),
        ("phe_cases_vintages", 9, '{"area": "Leicester", "cases": "-1"}', "cases is below 0"),
        ("phe_deaths_csv", 4, '{"area": "Atlantis", "deaths": "2"}', why),
    ]
    columns = ["source_id", "file_row", "row_text", "reasons"]
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        pl.col("file_row").cast(pl.Int64),
        table_name=pl.lit("rows"),
        sheet_name=pl.lit(""),
        file_sha256=pl.col("source_id").map_elements(
            lambda source_id: _sha(source_id, PUBLISHED[-1]), return_dtype=pl.String
        ),
        published_at=pl.lit(PUBLISHED[-1]),
        landed_at=pl.lit(PUBLISHED[-1] + timedelta(minutes=7)),
    )


def _due_days() -> pl.DataFrame:
    """Two announcements a week; that of 4 August did not come, and 28 July was a holiday."""
    days = [date(2020, 7, 28), date(2020, 7, 29), date(2020, 8, 4), date(2020, 8, 5)]
    rows = [
        {
            "source_id": "nhse_announced_deaths",
            "due_on": day,
            "due_time": "14:00",
            "timezone": "Europe/London",
            "holiday_name": "Invented bank holiday" if day == days[0] else None,
            "is_due": day != days[0],
            "late_from": PUBLISHED[-1] if day == days[2] else None,
        }
        for day in days
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _held_spells() -> pl.DataFrame:
    """The newest file of cases is held, so another source stands in."""
    return pl.DataFrame(
        {
            "source_id": ["phe_cases_vintages"],
            "metric_id": ["cases_by_specimen_date"],
            "held_from": [PUBLISHED[-1]],
            "held_to": [None],
        },
        schema_overrides={"held_to": pl.Datetime("us")},
    )


def _said() -> Iterator[Said]:
    for published_at in PUBLISHED:
        for area_id, population in _populations().items():
            yield from _daily(area_id, population, published_at)
        yield from _weekly(published_at)
    for area_id, population in _populations().items():
        yield Said(
            "population", area_id, date(2019, 6, 30), "ons_population", population, PUBLISHED[0]
        )


def _populations() -> dict[str, int]:
    parts = {code: people for code, (_, people) in REGIONS.items()}
    lower = {code: people for code, (_, _, people) in AUTHORITIES.items()}
    return {ENGLAND: sum(parts.values()), **parts, **lower}


def _daily(area_id: str, population: int, published_at: datetime) -> Iterator[Said]:
    day = FIRST_DAY
    while day < published_at.date():
        cases, deaths = _truth(area_id, population, day)
        seen = _seen(day, published_at.date())
        dated = [
            ("cases_by_specimen_date", "phe_cases_vintages", cases * seen),
            ("cases_by_report_date", "ukhsa_dashboard_json", cases),
            ("deaths_28d_by_death_date", "phe_deaths_csv", deaths * seen),
        ]
        if area_id == ENGLAND:
            dated.append(
                ("deaths_hospital_by_death_date", "nhse_announced_deaths", deaths * 0.62 * seen)
            )
        if area_id == ENGLAND or area_id in REGIONS:
            dated.append(("cases_by_specimen_date", "ukhsa_dashboard_json", cases * seen))
            dated.append(("deaths_28d_by_death_date", "ukhsa_dashboard_json", deaths * seen))
        for metric_id, source_id, value in dated:
            said = Said(metric_id, area_id, day, source_id, float(round(value)), published_at)
            yield _as_told(said)
        day += timedelta(days=1)


def _as_told(said: Said) -> Said:
    """The few cells on which something is to be seen."""
    second = said.source_id == "ukhsa_dashboard_json" and said.value is not None
    if said.figure_id == DISPUTED and second:
        return replace(said, value=(said.value or 0) + 4)
    if said.figure_id == EXPLAINED and second:
        return replace(said, value=(said.value or 0) - 31)
    if said.figure_id == HIDDEN:
        return replace(said, value=None, missing_reason="suppressed_by_publisher")
    if said.figure_id == WITHDRAWN and said.published_at == PUBLISHED[-1]:
        return replace(said, value=None, missing_reason="withdrawn")
    return said


def _weekly(published_at: datetime) -> Iterator[Said]:
    friday = date(2020, 7, 3)
    while friday + timedelta(days=11) <= published_at.date():
        value = 230 - 9.0 * (friday - date(2020, 7, 3)).days / 7
        metric_id = "deaths_certificate_by_registration_week"
        yield Said(metric_id, ENGLAND, friday, "ons_weekly_deaths", value, published_at)
        friday += timedelta(days=7)


def _truth(area_id: str, population: int, day: date) -> tuple[float, float]:
    age = (day - FIRST_DAY).days
    lift = 4.0 if area_id == LEICESTER else 1.0
    weekday = (1.1, 1.08, 1.05, 1.0, 1.0, 0.9, 0.87)[day.weekday()]
    wave = 1.0 + 0.25 * math.sin(age / 9.0 + int(area_id[-2:]) / 3.0)
    cases = population * 1.4e-5 * wave * weekday * lift
    return cases, population * 6.0e-7 * lift * (1.3 - age / 60)


def _seen(day: date, published_on: date) -> float:
    return (
        (0.12, 0.45, 0.7, 0.86, 0.95)[min((published_on - day).days - 1, 4)]
        if (published_on - day).days <= 5
        else 1.0
    )


def _changes(said: list[Said]) -> Iterator[tuple[Said, str, int]]:
    """Only what differs from what the source last said, with its file's hash and row."""
    last: dict[tuple[str, str], float | None] = {}
    rows: dict[tuple[str, datetime], int] = defaultdict(lambda: 1)
    for one in said:
        file = (one.source_id, one.published_at)
        rows[file] += 1
        key = (one.figure_id, one.source_id)
        if key in last and last[key] == one.value:
            continue
        last[key] = one.value
        yield one, _sha(one.source_id, one.published_at), rows[file]


def _sha(source_id: str, published_at: datetime) -> str:
    return f"{abs(hash_of(source_id + published_at.isoformat())):064x}"


def hash_of(text: str) -> int:
    """A number that is the same in every process, unlike `hash`."""
    return int.from_bytes(text.encode()[-24:], "big") * 2654435761 % (1 << 250)


def _claims(said: list[Said]) -> pl.DataFrame:
    rows = [
        {
            "claim_id": f"{one.figure_id}.{one.source_id}.{one.published_at:%Y%m%d}",
            "figure_id": one.figure_id,
            "metric_id": one.metric_id,
            "area_id": one.area_id,
            "stratum_id": "all",
            "event_date": one.event_date,
            "source_id": one.source_id,
            "series_id": one.metric_id,
            "value": one.value,
            "lower": 1.0 if one.missing_reason == "suppressed_by_publisher" else None,
            "upper": 7.0 if one.missing_reason == "suppressed_by_publisher" else None,
            "missing_reason": one.missing_reason,
            "published_at": one.published_at,
            "counts_from": one.published_at,
            "landed_at": one.published_at + timedelta(minutes=7),
            "file_sha256": sha,
            "file_row": row,
            "sheet_name": "",
            "superseded_at": None,
        }
        for one, sha, row in _changes(said)
    ]
    claims = pl.DataFrame(rows, infer_schema_length=None)
    later = pl.col("published_at").shift(-1).over("figure_id", "source_id", order_by="published_at")
    return claims.with_columns(superseded_at=later, sheet_name=pl.lit("", pl.String))


def _versions(said: list[Said]) -> pl.DataFrame:
    heard: dict[str, dict[str, tuple[Said, str, int]]] = defaultdict(dict)
    versions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one, sha, row in _changes(said):
        heard[one.figure_id][one.source_id] = (one, sha, row)
        decided = _decide(heard[one.figure_id], one.published_at)
        held = versions[one.figure_id]
        if held and held[-1]["known_from"] == one.published_at:
            held.pop()
        if held:
            held[-1]["known_to"] = one.published_at
        held.append({**decided, "version": len(held) + 1, "known_to": None})
    rows = [row for held in versions.values() for row in held]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    return frame.with_columns(
        pl.col("known_to").cast(pl.Datetime("us")),
        first_value=pl.col("value").first().over("figure_id", order_by="version"),
        revisions=pl.col("version") - 1,
    ).sort("metric_id", "area_id", "event_date", "known_from")


def _decide(claims: dict[str, tuple[Said, str, int]], known_from: datetime) -> dict[str, Any]:
    in_order = sorted(
        claims.values(), key=lambda claim: (claim[0].value is None, RANK[claim[0].source_id])
    )
    best = in_order[-1 if in_order[0][0].figure_id == STANDING_IN else 0]
    one, sha, row = best
    values = [said.value for said, _, _ in claims.values() if said.value is not None]
    gap = max(values) - min(values) if values else None
    settled_on = one.event_date + timedelta(days=_lag(one.metric_id) + 1)
    until = datetime.combine(settled_on, datetime.min.time())
    return {
        "figure_id": one.figure_id,
        "metric_id": one.metric_id,
        "area_id": one.area_id,
        "stratum_id": "all",
        "event_date": one.event_date,
        "value": one.value,
        "lower": 1.0 if one.missing_reason == "suppressed_by_publisher" else None,
        "upper": 7.0 if one.missing_reason == "suppressed_by_publisher" else None,
        "source_id": one.source_id,
        "rule_id": "decision-1" if one.figure_id == SIGNED else f"{one.metric_id}.{one.source_id}",
        "status": _status(one.figure_id, values, gap),
        "explained_by": "pillar-dedup" if one.figure_id == EXPLAINED and gap else None,
        "sources_reporting": len(values),
        "gap": gap,
        "provisional_until": until,
        "settled_at": next((moment for moment in PUBLISHED if moment >= until), None),
        **_expected(one),
        "missing_reason": one.missing_reason,
        "is_corrected": one.figure_id == CORRECTED,
        "awaits_decision": one.figure_id == AWAITED,
        "disagreed_from": known_from if gap else None,
        "published_at": one.published_at,
        "landed_at": one.published_at + timedelta(minutes=7),
        "file_sha256": sha,
        "file_row": row,
        "known_from": known_from,
    }


def _expected(one: Said) -> dict[str, float | None]:
    """The range of the final value, from two days on; the day before says too little of it."""
    seen = _seen(one.event_date, one.published_at.date())
    is_known = one.value is not None and 0.2 < seen < 1
    wide = (0.9, 1.1, 0.95, 1.05)
    ends = [float(round((one.value or 0) / seen * end)) if is_known else None for end in wide]
    return dict(zip(EXPECTED, ends, strict=True))


def _scores() -> pl.DataFrame:
    """Two weeks of scores of ranges of values one day and two days old."""
    rows = [
        ("phe_cases_vintages", "cases_by_specimen_date", 2, date(2020, 7, 27), 300, 0.8, 0.96),
        ("phe_cases_vintages", "cases_by_specimen_date", 2, date(2020, 8, 3), 100, 0.7, 0.92),
        ("phe_cases_vintages", "cases_by_specimen_date", 3, date(2020, 8, 3), 100, 0.8, 1.0),
    ]
    columns = ("source_id", "metric_id", "age_days", "scored_on", "ranges", "held_80", "held_95")
    scores = pl.DataFrame(rows, schema=columns, orient="row")
    return scores.with_columns(width_80=pl.lit(0.1), width_95=pl.lit(0.2))


def _status(figure_id: str, values: list[float], gap: float | None) -> str | None:
    if not values:
        return None
    if len(values) == 1:
        return "single"
    if not gap:
        return "agreed"
    return "explained" if figure_id == EXPLAINED else "disputed"


def _figures(versions: pl.DataFrame) -> pl.DataFrame:
    newest = versions.filter(pl.col("known_to").is_null())
    ends = ("known_to", "version", "provisional_until")
    return (
        newest.drop(ends)
        .with_columns(
            pl.when(pl.col("settled_at").is_null()).then(pl.col(name)).alias(name)
            for name in EXPECTED
        )
        .drop("settled_at")
        .with_columns(
            is_provisional=newest["settled_at"].is_null(),
            is_listed=newest["figure_id"] != UNLISTED,
        )
    )


def _changes_of_figures(versions: pl.DataFrame) -> pl.DataFrame:
    before = pl.col("value").shift(1).over("figure_id", order_by="version")
    kind = (
        pl.when(pl.col("value").is_null())
        .then(pl.lit("withdrawal"))
        .when(pl.col("version") == 1)
        .then(pl.lit("new"))
        .when(pl.col("known_from") <= pl.col("provisional_until"))
        .then(pl.lit("backfill"))
        .otherwise(pl.lit("late_return"))
    )
    return versions.with_columns(value_before=before).select(
        "figure_id",
        "metric_id",
        "area_id",
        "stratum_id",
        "event_date",
        "version",
        "value_before",
        "source_id",
        changed_at="known_from",
        value_after="value",
        difference=pl.col("value") - pl.col("value_before"),
        part=pl.lit("whole"),
        amount=pl.col("value").fill_null(0) - pl.col("value_before").fill_null(0),
        kind=kind,
        event_id=pl.lit(None, pl.String),
        event_text=pl.lit(None, pl.String),
        source_id_before=pl.col("source_id"),
    )


def _publications_heard(said: list[Said]) -> pl.DataFrame:
    heard = {(one.source_id, one.metric_id, one.area_id, one.published_at) for one in said}
    columns = ["source_id", "metric_id", "area_id", "published_at"]
    return pl.DataFrame(sorted(heard), schema=columns, orient="row")


def _lag(metric_id: str) -> int:
    return int(next(m["usual_lag_days"] for m in METRICS if m["metric_id"] == metric_id))


def _metrics() -> pl.DataFrame:
    usual = {
        "grain": "day",
        "is_additive_over_area": True,
        "is_additive_over_time": True,
        "denominator_metric_id": "population",
        "direction": "up_is_worse",
        "decimals": 0,
        "disclosure_class": "published",
        "cumulative_of": None,
        "owner": "Statistics team",
    }
    frame = pl.DataFrame([usual | metric for metric in METRICS], infer_schema_length=None)
    return frame.with_columns(pl.col("cumulative_of").cast(pl.String))


def _areas() -> pl.DataFrame:
    rows = [("K02000001", "United Kingdom", "country", None, None, None)]
    rows.append((ENGLAND, "England", "nation", "K02000001", None, None))
    rows += [(code, name, "region", ENGLAND, code, None) for code, (name, _) in REGIONS.items()]
    rows += [
        (code, name, "ltla", region, region, None)
        for code, (name, region, _) in AUTHORITIES.items()
    ]
    old = (AYLESBURY_VALE, "Aylesbury Vale", "ltla", "E12000008", "E12000008", date(2020, 3, 31))
    columns = ["area_id", "area_name", "area_type", "parent_area_id", "region_id", "valid_to"]
    frame = pl.DataFrame([*rows, old], schema=columns, orient="row", infer_schema_length=None)
    return frame.with_columns(
        valid_from=pl.lit(date(2009, 1, 1)),
        is_lower_tier=pl.col("area_type") == "ltla",
        is_upper_tier=pl.lit(False),
        **_centroids(),
        source=pl.lit("Register of geographic codes"),
        licence=pl.lit("Open Government Licence v3.0"),
    )


def _centroids() -> dict[str, pl.Expr]:
    """An expression for each half of a centroid."""
    return {
        name: pl.col("area_id").replace_strict(
            {area_id: ends[half] for area_id, ends in CENTROIDS.items()},
            default=MIDDLE[half],
            return_dtype=pl.Float64,
        )
        for half, name in enumerate(("latitude", "longitude"))
    }


def _sources() -> pl.DataFrame:
    usual = {
        "licence": "Open Government Licence v3.0",
        "absence": "withdrawn",
        "agreement_id": "open_government",
        "is_agreed": True,
        "agreement_ends": date(2035, 1, 1),
        "left_out_because": None,
    }
    frame = pl.DataFrame([source | usual for source in SOURCES])
    return frame.with_columns(pl.col("left_out_because").cast(pl.String))


def _precedence() -> pl.DataFrame:
    rows = [
        {
            "rule_id": f"{metric['metric_id']}.{source_id}",
            "metric_id": metric["metric_id"],
            "source_id": source_id,
            "rank": rank,
            "tolerance_absolute": 0.0,
            "tolerance_relative": 0.0,
            "agreed_on": None,
            "retired_on": None,
            "agreed_by": "Statistics team",
            "reason": "The publisher's own file of this definition, with its full history."
            if rank < RANK["ukhsa_dashboard_json"]
            else "A copy kept by another publisher: used where the first is silent.",
        }
        for metric in METRICS
        for source_id, rank in RANK.items()
    ]
    return pl.DataFrame(rows).with_columns(
        pl.col("agreed_on").cast(pl.Date), pl.col("retired_on").cast(pl.Date)
    )


def _events() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "event_id": ["pillar-dedup"],
            "kind": ["coverage"],
            "metric_id": ["cases_by_specimen_date"],
            "source_id": ["ukhsa_dashboard_json"],
            "area_id": [ENGLAND],
            "event_from": [date(2020, 7, 30)],
            "event_until": [date(2020, 7, 31)],
            "happened_on": [date(2020, 8, 5)],
            "published_text": ["Tests done twice were counted once from this day."],
            "link": ["https://www.gov.uk/"],
        }
    )


def _arrivals() -> pl.DataFrame:
    rows = [
        _arrival(source_id, published_at)
        for source_id in RANK
        for published_at in _publications(source_id)
    ]
    broken = _arrival("nhse_announced_deaths", PUBLISHED[2])
    broken |= {
        "receipt_id": "refused",
        "verdict": "refused",
        "reason": "The file is a web page, not a workbook.",
        "file_sha256": "0" * 64,
        "rows_landed": 0,
    }
    return pl.DataFrame([*rows, broken], infer_schema_length=None).with_columns(
        pl.col("reason").cast(pl.String)
    )


def _publications(source_id: str) -> list[datetime]:
    if source_id == "nhse_announced_deaths":
        return PUBLISHED[:2]
    return PUBLISHED[:1] if source_id == "ons_population" else PUBLISHED


def _arrival(source_id: str, published_at: datetime) -> dict[str, Any]:
    return {
        "receipt_id": f"{source_id}.{published_at:%Y%m%d}",
        "load_id": f"{published_at:%Y%m%d}",
        "source_id": source_id,
        "file_name": f"{published_at:%Y-%m-%d}_{FILE[source_id]}",
        "file_sha256": _sha(source_id, published_at),
        "url": None,
        "bytes": 20_480,
        "published_at": published_at,
        "published_precision": "second",
        "published_basis": "inside",
        "landed_at": published_at + timedelta(minutes=7),
        "rows_read": 900,
        "rows_landed": 900,
        "rows_quarantined": 0,
        "rows_skipped": 0,
        "cells_read": None,
        "cells_landed": None,
        "cells_quarantined": None,
        "cells_skipped": None,
        "skipped_reasons": "{}",
        "published_columns": COLUMNS[published_at == PUBLISHED[-1]],
        "verdict": "landed",
        "reason": None,
    }


def _disagreements(said: list[Said], versions: pl.DataFrame) -> pl.DataFrame:
    metrics = _metrics().select("metric_id", "quantity_id")
    latest = _claims(said).sort("published_at").group_by("figure_id", "source_id").last()
    figures = versions.filter(pl.col("known_to").is_null()).select(
        "figure_id", "status", "explained_by", "rule_id", figure_value="value", used="source_id"
    )
    apart = latest.join(figures, on="figure_id").join(metrics, on="metric_id")
    return apart.filter(pl.col("status").is_in(["disputed", "explained"])).select(
        "quantity_id",
        "figure_id",
        "metric_id",
        "area_id",
        "stratum_id",
        "event_date",
        "source_id",
        "value",
        "figure_value",
        gap=pl.col("value") - pl.col("figure_value"),
        gap_relative=(pl.col("value") - pl.col("figure_value")) / pl.col("figure_value"),
        is_used=pl.col("source_id") == pl.col("used"),
        kind=pl.lit("same_definition"),
        status="status",
        explained_by="explained_by",
        rule_id="rule_id",
        reason=pl.lit("The publisher's own file of this definition, with its full history."),
        owner=pl.lit("Statistics team"),
        disagreed_from="published_at",
        awaits_decision=pl.lit(False),
        published_at="published_at",
    )
