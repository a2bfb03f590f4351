"""The client against a real server that misbehaves, and the gate against a real Postgres."""
