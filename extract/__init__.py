"""Lands what the sources answer, unchanged, in `raw.*`; knows no dbt, no Prefect, no API."""
