"""Asks the upstreams, with few requests, whether they are what we believe."""
