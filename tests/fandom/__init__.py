"""A Fandom to test against: wikis that answer as MediaWiki does, and count how they are asked."""
