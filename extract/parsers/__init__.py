"""From pages to objects: pure functions of bytes, each with the version of what it makes.

A page is landed as it was answered, and what a parser reads off it lands beside it; a parser that
learnt more has another version, and reads the held pages again.
"""
