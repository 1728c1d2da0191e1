"""The workbook that people fill in without the browser: one sheet for each type of institution, with what is known.

contents (what stands in it) -> sheets (how a sheet is laid out, so that institutions.ledger finds everything again) ->
make (the file). Nothing in it is trusted on the way back.
"""
