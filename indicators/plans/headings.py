"""What the headings of a table's columns say of them."""

import re

from indicators.plans.folding import folded

# the first that fits
_COLUMNS = [
    ("number", r"序\s*号|编号|项次|No\.?"),
    (
        "lead",
        r"(?:牵头|责任|负责|主要责任|主责|主办|承办|实施)(?:责任)?(?:单位|部门|科室|处室|股室)(?:及责任人)?",
    ),
    ("cooperating", r"(?:配合|协同|协办|参与|参加|协助)(?:责任)?(?:单位|部门|科室|处室|股室)"),
    ("person", r"(?:牵头|责任|分管|包保|市级|县级|区级)?(?:领导|负责人|责任人|联系人|联络员)"),
    ("due", r"(?:完成)?(?:时限|时间|期限)(?:要求)?|完成(?:时间|日期)|时间节点"),
    ("now", r".{0,8}(?:现状值?|基期值?|基数|基准值|完成值|实际值?|实绩|完成情况)"),
    (
        "target",
        r".{0,8}(?:目标值?|指标值|量化指标|量化目标|量化要求|(?:19|20)\d\d年(?:度|底)?|目标要求|标准值|要求值|达标要求|达标值|目标任务值)",
    ),
    ("category", r"分类|类别|维度|领域|方面|一级指标|任务类别|指标类别|板块|重点领域"),
    (
        "text",
        r".{0,4}(?:指标内容|指标名称|指标|任务内容|任务|工作内容|具体内容|建设内容|考核内容|内容|主要任务|工作任务|重点任务|"
        r"事项|举措|措施|要求|标准|项目)",
    ),
    ("unit", r"(?:计量)?单位"),
    ("remark", r"备注|说明|指标性质|指标属性|属性|分值|得分|数据来源|计算方法.*"),
]
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _COLUMNS]
_BLANK = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def kind_of(heading: str) -> str | None:
    """What a column with this heading holds; None where it is no heading."""
    together = _BLANK.sub("", heading.strip())
    plain = folded(re.sub(r"[\s（(].*$", "", together))
    return next((kind for kind, pattern in _PATTERNS if pattern.fullmatch(plain)), None)
