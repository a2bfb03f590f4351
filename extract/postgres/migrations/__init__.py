"""The raw schema's history, applied by Alembic in one transaction under a lock."""

from extract.postgres.migrations.migrate import migrate

__all__ = ["migrate"]
