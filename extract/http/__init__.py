"""Asks sources over HTTP: `client` asks, `gate` says when, `redact` keeps secrets secret."""
