"""Rode draden: recurring problems, with the escalations that show them."""
