"""Other countries, invented, for the files in which the United Kingdom is one row of many."""

from dataclasses import dataclass
from datetime import date
from math import exp


@dataclass(frozen=True)
class Country:
    """A country under the names and codes of JHU, ECDC and OWID, and the shape of its epidemic.

    Deaths follow a logistic curve: `deaths_in_all` people, half of them by `half_on`.
    """

    jhu_name: str
    ecdc_name: str
    geo_id: str
    iso_code: str
    continent: str
    latitude: str
    longitude: str
    population: int
    deaths_in_all: int
    half_on: date

    def deaths(self, day: date) -> int:
        """Deaths up to and including a day."""
        return int(self.deaths_in_all / (1 + exp((self.half_on - day).days / 7)))

    def cases(self, day: date) -> int:
        """Cases up to and including a day."""
        return self.deaths(day) * 9


# JHU's name, ECDC's name, geoId, ISO code, continent, latitude, longitude, people, deaths, half on
TABLE = """\
Albania,Albania,AL,ALB,Europe,41.1533,20.1683,2862427,90,2020-04-15
Austria,Austria,AT,AUT,Europe,47.5162,14.5501,8858775,700,2020-04-12
Belgium,Belgium,BE,BEL,Europe,50.8333,4.0,11455519,9600,2020-04-15
Brazil,Brazil,BR,BRA,America,-14.235,-51.9253,211049519,90000,2020-07-01
Denmark,Denmark,DK,DNK,Europe,56.2639,9.5018,5806081,600,2020-04-14
France,France,FR,FRA,Europe,46.2276,2.2137,67012883,29500,2020-04-12
Germany,Germany,DE,DEU,Europe,51.0,9.0,83019213,9100,2020-04-18
Ireland,Ireland,IE,IRL,Europe,53.1424,-7.6921,4904240,1700,2020-04-22
Italy,Italy,IT,ITA,Europe,43.0,12.0,60359546,34500,2020-04-05
Japan,Japan,JP,JPN,Asia,36.0,138.0,126860299,980,2020-05-01
Netherlands,Netherlands,NL,NLD,Europe,52.1326,5.2913,17282163,6100,2020-04-12
Norway,Norway,NO,NOR,Europe,60.472,8.4689,5328212,240,2020-04-13
Spain,Spain,ES,ESP,Europe,40.0,-4.0,46937060,28200,2020-04-04
Sweden,Sweden,SE,SWE,Europe,63.0,16.0,10230185,5600,2020-05-02
US,United_States_of_America,US,USA,America,37.0902,-95.7129,329064917,130000,2020-05-05
Zimbabwe,Zimbabwe,ZW,ZWE,Africa,-20.0,30.0,14645473,150,2020-07-25
"""


def _country(line: str) -> Country:
    jhu, ecdc, geo, iso, continent, latitude, longitude, people, deaths, half_on = line.split(",")
    counts = int(people), int(deaths), date.fromisoformat(half_on)
    return Country(jhu, ecdc, geo, iso, continent, latitude, longitude, *counts)


COUNTRIES = tuple(_country(line) for line in TABLE.splitlines())
# Territories that JHU lists as provinces of the United Kingdom: never part of its figures.
UK_PROVINCES = {
    "Anguilla": ("18.2206", "-63.0686", 0),
    "Bermuda": ("32.3078", "-64.7505", 9),
    "Cayman Islands": ("19.3133", "-81.2546", 1),
    "Channel Islands": ("49.3723", "-2.3644", 47),
    "Falkland Islands (Malvinas)": ("-51.7963", "-59.5236", 0),
    "Gibraltar": ("36.1408", "-5.3536", 0),
    "Isle of Man": ("54.2361", "-4.5481", 24),
    "Montserrat": ("16.7425", "-62.1874", 1),
}
