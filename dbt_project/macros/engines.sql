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

{# The middle value; Spark takes no frame of a window for `median`, but for `percentile` it does. #}
{% macro middle(column) -%}
    {{ return(adapter.dispatch('middle')(column)) }}
{%- endmacro %}

{% macro default__middle(column) -%}
    median({{ column }})
{%- endmacro %}

{% macro spark__middle(column) -%}
    percentile({{ column }}, 0.5)
{%- endmacro %}

{# The value that nine of ten do not exceed. #}
{% macro nine_tenths(column) -%}
    {{ return(adapter.dispatch('nine_tenths')(column)) }}
{%- endmacro %}

{% macro default__nine_tenths(column) -%}
    quantile_disc({{ column }}, 0.9)
{%- endmacro %}

{% macro spark__nine_tenths(column) -%}
    percentile_approx({{ column }}, 0.9)
{%- endmacro %}
