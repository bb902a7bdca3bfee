{# The weekday of a date in English, such as Monday. #}
{% macro weekday(day) -%}
    {{ return(adapter.dispatch('weekday')(day)) }}
{%- endmacro %}

{% macro default__weekday(day) -%}
    dayname({{ day }})
{%- endmacro %}

{% macro spark__weekday(day) -%}
    date_format({{ day }}, 'EEEE')
{%- endmacro %}

{# A list of texts as one text; the engines name this function differently. #}
{% macro joined_text(column) -%}
    {{ return(adapter.dispatch('joined_text')(column)) }}
{%- endmacro %}

{% macro default__joined_text(column) -%}
    array_to_string({{ column }}, '; ')
{%- endmacro %}

{% macro spark__joined_text(column) -%}
    array_join({{ column }}, '; ')
{%- endmacro %}

{# Several quantiles at once, as a list; the engines name this function differently. #}
{% macro quantiles(column, shares) -%}
    {{ return(adapter.dispatch('quantiles')(column, shares)) }}
{%- endmacro %}

{% macro default__quantiles(column, shares) -%}
    quantile_cont({{ column }}, [{{ shares }}])
{%- endmacro %}

{% macro spark__quantiles(column, shares) -%}
    percentile({{ column }}, array({{ shares }}))
{%- endmacro %}

{# One of a list, counted from 1. #}
{% macro element_of(list, place) -%}
    {{ return(adapter.dispatch('element_of')(list, place)) }}
{%- endmacro %}

{% macro default__element_of(list, place) -%}
    list_extract({{ list }}, {{ place }})
{%- endmacro %}

{% macro spark__element_of(list, place) -%}
    element_at({{ list }}, {{ place }})
{%- endmacro %}

{# The value that a share of all does not exceed; Spark takes no frame of a window for `median`, but for this. #}
{% macro quantile(column, share) -%}
    {{ return(adapter.dispatch('quantile')(column, share)) }}
{%- endmacro %}

{% macro default__quantile(column, share) -%}
    quantile_cont({{ column }}, {{ share }})
{%- endmacro %}

{% macro spark__quantile(column, share) -%}
    percentile({{ column }}, {{ share }})
{%- endmacro %}

{# The middle value. #}
{% macro middle(column) -%}
    {{ quantile(column, 0.5) }}
{%- endmacro %}
