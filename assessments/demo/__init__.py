"""The demo county that `make run` shows: its people, its ledger of one year, and a round of the next, half done.

Everything is written through the services that people use, so that it cannot be what the program would refuse.
"""
