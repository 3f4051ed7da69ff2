"""Panels, locations and their meetings."""
