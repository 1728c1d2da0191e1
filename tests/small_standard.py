"""A standard of two items with its dictionary, small enough to read in a test and to break one line at a time."""

from pathlib import Path

ELEMENTS = """\
elements:
  - code: physicians
    name: 医师数
    group: 人员
    type: integer
    unit: 人
    reported_by: [tcm_hospital, township_centre]
    aliases: [医师总数]
  - code: tcm_physicians
    name: 中医医师数
    group: 人员
    type: integer
    unit: 人
    reported_by: [tcm_hospital, township_centre]
  - code: has_hall
    name: 设有中医馆
    group: 设施
    type: boolean
    reported_by: [township_centre]
  - code: grade
    name: 医院等级
    group: 设施
    type: choice
    reported_by: [tcm_hospital]
    choices: {0: 未定级, 1: 二级甲等}
  - code: fund
    name: 专项资金
    group: 县级
    type: decimal
    unit: 万元
    reported_by: [county]
    maximum: 1000
checks:
  - rule: tcm_physicians <= physicians
    message: 中医医师数不能大于医师数
"""

STANDARD = """\
standard:
  code: small
  version: "1"
  state: draft
  title: 小标准
  source: {document: 小方案, number: 1 号, date: 2023-12-21}
  items: 2
departments:
  - name: 卫生健康局
    aliases: [卫健局]
  - name: 财政局
  - name: 成员单位
    members: [卫生健康局, 财政局]
phases:
  - {name: 准备, start: 2023-09-01, end: 2023-09-30, tasks: [定方案]}
sections:
  - number: 1
    name: 组织管理
    items:
      - number: "1"
        title: 专项资金
        requirement: 安排专项资金。
        lead: [财政局]
        cooperating: [卫健局]
        points: 2.5
        evidence:
          - {code: "01-01", text: 预算批复}
          - {code: "01-02", text: 访谈记录, required: false}
        criteria:
          - code: "1.1"
            name: 安排专项资金
            level: hard
            scope: [county]
            formula: sum(fund)
            comparator: ">"
            target: 0
            unit: 万元
            note: 按预算
  - number: 2
    name: 服务体系
    items:
      - number: "2"
        title: 中医馆
        requirement: 设中医馆。
        lead: [卫生健康局]
        criteria:
          - code: "2.1"
            name: 镇卫生院设中医馆
            level: hard
            scope: [township_centre]
            formula: share(has_hall)
            comparator: ">="
            target: 100%
"""


def write_files(folder: Path, standard: str = STANDARD, elements: str = ELEMENTS) -> tuple[Path, Path]:
    """(the standard's file, the dictionary's file)"""
    files = folder / "small.yaml", folder / "elements.yaml"
    for file, text in zip(files, (standard, elements), strict=True):
        file.write_text(text, encoding="utf-8")
    return files


def changed(text: str, old: str, new: str) -> str:
    """The text with one place changed; that there is exactly one is checked."""
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times"
    return text.replace(old, new)
