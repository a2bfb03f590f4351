"""TMDb's series: its `resources`, `verdicts` on its answers, `requests` to it, `splitting`."""
