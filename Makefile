# Everything from nothing: `make demo`, `make test`. Needs Python 3.11 or later, as PYTHON.

PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
PROCESSES := 3
SIDE_BY_SIDE = -n $(PROCESSES) --dist loadgroup --no-loadscope-reorder

export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
# What is imported is compiled once, then kept: without, every command takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo check test test-long test-all lint lint-types lint-sql bench clean set-up

demo: set-up  ## the whole job on the bundled sample: no key, no network
	@$(BIN)/showhouse run --sample
	@$(BIN)/showhouse status
	@echo
	@echo 'Query it:   $(BIN)/showhouse db psql -c "select name, season_count from core.shows"'
	@echo 'Serve it:   $(BIN)/showhouse serve     then  curl http://127.0.0.1:8000/shows?q=the'
	@echo 'Stop it:    $(BIN)/showhouse db stop'

# In tests/lanes.py stands what each lane holds. Two processors are busy with three processes, of
# which one always waits for Postgres or another program; in `check`, more of them wait.
check: PROCESSES := 4
check: set-up  ## what takes no seconds and no build: the loop while one writes
	@$(PYTEST) $(SIDE_BY_SIDE) --lane check

test: set-up  ## what correctness rests on, once; ARGS="-k landing" for some of all tests
ifdef ARGS
	@$(PYTEST) $(SIDE_BY_SIDE) $(ARGS)
else
	@$(PYTEST) $(SIDE_BY_SIDE) --lane test
endif

test-long: set-up  ## what `make test` leaves out: kills, days, a full disk, an old Postgres, chance
	@$(PYTEST) $(SIDE_BY_SIDE) --lane long
	@$(PYTEST) --lane clock  # they judge speed: alone, each in its turn

test-all: test test-long

lint: set-up
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(MAKE) --no-print-directory --jobs 2 lint-types lint-sql

lint-types: set-up
	@$(BIN)/mypy

lint-sql: set-up
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/macros/tests

bench: set-up  ## ARGS="landing elt" for some of them
	@$(BIN)/python -m pip install --quiet --constraint requirements.lock --no-build-isolation \
		--editable '.[bench]'
	@$(BIN)/python -m benchmarks $(ARGS)

clean:  ## what was landed stays, in .showhouse
	rm -rf .venv .venv.lock target logs build *.egg-info .*_cache .hypothesis

set-up:
	@$(PYTHON) .ci/set_up.py
