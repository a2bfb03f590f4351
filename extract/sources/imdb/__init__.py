"""IMDb: the daily datasets, and pages that a user saved."""
