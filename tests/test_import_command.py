"""manage.py import_ledger: what it prints, what it writes, and its exit code."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from institutions.models import County, Institution, Report
from tests.ledgers import CENTRE, REAL_LEDGER, load_dictionary, make_county, registry, sheet, xlsx

GOOD = sheet("数据", ["机构编码", "总诊疗人次", "门诊总量"], ["T1", 100, 7])
BAD = sheet("数据", ["机构编码", "总诊疗人次"], ["T1", "若干"])


@pytest.fixture
def county(db):
    return make_county()


@pytest.fixture
def file(tmp_path):
    def write(*sheets, name="台账.xlsx"):
        path = tmp_path / name
        path.write_bytes(xlsx(*sheets))
        return str(path)

    return write


def run(path, *arguments, county="X", period="2023") -> tuple[int, str]:
    """Exit code and what was printed."""
    out = io.StringIO()
    try:
        call_command("import_ledger", path, "--county", county, "--period", period, *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def run_json(path, *arguments, **more) -> tuple[int, dict]:
    out = io.StringIO()
    code = 0
    options = ("--county", more.get("county", "X"), "--period", more.get("period", "2023"), "--format", "json")
    try:
        call_command("import_ledger", path, *options, *arguments, stdout=out)
    except CommandError as error:
        code = error.returncode
    return code, json.loads(out.getvalue())


def test_the_real_ledger_makes_its_county_and_goes_in(db):
    load_dictionary()
    code, text = run(str(REAL_LEDGER), "--county-name", "演示区", county="DEMO")
    assert code == 0
    assert "新增 341 家，变更 0 家，停用 9 家" in text
    assert "新增数值 10486 个，改动数值 0 个" in text
    assert "已写入" in text
    assert County.objects.get().name == "演示区"
    code, text = run(str(REAL_LEDGER), county="DEMO")
    assert code == 0
    assert "没有变化" in text


def test_problems_are_listed_one_a_line_and_nothing_is_written(county, file):
    code, text = run(file(registry(CENTRE), BAD))
    assert code == 1
    (line,) = [line for line in text.splitlines() if line.startswith("问题：")]
    assert line == "问题：数据!B2 “若干”不是数字。改填数字；没有数据请留空。"
    assert "没有写入任何数据" in text
    assert Institution.objects.count() == 0


def test_json_tells_the_same(county, file):
    path = file(registry(CENTRE), BAD)
    code, answer = run_json(path)
    assert code == 1
    assert (answer["county"], answer["period"], answer["file"], answer["written"]) == ("X", "2023", "台账.xlsx", False)
    assert answer["problems"] == [
        {
            "code": "not_a_number",
            "sheet": "数据",
            "cell": "B2",
            "value": "若干",
            "reason": "不是数字",
            "mend": "改填数字；没有数据请留空。",
        }
    ]


def test_json_of_an_import_tells_differences_and_columns(county, file):
    code, answer = run_json(file(registry(CENTRE), GOOD))
    assert (code, answer["written"], answer["problems"]) == (0, True, [])
    differences = answer["differences"]
    assert (differences["institutions_created"], differences["values_new"], differences["values_overwritten"]) == (
        1,
        1,
        0,
    )
    assert differences["institutions"] == [{"kind": "created", "code": "T1", "name": "东镇卫生院"}]
    assert answer["columns"]["matched"] == [
        {"sheet": "数据", "cell": "B1", "heading": "总诊疗人次", "element": "visits"}
    ]
    (unmatched,) = answer["columns"]["unmatched"]
    assert (unmatched["cell"], unmatched["heading"], unmatched["samples"]) == ("C1", "门诊总量", ["7"])
    changed = sheet("数据", ["机构编码", "总诊疗人次"], ["T1", 120])
    _, answer = run_json(file(changed))
    assert answer["differences"]["overwritten"] == [
        {"institution": "T1", "element": "visits", "old": 100, "new": 120, "sheet": "数据", "cell": "B2"}
    ]


def test_a_dry_run_writes_nothing_not_even_the_county(db, file):
    load_dictionary()
    path = file(registry(CENTRE), GOOD)
    code, text = run(path, "--county-name", "某县", "--dry-run")
    assert code == 0
    assert "试运行，没有写入" in text
    assert (County.objects.count(), Institution.objects.count(), Report.objects.count()) == (0, 0, 0)
    _, answer = run_json(path, "--county-name", "某县", "--dry-run")
    assert (answer["written"], answer["differences"]["values_new"]) == (False, 1)


def test_a_county_made_for_a_ledger_with_problems_goes_again(db, file):
    load_dictionary()
    code, _ = run(file(registry(CENTRE), BAD), "--county-name", "某县")
    assert code == 1
    assert County.objects.count() == 0


@pytest.mark.parametrize(
    ("code", "name", "sentence"),
    [
        ("..", "某县", "县（区）代码（--county）：编码不能是“..”"),
        ("a\\b", "某县", "县（区）代码（--county）：编码里不能有“\\”"),
        ("  ", "某县", "县（区）代码（--county）：编码里不能有“空格”"),
        ("9" * 50, "某县", "县（区）代码（--county）：确保该变量包含不超过 30"),
        ("Y", "  ", "县（区）名称（--county-name）：名称不能只有空格"),
        ("Y", "某\x07县", "县（区）名称（--county-name）：名称里有看不见的控制字符"),
        ("Y", "县" * 300, "县（区）名称（--county-name）：确保该变量包含不超过 60"),
    ],
)
def test_a_county_that_cannot_be_made_is_refused_option_by_option(db, file, code, name, sentence):
    load_dictionary()
    status, text = run(file(registry(CENTRE), GOOD), "--county-name", name, county=code)
    assert status == 1
    assert sentence in text
    assert County.objects.count() == 0


def test_a_file_of_headings_makes_no_county(db, file):
    load_dictionary()
    code, text = run(file(registry(), sheet("数据", ["机构编码", "总诊疗人次"])), "--county-name", "某县")
    assert code == 1
    assert "只有表头" in text
    assert County.objects.count() == 0


def test_an_unknown_county_needs_a_name(db, file):
    load_dictionary()
    code, text = run(file(registry(CENTRE), GOOD))
    assert code == 1
    assert "--county-name" in text


@pytest.mark.parametrize(("period", "word"), [("23", "填报期"), ("2023-13", "填报期"), ("2022", "填报期")])
def test_a_period_that_is_none_or_another_one(county, file, period, word):
    titled = sheet("数据", ["台账（2023年度）"], ["机构编码", "总诊疗人次"], ["T1", 1])
    code, text = run(file(registry(CENTRE), titled), period=period)
    assert code == 1
    assert word in text


@pytest.mark.parametrize(
    ("content", "word"), [(None, "找不到"), (b"", "空的"), (b"MZ" + bytes(99), "可执行程序"), (b"PK\x03\x04aa", "损坏")]
)
def test_a_file_that_cannot_be_read(county, tmp_path, content, word):
    path = tmp_path / "台账.xlsx"
    if content is not None:
        path.write_bytes(content)
    code, text = run(str(path))
    assert code == 1
    assert word in text
    code, answer = run_json(str(path))
    assert code == 1
    assert word in answer["error"]
    assert len(answer["problems"]) == 1


def test_unknown_or_missing_arguments_are_refused(county, file):
    path = file(registry(CENTRE), GOOD)
    with pytest.raises(CommandError, match="nonsense"):
        call_command("import_ledger", path, "--county", "X", "--period", "2023", "--nonsense")
    with pytest.raises(CommandError, match="period"):
        call_command("import_ledger", path, "--county", "X")
    with pytest.raises(CommandError, match="xml"):
        call_command("import_ledger", path, "--county", "X", "--period", "2023", "--format", "xml")
    assert Report.objects.count() == 0
