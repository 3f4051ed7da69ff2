"""Locations, panels and the days they meet: what cases are brought from, and where they go."""
