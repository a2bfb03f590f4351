"""Tests of the dbt project: real dbt on a real Postgres."""
