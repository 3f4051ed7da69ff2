"""KDT: one append-only record of hard cases climbing a ladder of panels."""
