"""A standard as a file that people keep, change and hand on: YAML and Excel, out and in without loss.

tree.py gives the standard in the keys of its YAML file; yaml_out.py writes that, workbook_out.py lays it out in
sheets. Whatever comes in is read by indicators.standard_file, so that both forms have the same rules: workbook_in.py
turns the rows of a workbook into the same tree, whose values know their cells.
"""
