"""Tables to take away: one description of a table, written in every format."""
