"""The API over the marts: documents that dbt prepared, sent as they are.

It knows nothing of extract or flows.
"""
