"""What runs in a process of its own, with bounded memory and time: everything that parses a stranger's file.

process.py starts it, worker.py is its beginning; the other modules run inside it and load neither Django nor each
other's libraries, so that an answer takes some 50 ms. Shown to be needed: a PDF of 3 KB whose forms draw one another
makes PDFium take all memory there is and abort, and with it the process it runs in (tests/hostile_files.py).
"""
