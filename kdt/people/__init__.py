"""Whoever signs in, made known with the roles that their claims come to, and what an administrator
does about people and about those mappings."""
