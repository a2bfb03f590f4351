"""Where Postgres is: `DATABASE_URL`, else a server of our own; connections; the raw schema."""
