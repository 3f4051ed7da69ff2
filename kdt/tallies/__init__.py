"""Tallies: the cells and stays that figures are added up from, and how they are kept."""
