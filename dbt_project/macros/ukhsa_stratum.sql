{# The stratum of a dashboard series: `all`, `male`, `age_50_54`, `age_80_plus_male` and the like. #}
{% macro ukhsa_stratum(age, sex, stratum) -%}
    case
        when {{ age }} = 'all' and {{ stratum }} = 'default' then lower({{ sex }})
        else
            'age_' || replace(replace({{ age }}, '-', '_'), '+', '_plus')
            || case when lower({{ sex }}) = 'all' then '' else '_' || lower({{ sex }}) end
            || case when {{ stratum }} = 'default' then '' else '_' || lower({{ stratum }}) end
    end
{%- endmacro %}
