"""Files that people hand in: what they are, whether they are harmless, how they are shown. Paths in, facts out.

kinds.kind_of says what a file is, or refuses it; preview draws it, office turns Office files into PDF, virus asks the
scanner, identity looks for identity numbers. Whatever parses a stranger's file runs in a process of its own (apart/).
"""
