{#- A part of a whole, to six places, without trailing zeros; of nothing there is no share. -#}
{% macro share(part, whole) -%}
trim_scale(round({{ part }}::numeric / nullif({{ whole }}, 0), 6))
{%- endmacro %}
