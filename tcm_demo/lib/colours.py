"""The colours that charts and PDF share with the pages.

`static/css/app.css` holds the same ones as tokens for the browser; a test compares the two.
"""

INK = "#1f4d40"
PAPER = "#f7f5f0"
LINE = "#ded9ce"
TEXT = "#22282a"
TEXT_SOFT = "#565d5a"

# the edge of a light, which is also the fill of its bar
MET = "#2f8a54"
NEARLY = "#c28410"
UNMET = "#c8432c"
INCOMPLETE = "#868c8f"

# lines of a chart that stand for things, not for states
LINES = ("#1f4d40", "#a35413", "#2f6395", "#83345a", "#5f6a13", "#5a4a91")
