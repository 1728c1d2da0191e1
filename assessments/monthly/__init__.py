"""Month by month: how far a county was at the end of each, and the ledger (工作台账) of what was done in it."""
