"""Who may read a county's figures under several standards, and standards side by side."""

from tests.access import COUNTY, Row, reads, signed_in
from tests.world import PERIOD

MATRIX = COUNTY | {"period": PERIOD}

MATRIX_ROWS = [
    Row("assessments:matrix", reads(), MATRIX),
    Row("assessments:matrix-export", reads(), MATRIX),
    Row("assessments:standards-compare", reads(), MATRIX),
    # public plans; a county's own: tests/test_compare_page.py
    Row("indicators:compare", signed_in(), {"code": "small"}),
]

MATRIX_GUESSED = [
    Row("assessments:matrix", {}, MATRIX | {"county": "C"}),
    Row("assessments:matrix-export", {}, MATRIX | {"county": "C"}),
    Row("assessments:standards-compare", {}, MATRIX | {"county": "C"}),
    Row("indicators:compare", {}, {"code": "other"}),
]
