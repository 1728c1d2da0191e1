"""Checking one report: beside last period and its type, accepted or returned figure by figure."""
