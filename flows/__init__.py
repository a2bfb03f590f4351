"""Prefect flows, the dbt runner and the `showhouse` command: the order in which things happen."""
