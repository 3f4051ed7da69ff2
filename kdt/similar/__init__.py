"""Similar cases: earlier escalations that say nearly the same as what somebody is describing."""
