{# The staging models that state something about cells; a new source adds its own here. #}
{% macro statement_models() -%}
    {{ return([
        'stg_ecdc__daily_counts',
        'stg_jhu__deaths',
        'stg_local_returns__returns',
        'stg_nhse_announced_deaths__deaths_by_region',
        'stg_nhse_announced_deaths__deaths_by_trust',
        'stg_nhse_winter_sitrep__beds',
        'stg_ons_weekly_deaths__daily_deaths',
        'stg_ons_weekly_deaths__england_comparisons',
        'stg_ons_weekly_deaths__weekly_registrations',
        'stg_owid__countries',
        'stg_ons_population__residents',
        'stg_phe_api_pages__counts',
        'stg_phe_api_pages__totals',
        'stg_phe_cases_vintages__cases',
        'stg_phe_deaths_csv__deaths',
        'stg_phe_utla_daily_csv__cases_by_area',
        'stg_phe_utla_daily_csv__indicators',
        'stg_sus_admissions__admissions',
        'stg_tomwhite_indicators_vintages__indicators',
        'stg_ukhsa_dashboard_json__headlines',
        'stg_ukhsa_dashboard_json__time_series',
    ]) }}
{%- endmacro %}
