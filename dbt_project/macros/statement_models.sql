{# The staging models that state something about cells; a new source adds its own here. #}
{% macro statement_models() -%}
    {{ return([
        'stg_nhse_announced_deaths__deaths_by_region',
        'stg_nhse_announced_deaths__deaths_by_trust',
        'stg_phe_cases_vintages__cases',
    ]) }}
{%- endmacro %}
