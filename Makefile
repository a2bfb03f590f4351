# Everything from nothing: `make demo`, `make test`. Needs Python 3.11 or later, as PYTHON.

PYTHON ?= python3
BIN := .venv/bin
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
# What is imported is compiled once, then kept: without, every command takes seconds longer.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint bench clean set-up

demo: set-up  ## the whole job on the bundled sample: no key, no network
	@$(BIN)/showhouse run --sample
	@$(BIN)/showhouse status
	@echo
	@echo 'Query it:   $(BIN)/showhouse db psql -c "select name, season_count from core.shows"'
	@echo 'Serve it:   $(BIN)/showhouse serve     then  curl http://127.0.0.1:8000/shows?q=the'
	@echo 'Stop it:    $(BIN)/showhouse db stop'

test: set-up  ## ARGS="-k landing" for some of them
ifdef ARGS
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)
else
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m 'not clock'
	@$(BIN)/python -m pytest -m clock  # they judge by seconds: alone, each in its turn
endif

lint: set-up
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/macros/tests

bench: set-up  ## ARGS="landing elt" for some of them
	@$(BIN)/python -m pip install --quiet --constraint requirements.lock --no-build-isolation \
		--editable '.[bench]'
	@$(BIN)/python -m benchmarks $(ARGS)

clean:  ## what was landed stays, in .showhouse
	rm -rf .venv .venv.lock target logs build *.egg-info .*_cache .hypothesis

set-up:
	@$(PYTHON) .ci/set_up.py
