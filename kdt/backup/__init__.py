"""The record kept elsewhere and brought back: backup, restore, the drill, a newer PostgreSQL."""
