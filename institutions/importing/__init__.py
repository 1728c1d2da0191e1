"""What becomes of a ledger that was read: who may import what, as draft, submitted or accepted, and the writing."""
