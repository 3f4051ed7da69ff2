"""The keys of locks: two things under one key would wait for each other, or pass each other by."""

from kdt.store import locks


def test_each_key_means_one_thing() -> None:
    keys = [value for name, value in vars(locks).items() if name.isupper() and type(value) is int]
    assert len(keys) >= 10
    assert len(set(keys)) == len(keys)
