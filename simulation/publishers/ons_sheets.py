"""Fixed parts of ONS's weekly workbook: shares by age and footnotes."""

AGES_EARLY = {
    "Under 1 year": 0.003,
    "01-14": 0.002,
    "15-44": 0.025,
    "45-64": 0.12,
    "65-74": 0.16,
    "75-84": 0.28,
    "85+": 0.41,
}
AGES_LATE = {
    "<1": 0.003,
    "1-4": 0.0005,
    "5-9": 0.0005,
    "10-14": 0.001,
    "15-19": 0.001,
    "20-24": 0.002,
    "25-29": 0.003,
    "30-34": 0.005,
    "35-39": 0.006,
    "40-44": 0.008,
    "45-49": 0.014,
    "50-54": 0.022,
    "55-59": 0.033,
    "60-64": 0.043,
    "65-69": 0.06,
    "70-74": 0.095,
    "75-79": 0.127,
    "80-84": 0.17,
    "85-89": 0.2,
    "90+": 0.206,
}
WEEKLY_NOTES = (
    "1 This average is based on the actual number of death registrations recorded for each "
    "corresponding week over the previous five years.",
    "2 Counts of deaths by underlying cause exclude deaths at age under 28 days.",
    "3 Coding of deaths by cause for the latest week is not yet complete.",
    "7 Does not include deaths of those resident outside England and Wales or those records where "
    "the place of residence is either missing or not yet fully coded.",
    "8 These figures represent death registrations, there can be a delay between the date a death "
    "occurred and the date a death was registered.",
)
REGISTERED_NOTES = (
    "1 Coding of deaths by cause for the latest week is not yet complete.",
    "3 Deaths involving COVID-19 have been included within weekly death registrations figures due "
    "to the pandemic.",
    "5 Does not include deaths of those resident outside England and Wales or those records where "
    "the place of residence is either missing or not yet fully coded.",
)
COMPARISON_NOTES = (
    "1 Data is provisional.",
    "2 Figures include deaths of non-residents.",
    "3 Figures based on boundaries as of February 2020.",
    "4 Figures for deaths occurring only include deaths that were registered by the date "
    "indicated, so may be an underestimate due to registration delays.",
    "6 Counts are cumulative.",
    "7 NHS counts can be found via: "
    "https://www.england.nhs.uk/statistics/statistical-work-areas/covid-19-daily-deaths/",
    "8 NHS England and ONS occurrence data will be revised as more notifications and registrations "
    "are received.",
)
RELAYED_NOTE = (
    "5 DHSC death counts are taken the next day. For example, deaths reported on the 6 March were "
    "used for 5th March."
)
UPDATED_NOTE = (
    "5 Public Health England (PHE) have recently updated how they count COVID-19 deaths, more "
    "information can be found in their technical summary."
)
