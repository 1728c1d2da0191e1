"""Charts: one ECharts option, plain JSON, for the browser, the PDF and pages without scripts.

`stacked_bars`, `target_bars` and `doughnut` build options in the colours of the house; `svg` draws any option on the
server with the same ECharts in an embedded V8 (loaded at the first chart of a process: 0.1 s and 60 MB; then some 6 ms
a chart). Numbers in an option are for the eye: exact figures stand in the page's text and tables.
"""

import atexit
import ctypes
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from django.conf import settings
from py_mini_racer import DEFAULT_V8_FLAGS, MiniRacer, init_mini_racer

from tcm_demo.lib import colours

FONT = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Noto Sans SC, sans-serif"

# By default V8 locks its code to the thread that starts it and those below; closed from another, as a server's main
# thread does when it ends, the process crashes. The lock guards against foreign scripts, and only ECharts runs here.
_FLAGS = (*DEFAULT_V8_FLAGS, "--no-memory-protection-keys")

_DRAW = """
function draw(option, width, height) {
  const chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  try { chart.setOption(JSON.parse(option)); return chart.renderToSVGString(); } finally { chart.dispose(); }
}
"""


def svg(option: dict, width: int, height: int, font: str = FONT) -> str:
    """Draw `option` as an <svg> of width x height pixels; `font` is the font-family of all its text.

    Raises TypeError where the option is not plain JSON and py_mini_racer.JSEvalException where ECharts refuses it.
    """
    option = {**option, "textStyle": {**option.get("textStyle", {}), "fontFamily": font}}
    return _svg(json.dumps(option, ensure_ascii=False, sort_keys=True, allow_nan=False), width, height)


@lru_cache(maxsize=128)
def _svg(option: str, width: int, height: int) -> str:
    return _engine.draw(option, width, height)


class _Engine:
    """ECharts in V8: one for each process, one chart at a time."""

    def __init__(self):
        self._lock = threading.Lock()
        self._v8: MiniRacer | None = None

    def draw(self, option: str, width: int, height: int) -> str:
        with self._lock:
            if self._v8 is None:
                self._v8 = self._load()
            return self._v8.call("draw", option, width, height)

    @staticmethod
    def _load() -> MiniRacer:
        source = settings.NODE_MODULES / settings.NODE_FILES["vendor/echarts.min.js"]
        init_mini_racer(flags=_FLAGS, ignore_duplicate_init=True)
        # Made in a thread of its own: in one with an event loop V8 would lean on that loop, and wait for it for ever.
        with ThreadPoolExecutor(1) as thread:
            v8 = thread.submit(MiniRacer).result()
        v8.eval(source.read_text(encoding="utf-8"))
        v8.eval(_DRAW)
        return v8

    def close(self) -> None:
        """Before the interpreter ends: closing waits for a thread that is frozen then, and the process would hang."""
        with self._lock:
            if self._v8 is not None:
                self._v8.close()
                self._v8 = None

    def after_fork(self) -> None:
        """A child starts its own V8. The parent's has no threads here: closing it would hang, so it is never freed."""
        if self._v8 is not None:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._v8))
        self.__init__()


_engine = _Engine()
atexit.register(_engine.close)
os.register_at_fork(after_in_child=_engine.after_fork)


# ---- options -------------------------------------------------------------------------------------------------------

_LABEL = {"color": colours.TEXT, "fontSize": 12}
_SOFT = {"color": colours.TEXT_SOFT, "fontSize": 12}
_SYMBOLS = ("circle", "rect", "triangle", "diamond")


def bars_height(rows: int) -> int:
    """Pixels that horizontal bars need, with legend and axis."""
    return 64 + 30 * rows


def stacked_bars(names: list[str], series: list[tuple[str, list[int], str]], unit: str = "") -> dict:
    """Horizontal bars cut in parts: `names` from the top down, `series` as (what, one number a name, colour).

    Every number is written into its part; a part of none shows nothing. `unit` stands at the end of the axis.
    """
    return {
        **_base(),
        "legend": {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 12, "textStyle": _LABEL},
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "grid": _grid(top=36),
        "xAxis": {**_value_axis(), "minInterval": 1, "name": unit, "nameTextStyle": _SOFT},
        "yAxis": _name_axis(names),
        "series": [_stacked(what, numbers, colour) for what, numbers, colour in series],
    } | _narrow()


def _stacked(what: str, numbers: list[int], colour: str) -> dict:
    return {
        "type": "bar",
        "name": what,
        "stack": "all",
        "barMaxWidth": 18,
        "itemStyle": {"color": colour, "borderColor": "#ffffff", "borderWidth": 1},
        "label": {"show": True, "color": "#ffffff", "fontSize": 12, "fontWeight": "bold"},
        "data": [{"value": number, "label": {"show": bool(number)}} for number in numbers],
    }


def target_bars(
    bars: list[tuple[str, float | None, str]], target: float | None, unit: str = "", target_name: str = "目标"
) -> dict:
    """Horizontal bars against one target line: `bars` from the top down as (name, value or None, colour).

    A value of None (nothing known) draws no bar and says 无数据. Values and target come in the unit shown: 35, not
    0.35.
    """
    names = [name for name, _, _ in bars]
    data = [_target_bar(value, colour, target) for _, value, colour in bars]
    line = {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": colours.TEXT, "type": "solid", "width": 2},
        "label": {"formatter": f"{target_name} {{c}}{unit}", "position": "start", **_LABEL},
        "data": [{"xAxis": target}],
    }
    bar = {
        "type": "bar",
        "barMaxWidth": 18,
        "label": {"show": True, "position": "right", "formatter": f"{{c}}{unit}", **_LABEL},
        "data": data,
    }
    axis = _value_axis(unit)
    if target is not None:
        bar["markLine"] = line
        axis["max"] = _end([target, *(value for _, value, _ in bars if value is not None)])
        axis["axisLabel"]["showMaxLabel"] = axis["max"] == 100  # another end is no round figure
    return {
        **_base(),
        "tooltip": {"trigger": "item", "formatter": f"{{b}}：{{c}}{unit}"},
        "grid": _grid(top=28, right=64),
        "xAxis": axis,
        "yAxis": _name_axis(names),
        "series": [bar],
    } | _narrow()


def _target_bar(value: float | None, colour: str, target: float | None) -> dict:
    """Its number stands beyond its end; inside it where it would run into the line of a target just above."""
    if value is None:
        return {"value": 0, "label": {"formatter": "无数据", "color": colours.TEXT_SOFT}}
    bar = {"value": value, "itemStyle": {"color": colour}}
    if target is not None and target / 2 <= value < target:
        bar["label"] = {"position": "insideRight", "color": "#ffffff", "fontWeight": "bold"}
    return bar


def _end(figures: list[float]) -> float:
    """Where the axis ends, so that neither the longest bar nor the target is cut off. A percentage ends at 100."""
    top = max(figures)
    return 100 if 50 <= top <= 100 else float(f"{top * 1.15:.2g}")


def lines(names: list[str], series: list[tuple[str, list[int | None]]]) -> dict:
    """One line a series over `names` from left to right; None leaves a gap. Colours and signs change, so that no two
    lines look the same; a few lines bear their names at their ends."""
    named = len(series) <= len(colours.LINES)
    return {
        **_base(),
        "legend": {"top": 0, "left": 0, "type": "scroll", "itemHeight": 8, "textStyle": _LABEL},
        "tooltip": {"trigger": "axis"},
        "grid": _grid(top=36, right=88),
        "xAxis": {"type": "category", "data": names, "axisLabel": _LABEL},
        "yAxis": {**_value_axis(), "minInterval": 1},
        "series": [_line(number, what, values, named) for number, (what, values) in enumerate(series)],
    }


def _line(number: int, what: str, values: list[int | None], named: bool) -> dict:
    colour = colours.LINES[number % len(colours.LINES)]
    return {
        "type": "line",
        "name": what,
        "data": values,
        "symbol": _SYMBOLS[number // len(colours.LINES) % len(_SYMBOLS)],
        "symbolSize": 8,
        "lineStyle": {"color": colour, "width": 2},
        "itemStyle": {"color": colour},
        "endLabel": {"show": named, "formatter": "{a}", "color": colour, "fontSize": 12},
        "labelLayout": {"moveOverlap": "shiftY"},
    }


def doughnut(parts: list[tuple[str, int, str]], centre: str = "", below: str = "") -> dict:
    """A ring of (name, number, colour), each named with its number; `centre` and `below` are the words inside it."""
    shown = [
        {"name": name, "value": number, "itemStyle": {"color": colour}} for name, number, colour in parts if number
    ]
    return {
        **_base(),
        "tooltip": {"trigger": "item", "formatter": "{b}：{c}"},
        "title": {
            "text": centre,
            "subtext": below,
            "left": "center",
            "top": "40%",
            "itemGap": 4,
            "textStyle": {"color": colours.TEXT, "fontSize": 24, "fontWeight": "bold"},
            "subtextStyle": _SOFT,
        },
        "series": [
            {
                "type": "pie",
                "radius": ["46%", "66%"],
                "itemStyle": {"borderColor": "#ffffff", "borderWidth": 2},
                "label": {"formatter": "{b} {c}", **_LABEL},
                "labelLine": {"length": 8, "length2": 8},
                "data": shown,
            }
        ],
    }


def _base() -> dict:
    return {"animation": False, "textStyle": {"fontFamily": FONT}}


def _grid(top: int, right: int = 24) -> dict:
    return {"left": 4, "right": right, "top": top, "bottom": 4, "containLabel": True}


def _value_axis(unit: str = "") -> dict:
    return {
        "type": "value",
        "axisLabel": {**_SOFT, "formatter": f"{{value}}{unit}"},
        "splitLine": {"lineStyle": {"color": colours.LINE}},
    }


def _name_axis(names: list[str]) -> dict:
    return {
        "type": "category",
        "data": names,
        "inverse": True,
        "axisLabel": {**_LABEL, "width": 190, "overflow": "truncate"},
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": colours.INCOMPLETE}},
    }


def _narrow() -> dict:
    """On a phone the names take less, so that the bars keep their room."""
    return {"media": [{"query": {"maxWidth": 480}, "option": {"yAxis": {"axisLabel": {"width": 104}}}}]}
