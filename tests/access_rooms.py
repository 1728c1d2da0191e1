"""The rows of test_access.py that stand in modules of their own, one for each room of pages."""

from tests.access_drafting import DRAFTING_GUESSED, DRAFTING_ROWS
from tests.access_exchange import EXCHANGE_GUESSED, EXCHANGE_ROWS
from tests.access_formula import FORMULA_GUESSED, FORMULA_ROWS
from tests.access_matrix import MATRIX_GUESSED, MATRIX_ROWS
from tests.access_prefecture import PREFECTURE_GUESSED, PREFECTURE_ROWS
from tests.access_work import WORK_GUESSED, WORK_ROWS

ROOM_ROWS = [*WORK_ROWS, *MATRIX_ROWS, *DRAFTING_ROWS, *EXCHANGE_ROWS, *FORMULA_ROWS, *PREFECTURE_ROWS]
ROOM_GUESSED = [
    *WORK_GUESSED,
    *MATRIX_GUESSED,
    *DRAFTING_GUESSED,
    *EXCHANGE_GUESSED,
    *FORMULA_GUESSED,
    *PREFECTURE_GUESSED,
]
