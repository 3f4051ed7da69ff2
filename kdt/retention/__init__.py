"""Keeping and destroying: terms, what is past them, holds, destruction by two people."""
