"""Charts: one option for browser, PDF and pages without scripts."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import weasyprint
from django.conf import settings
from django.template import Context, Template

from tcm_demo.lib import charts, colours

SECTIONS = ["一、组织领导", "四、服务体系"]
SERIES = [("达标", [4, 0], colours.MET), ("未达标", [2, 3], colours.UNMET)]
SHARES = [
    ("朱台镇卫生院", 36.51, colours.MET),
    ("金山镇卫生院", 34.99, colours.UNMET),
    ("皇城镇卫生院", None, colours.INK),
]


def options():
    return {
        "stacked": charts.stacked_bars(SECTIONS, SERIES, "条"),
        "target": charts.target_bars(SHARES, 35, "%"),
        "no target": charts.target_bars(SHARES, None, "%"),
        "lines": charts.lines(["2024-03", "2024-04"], [("甲县", [None, 3]), ("乙县", [1, 2])]),
        "ring": charts.doughnut([("达标", 14, colours.MET), ("数据不全", 0, colours.INCOMPLETE)], "14/42", "达标条目"),
    }


@pytest.mark.parametrize("name", options())
def test_an_option_is_plain_json_that_echarts_draws(name):
    option = options()[name]
    assert json.loads(json.dumps(option)) == option
    drawn = charts.svg(option, 600, 300)
    assert drawn.startswith('<svg width="600" height="300"')
    assert "NaN" not in drawn


def test_stacked_bars_name_every_row_and_part_but_write_no_zero():
    drawn = charts.svg(charts.stacked_bars(SECTIONS, SERIES, "条"), 600, 200)
    for words in (*SECTIONS, "达标", "未达标"):
        assert f">{words}<" in drawn
    first, second = charts.stacked_bars(SECTIONS, SERIES)["series"][0]["data"]
    assert (first["label"]["show"], second["label"]["show"]) == (True, False)


def test_a_few_lines_bear_their_names_and_many_do_not():
    many = [(f"县{number}", [number]) for number in range(8)]
    ends = [{each["endLabel"]["show"] for each in charts.lines(["1"], n)["series"]} for n in (many[:3], many)]
    assert ends == [{True}, {False}]
    looks = {(each["symbol"], each["lineStyle"]["color"]) for each in charts.lines(["1"], many)["series"]}
    assert len(looks) == len(many)


def test_target_bars_show_target_values_and_what_is_unknown():
    drawn = charts.svg(charts.target_bars(SHARES, 35, "%"), 700, 200)
    assert "目标 35%" in drawn
    assert "34.99%" in drawn
    assert "无数据" in drawn
    assert colours.UNMET in drawn


@pytest.mark.parametrize(("values", "target"), [([12.0, 20.0], 90), ([99.0, 3.0], 35), ([0.2, 0.7], 0.6), ([7.0], 4)])
def test_the_axis_reaches_beyond_the_target_and_every_value(values, target):
    option = charts.target_bars([(f"机构{n}", value, colours.INK) for n, value in enumerate(values)], target)
    assert option["xAxis"]["max"] >= max([*values, target])


def test_a_ring_leaves_out_what_there_is_none_of():
    assert [part["name"] for part in options()["ring"]["series"][0]["data"]] == ["达标"]


def test_all_text_takes_the_font_asked_for():
    drawn = charts.svg(options()["stacked"], 600, 300, font="County Serif, serif")
    assert "font-family:County Serif, serif" in drawn
    assert "Microsoft YaHei" not in drawn


def test_what_is_not_plain_json_is_refused():
    with pytest.raises(TypeError):
        charts.svg({"series": {1, 2}}, 300, 200)


def test_weasyprint_takes_the_picture():
    page = f'<meta charset="utf-8">{charts.svg(options()["target"], 600, 300)}'
    assert weasyprint.HTML(string=page).write_pdf().startswith(b"%PDF")


def test_many_threads_draw_at_once():
    def draw(number: int) -> str:
        return charts.svg(charts.doughnut([(f"第{number}部分", number, colours.MET)]), 300, 200)

    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(draw, range(1, 17)))
    assert all(f"第{number}部分 {number}" in picture for number, picture in enumerate(drawn, start=1))


# Programs of their own, since each is about how a whole process lives and ends.
DRAW = """
import asyncio, os, sys, threading, django
django.setup()
from tcm_demo.lib import charts

def draw(who):
    options = [charts.stacked_bars([f"{who} {n}"] * 7, [("x", [1] * 7, "#000000")] * 4) for n in range(20)]
    return [charts.svg(option, 600, 200) for option in options]

def draw_in_a_thread(who):
    thread = threading.Thread(target=draw, args=[who])
    thread.start()
    thread.join()

"""
FORKED = """
draw("parent")
child = os.fork()
if child == 0:
    sys.exit(0 if "child 19" in draw("child")[-1] else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
FIRST_IN_A_THREAD = """
draw_in_a_thread("first")
draw_in_a_thread("second")
draw("main")
"""
WITHIN_AN_EVENT_LOOP = """
async def main():
    draw("loop")
    draw_in_a_thread("thread")
asyncio.run(main())
"""


@pytest.mark.parametrize("code", [FORKED, FIRST_IN_A_THREAD, FIRST_IN_A_THREAD + FORKED, WITHIN_AN_EVENT_LOOP])
def test_whoever_draws_first_others_draw_too_and_the_process_ends_well(code):
    """V8 has threads of its own and is tied to the one that starts it; servers fork, draw in any thread, and end."""
    done = subprocess.run([sys.executable, "-c", DRAW + code], cwd=settings.BASE_DIR, timeout=60, check=False)
    assert done.returncode == 0


def test_the_tag_writes_the_option_safely_and_a_still_picture_for_pages_without_scripts():
    option = charts.doughnut([("</script><script>alert(1)</script>", 3, colours.MET)])
    html = Template('{% chart option label="构成：达标 3" height=200 %}').render(Context({"option": option}))
    assert 'role="img" aria-label="构成：达标 3"' in html
    assert "alert(1)</script>" not in html
    written = html.split('<script type="application/json">')[1].split("</script>")[0]
    assert json.loads(written) == option
    assert "<svg" in html.split("<noscript>")[1]
