"""The figures, and what they are counted from."""
