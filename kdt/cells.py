"""Cells of a spreadsheet. What somebody named must never be taken for a command there."""

# By these a spreadsheet knows a formula, also after what it skips.
_COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def plain(value: str) -> str:
    """A text as a cell that a spreadsheet takes for text."""
    return f"'{value}" if value.lstrip(" \xa0\ufeff").startswith(_COMMANDS) else value
