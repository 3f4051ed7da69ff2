"""Tallies: the cells that figures are added up from, and how they are kept."""
