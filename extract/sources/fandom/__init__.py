"""Fandom: wikis of fans, asked through MediaWiki's API, one request at a time."""
