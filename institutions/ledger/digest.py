"""Tells whether two plans would do the same. Pure."""

import hashlib

from institutions.ledger.plan import ImportPlan


def plan_digest(plan: ImportPlan) -> str:
    """One short text for everything that a plan would change, old values included.

    What people confirmed is what they saw: where somebody else wrote in between, the digest is another one.
    """
    digest = hashlib.sha256(plan.period.text.encode())
    for change in plan.institutions:
        digest.update(repr((change.kind, change.entry.code, sorted(change.fields.items()))).encode())
    for report in plan.reports:
        facts = (report.entry.code, report.stored.state, report.values, report.overwritten, report.returned)
        digest.update(repr(facts).encode())
    digest.update(repr([report.entry.code for report in plan.waiting]).encode())
    return digest.hexdigest()
