"""Benchmarks: each a ratio against its floor, taken in the same run. `make bench` runs them."""
