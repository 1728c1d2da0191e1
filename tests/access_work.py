"""Who may do what with the work on an item: the liaison's department leads item 1 and has no part in item 3."""

from tests.access import HERE, Row, only, reads, works_on, writes

# a statement where there was none
TYPED = {"text": "本年度已拨付到位。", "number": 0, "edition": 0}
# who may write in an item's discussion
TALKERS = ("reviewer", "office", "liaison", "leadership", "superuser")
ONE, TWO, THREE, NONE = (HERE | {"number": number} for number in ("1", "2", "3", "43"))
SAID = {"text": "请核对"}

WORK_ROWS = [
    Row("assessments:item-statement", reads(), ONE),
    Row("assessments:item-statement", works_on(302), ONE, data=TYPED),
    Row("assessments:item-statement", writes(302), THREE, data=TYPED),
    Row("assessments:item-statement-back", works_on(302), ONE | {"version": 1}, data={}),
    Row("assessments:item-statement-back", writes(302), THREE | {"version": 1}, data={}),
    Row("assessments:item-note", works_on(302), TWO, data=SAID),
    Row("assessments:item-note", writes(302), THREE, data=SAID),
    Row("assessments:item-comment", only(TALKERS, 302, refused=403), THREE, data=SAID),
    Row("assessments:item-charge", writes(302), ONE, data={"due_on": "2024-03-01"}),
    Row("assessments:item-steps", reads(), ONE),
]

WORK_GUESSED = [
    Row("assessments:item-statement", {}, NONE),
    Row("assessments:item-statement", {}, NONE, data=TYPED),
    Row("assessments:item-statement-back", {}, NONE | {"version": 1}, data={}),
    Row("assessments:item-note", {}, NONE, data=SAID),
    Row("assessments:item-comment", {}, NONE, data=SAID),
    Row("assessments:item-charge", {}, NONE, data={}),
    Row("assessments:item-steps", {}, NONE),
]
