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
