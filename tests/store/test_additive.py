"""Migrations only add, so that servers of the release before work on while they are replaced one by
one: what they read and write stays as they know it. What is to go, goes a release later."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
# Those before came before there was a release to work on.
FIRST = 5
_REMOVES = frozenset({"drop_table", "drop_column", "rename_table"})
_CHANGES = frozenset({"new_column_name", "type_"})
_SQL = re.compile(
    r"\b(drop\s+(table|column)|rename\s+(to|column)|set\s+not\s+null)\b", re.IGNORECASE
)


def breaks(source: str) -> Iterator[str]:
    """What a migration does on its way up that the release before would stumble over."""
    for part in ast.parse(source).body:
        if not (isinstance(part, ast.FunctionDef) and part.name == "downgrade"):
            for node in ast.walk(part):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    yield from _of(node.func.attr, node)
        # SQL stands in constants of the module, which are executed by their name.
        if isinstance(part, ast.Assign | ast.AnnAssign) and _SQL.search(ast.unparse(part)):
            yield "a constant"


def _of(name: str, call: ast.Call) -> Iterator[str]:
    given = {one.arg: one.value for one in call.keywords}
    if name in _REMOVES:
        yield name
    elif name == "alter_column":
        # What was always filled may come to be empty: only the new release makes it so.
        tightened = "nullable" in given and ast.unparse(given["nullable"]) != "True"
        if tightened or _CHANGES & given.keys():
            yield "alter_column"
    elif name == "add_column":
        column = ast.unparse(call.args[1])
        if "nullable=False" in column and "server_default" not in column:
            yield "add_column without a default"
    elif name == "execute" and call.args and _SQL.search(ast.unparse(call.args[0])):
        yield "execute"


def test_migrations_only_add() -> None:
    files = [one for one in sorted(VERSIONS.glob("0*.py")) if int(one.name[:4]) >= FIRST]
    assert files
    found = {one.name: list(breaks(one.read_text())) for one in files}
    assert not {name: what for name, what in found.items() if what}


@pytest.mark.parametrize(
    "step",
    [
        'op.drop_table("x")',
        'op.drop_column("x", "y")',
        'op.rename_table("x", "y")',
        'op.alter_column("x", "y", new_column_name="z")',
        'op.alter_column("x", "y", nullable=False)',
        'op.add_column("x", sa.Column("y", sa.Text(), nullable=False))',
        'op.execute("alter table x alter y set not null")',
        'op.execute(f"drop table {x}")',
    ],
)
def test_what_would_break_is_found_on_the_way_up_and_allowed_on_the_way_down(step: str) -> None:
    assert list(breaks(f"def upgrade() -> None:\n    {step}\n"))
    assert not list(breaks(f"def downgrade() -> None:\n    {step}\n"))


def test_what_would_break_is_found_in_a_constant_too() -> None:
    for constant in ("_SQL = 'drop table x'", "_SQL: str = f'alter table {x} drop column y'"):
        assert list(breaks(f"{constant}\ndef upgrade() -> None:\n    op.execute(_SQL)\n"))


def test_what_adds_is_fine() -> None:
    for step in (
        'op.create_table("x", sa.Column("y", sa.Text(), nullable=False))',
        'op.add_column("x", sa.Column("y", sa.Text(), nullable=False, server_default=""))',
        'op.create_index("ix", "x", ["y"])',
        'op.drop_index("ix")',
        'op.alter_column("x", "y", nullable=True)',
    ):
        assert not list(breaks(f"def upgrade() -> None:\n    {step}\n"))
