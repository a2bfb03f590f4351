"""A TMDb to test against; see `tests.tmdb.server`."""
