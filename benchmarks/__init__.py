"""Measurements that anybody can repeat, each with its peer or its limit in the same run.

`make bench` runs them all, each in a process of its own on an embedded Postgres of its own with the
usual durable settings, and ends with one table: the figure, the peer or limit, the ratio, what was
wanted. Some of them: `make bench ARGS="landing elt"`. One alone, with its own options:
`python -m benchmarks.landing --series 500`. Exits with 1 where a bound is broken.

| benchmark | question |
| --- | --- |
| requests | How many requests does a series take, at first and later? |
| landing | How fast do answers land, against a bare COPY of the same documents? Is memory flat? |
| elt | How fast is landing and `dbt run`, against dlt with the same documents? |
| rest | How fast from an API with TMDb's limit, 40 requests/s, against dlt's REST source? |
| scale | How do time and memory grow from so many series to ten times as many? |
| build | What does a build cost: full, with nothing new, with 1 % of the series touched? |
| rate_gate | Do two processes keep one rate together? |
| imdb | How fast are IMDb's files read and landed, against `zcat` into COPY? |
| mirror | How many images a second, against bare boto3 uploads? |
| renditions | What does it cost to scale a picture? |
| api | How many requests a second, against the database's own limit? |
| search | How long do searches and lists take at 20,000 and 200,000 shows? |
| load | Is every answer right at 80 % of capacity, with builds and a restart of Postgres? |

Absolute figures mean something on a quiet machine only. Ratios are taken within a run, in turns,
and the median of several is given. Past figures, misses included: docs/benchmarks.md.
"""
