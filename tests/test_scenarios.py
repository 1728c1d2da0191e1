"""Every rule of the scoring paper as a scenario that the bureau can read: tests/scenarios/*.yaml.

A scenario is put into the database and scored through the service that pages and commands use.
"""

from dataclasses import asdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from django.utils import timezone

from assessments import services
from assessments.enums import EvidenceState
from assessments.models import EvidenceJudgement
from assessments.scoring.display import figure
from assessments.words import STATUS
from indicators.dictionary_file import read_dictionary
from indicators.enums import InstitutionType, Level
from indicators.models import Criterion, Element, EvidenceRequirement, Item, Section, Standard
from institutions.enums import ReportState
from institutions.models import County, Institution, Report

FILES = sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))
SCENARIOS = [
    pytest.param(scenario, id=f"{file.stem}-{i}")
    for file in FILES
    for i, scenario in enumerate(yaml.safe_load(file.read_text("utf-8"))["情形"], 1)
]
TYPES = {label: value for value, label in InstitutionType.choices} | {"全部": "all"}
LEVELS = {label: value for value, label in Level.choices}
EVIDENCE = {label: value for value, label in EvidenceState.choices}
REPORT_STATES = {label: value for value, label in ReportState.choices}


@pytest.fixture(scope="module")
def elements():
    faults = []
    read = read_dictionary(Path("fixtures/elements.yaml"), faults)
    assert not faults
    return [asdict(element) for element in read.content.elements]


@pytest.fixture
def dictionary(db, elements):
    Element.objects.bulk_create(Element(**element, position=i) for i, element in enumerate(elements))


def test_every_rule_has_a_scenario():
    assert [yaml.safe_load(file.read_text("utf-8"))["规则"] for file in FILES] == list(range(1, 14))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario, dictionary):
    period = scenario["填报期"]
    county = County.objects.create(code="X", name="某县")
    item = make_item(scenario)
    for row in scenario["机构"]:
        make_institution(county, row, period)
    for row in scenario.get("佐证", []):
        make_evidence(county, item, row, period)
    if "存档后改为" in scenario:
        check_the_snapshot_stays(scenario, county, item.standard, period)
    check(services.score(county, item.standard, period).result, scenario["应得"])


def make_item(scenario) -> Item:
    standard = Standard.objects.create(code="x", version="1", title="某标准", source_date=date(2023, 1, 1), digest="x")
    section = Section.objects.create(standard=standard, number=1, name="部分")
    item = Item.objects.create(
        standard=standard, section=section, number="1", title="条目", requirement="-", points=scenario.get("分值")
    )
    for position, row in enumerate(scenario["指标"]):
        comparator, target = row["要求"].split(" ", 1)
        Criterion.objects.create(
            item=item,
            code=row["编号"],
            name=row["编号"],
            level=LEVELS[row.get("级别", "必达")],
            scope=[TYPES[label] for label in row["适用"]],
            expression=row["公式"],
            comparator=comparator,
            target=target,
            unit=row.get("单位", ""),
            position=position,
        )
    return item


def make_institution(county, row, period) -> None:
    institution = Institution.objects.create(
        county=county,
        code=row["编码"],
        name=row["编码"],
        type=TYPES[row["类型"]],
        opened_on=row.get("启用"),
        closed_on=row.get("停用"),
    )
    if row["填报"] != "无":
        state = REPORT_STATES[row.get("状态", "已接受")]
        values = values_by_code(row["填报"])
        accepted = values if state == ReportState.ACCEPTED else {}
        Report.objects.create(
            institution=institution,
            period=period,
            state=state,
            values=values,
            accepted=accepted,
            updated_at=timezone.now(),
        )


def values_by_code(values: dict) -> dict:
    by_name = {e.name: e for e in Element.objects.all()}
    return {by_name[name].code: {"是": True, "否": False}.get(value, value) for name, value in values.items()}


def make_evidence(county, item, row, period) -> None:
    requirement = EvidenceRequirement.objects.create(
        item=item, code=row["编号"], text=row["编号"], required=row.get("必备", True) in (True, "是")
    )
    said = {"state": EVIDENCE[row["结论"]], "reason": "看过原件", "judged_at": timezone.now()}
    EvidenceJudgement.objects.create(county=county, requirement=requirement, period=period, **said)


def check_the_snapshot_stays(scenario, county, standard, period) -> None:
    snapshot = services.save_assessment(county, standard, period)
    again = services.save_assessment(county, standard, period)
    assert again.digest == snapshot.digest
    for code, values in scenario["存档后改为"].items():
        figures = values_by_code(values)
        Report.objects.filter(institution__code=code).update(values=figures, accepted=figures)
    assert services.save_assessment(county, standard, period).digest != snapshot.digest
    snapshot.refresh_from_db()
    assert services.digest_of(snapshot.result) == snapshot.digest
    check(snapshot.result, scenario["存档应得"])


def check(result: dict, expected: dict) -> None:
    item = result["items"][0]
    criteria = {criterion["code"]: criterion for criterion in item["criteria"]}
    for code, wanted in expected.items():
        if code == "条目":
            assert STATUS[item["status"]] == wanted["结论"]
            assert Fraction(item["earned"]) == Fraction(wanted["得分"])
        else:
            found = {name: FOUND[name](criteria[code]) for name in wanted}
            assert found == {name: WANTED.get(name, str)(value) for name, value in wanted.items()}, code


def exact(text) -> str:
    return "未知" if text in (None, "未知") else str(Fraction(text))


# how each line of 应得 is found in a criterion's result, and how its text is read
FOUND = {
    "结论": lambda c: "无数据" if c["status"] == "no_data" else STATUS[c["status"]],
    "数值": lambda c: exact(c["value"]),
    "目标": lambda c: exact(c["target"]),
    "显示": lambda c: figure(Fraction(c["value"]), "%", Fraction(c["target"])),
    "范围": lambda c: [exact(end) for end in c["range"]],
    "已报": lambda c: f"{c['reported']}/{c['due']}",
    "暂算": lambda c: "是" if c["reported"] < c["due"] else "否",
    "还差机构": lambda c: str(c["shortfall"]["count"]),
    "还差转化": lambda c: str(c["shortfall"]["convert"]),
    "还差新增": lambda c: str(c["shortfall"]["add"]),
    "有余地的机构": lambda c: [room["institution"] for room in c["shortfall"]["room"]],
    "不达标的机构": lambda c: set(c["failing"]),
    "数据不全的机构": lambda c: set(c["unknown"]),
    "各机构差距": lambda c: {
        entry["institution"]: sum(gap["convert"] or 0 for gap in entry["gaps"])
        for entry in c["shortfall"]["of"]
        if entry["institution"] in c["failing"]
    },
}
WANTED = {
    "数值": exact,
    "目标": exact,
    "范围": lambda ends: [exact(end) for end in ends],
    "有余地的机构": list,
    "不达标的机构": set,
    "数据不全的机构": set,
    "各机构差距": dict,
    "暂算": lambda text: "是" if text in (True, "是") else "否",
}
