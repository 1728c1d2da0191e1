"""Lights: how a state looks everywhere. Each has a colour, a sign and a word, so that none depends on colour.

On screen a sign is drawn (templates/components/sign.html); as text, for workbooks and plain lines, it is a character of
GBK, which every Chinese font has.
"""

from dataclasses import dataclass

from tcm_demo.lib import colours


@dataclass(frozen=True)
class Light:
    """`tone` names the CSS class (`light-<tone>`, `tile-<tone>`, `fill-<tone>`), `colour` fills bars and charts."""

    tone: str
    sign: str
    word: str
    colour: str


def _tones(word_by_code: dict[str, str], tone: str, sign: str, colour: str) -> dict[str, Light]:
    return {code: Light(tone, sign, word, colour) for code, word in word_by_code.items()}


# A state without a word here is named by whoever shows it, from its enum's label.
LIGHTS: dict[str, Light] = {
    **_tones({"met": "达标", "accepted": "", "above": "不低于目标", "fits": "满足"}, "met", "√", colours.MET),
    **_tones(
        {"nearly": "基本达标", "submitted": "", "below": "低于目标", "misfits": "不满足"}, "nearly", "△", colours.NEARLY
    ),
    **_tones({"unmet": "未达标", "failing": "", "returned": ""}, "unmet", "×", colours.UNMET),
    **_tones(
        {"incomplete": "数据不全", "undecided": "数据不全", "no_data": "无数据", "open": "", "draft": ""},
        "incomplete",
        "…",
        colours.INCOMPLETE,
    ),
    **_tones({"not_applicable": "不适用", "counted": "计入合计", "not_begun": ""}, "idle", "—", "#d3d1ca"),
}


def light(code: str, word: str = "") -> Light:
    """The light of a state. `word` replaces its own; a state that has none needs it.

    Raises ValueError for an unknown state and for a missing word: a light must never be colour alone.
    """
    found = LIGHTS.get(str(code))
    if found is None:
        raise ValueError(f"no light for state {code!r}; known: {', '.join(LIGHTS)}")
    if not (word or found.word):
        raise ValueError(f"the light of {code!r} needs a word, such as its enum's label")
    return Light(found.tone, found.sign, str(word or found.word), found.colour)
