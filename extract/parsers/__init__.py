"""Parsers from pages to JSON: pure functions, each with a version of its own."""
