"""Legal deadlines: how they are reckoned, and the rules of law by which one is proposed."""
