"""June 2021: Cambridge's uptake of first doses is 61.8% or 42.2%, and both are right.

NHS England divides people with a first dose by the people on the immunisation register (NIMS), of
whom it lists 182,739 in Cambridge; the Office for National Statistics estimates 124,798 residents.
The register is 46% larger: students and others who left are still on it. A store that keeps one
population per area shows whichever came last, and lets uptake jump by 20 points when nobody was
vaccinated: the next estimate (125,063) came out on 25 June.

Both populations and both percentages are published (ONS, mid-2019 and mid-2020; NHS England's
weekly file of June 2021). The number of people with a first dose, 77,125, is made up within what
the two percentages leave open. The register's file is given here in the form of a plain return.
"""

from datetime import date

from simulation.replays.asking import newest_figure
from simulation.replays.formats import Place, plain_return, residents
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

ESTIMATED, COUNTED, ESTIMATED_AGAIN = date(2020, 6, 24), date(2021, 6, 17), date(2021, 6, 25)
UNTIL = date(2021, 6, 13)
CAMBRIDGE = Place("E07000008", "Cambridge", "lower")
RESIDENTS, RESIDENTS_LATER, REGISTERED, VACCINATED = 124_798, 125_063, 182_739, 77_125

DOSES, REGISTER, RESIDENT = "people_vaccinated_first_dose", "population_registered", "population"


def days() -> list[PublicationDay]:
    """An estimate of residents, the week's vaccinations with their register, the next estimate."""
    weekly = [(CAMBRIDGE, UNTIL, REGISTER, REGISTERED), (CAMBRIDGE, UNTIL, DOSES, VACCINATED)]
    return [
        PublicationDay(
            ESTIMATED,
            "The ONS estimates 124,798 residents of Cambridge at mid-2019.",
            {"ons_population": [residents(ESTIMATED, 2019, {CAMBRIDGE: RESIDENTS})]},
        ),
        PublicationDay(
            COUNTED,
            "NHS England counts first doses, and 182,739 people on the register.",
            {"local_returns": [plain_return(f"weekly-vaccinations-{COUNTED}.csv", weekly)]},
        ),
        PublicationDay(
            ESTIMATED_AGAIN,
            "The ONS estimates 125,063 residents at mid-2020; no dose is reported.",
            {"ons_population": [residents(ESTIMATED_AGAIN, 2020, {CAMBRIDGE: RESIDENTS_LATER})]},
        ),
    ]


def _uptake(people: str, doses: str) -> str:
    return f"select round(100 * ({doses}) / ({people}), 1)"


NAIVE = _uptake(
    "select value from published_values where series_id in ('all_ages', 'population_registered') "
    "order by published_at desc, landed_at desc limit 1",
    f"select value from published_values where series_id = '{DOSES}' "
    "order by published_at desc limit 1",
)
OF_ITS_OWN_DENOMINATOR = (
    "select round(100 * doses.value / people.value, 1) from figures as doses "
    "inner join metrics on doses.metric_id = metrics.metric_id "
    "inner join figures as people on people.metric_id = metrics.denominator_metric_id "
    f"and people.area_id = doses.area_id where doses.metric_id = '{DOSES}' "
    "order by people.event_date desc limit 1"
)
OF_RESIDENTS = _uptake(
    newest_figure(RESIDENT, CAMBRIDGE.code), newest_figure(DOSES, CAMBRIDGE.code)
)

REPLAY = Replay(
    replay_id="denominators",
    title="Two populations of Cambridge",
    happened_on=COUNTED,
    source="https://www.england.nhs.uk/statistics/statistical-work-areas/covid-19-vaccinations/",
    days=days,
    questions=[
        Question(
            "uptake",
            "Of 100 people in Cambridge, how many have had a first dose?",
            NAIVE,
            OF_ITS_OWN_DENOMINATOR,
        ),
        Question("of_residents", "And of 100 residents?", NAIVE, OF_RESIDENTS),
    ],
    answers=[
        KnownAnswer("uptake of the register", 42.2, OF_ITS_OWN_DENOMINATOR, after=COUNTED),
        KnownAnswer("uptake of residents", 61.8, OF_RESIDENTS, after=COUNTED),
        KnownAnswer("a naive store's uptake first", 42.2, NAIVE, of="naive", after=COUNTED),
        KnownAnswer("a naive store's uptake a week later", 61.7, NAIVE, of="naive"),
        KnownAnswer("uptake of the register a week later", 42.2, OF_ITS_OWN_DENOMINATOR),
        KnownAnswer("on the register", 182_739, newest_figure(REGISTER, CAMBRIDGE.code)),
        KnownAnswer(
            "residents at mid-2019",
            124_798,
            f"select value from figures where metric_id = '{RESIDENT}' "
            "and event_date = '2019-06-30'",
        ),
        KnownAnswer(
            "percent by which the register is larger",
            46,
            f"select round(100 * ({newest_figure(REGISTER, CAMBRIDGE.code)}) / {RESIDENTS} - 100)",
        ),
    ],
    watched=[
        (DOSES, CAMBRIDGE.code),
        (REGISTER, CAMBRIDGE.code),
        (RESIDENT, CAMBRIDGE.code),
    ],
    verdict=(
        "A naive store would have shown 42.2% one week and {naive_uptake:.1f}% the next, with "
        "nobody vaccinated in between; Trigpoint showed {trigpoint_uptake:.1f}% of the people on "
        "the register throughout, and {trigpoint_of_residents:.1f}% of residents beside it."
    ),
)
