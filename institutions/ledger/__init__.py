"""A county's Excel ledger: reads it whatever its layout, and tells what importing it would change.

workbook (safe reading) -> layout (tables and headings) -> registry, figures (rows) -> planner (the plan: problems,
differences); marked writes the file back with its faults marked. Writing is institutions.services.import_ledger.
"""
