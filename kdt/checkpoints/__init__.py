"""Checkpoints: the heads of all chains at a moment, under one root, signed and kept elsewhere.

Whoever can change everything in the database can make it agree with itself again, but not with
these. What their bytes are stands in `docs/record.md`; `kdt.verify` reads them with its own code.
"""
