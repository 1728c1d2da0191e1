"""Whether a sureness means something: of the parts that the reader is sure of, how many are right."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction

from indicators.plans.departments import key_of
from indicators.plans.proposal import HIGH, LOW, MEDIUM, Plan

WORDS = {HIGH: "可靠", MEDIUM: "较可靠", LOW: "请核对"}
Row = tuple[str, str, Fraction, str]


def judged(
    plan: Plan, items: Counter, pairs: Counter, figures: Counter[Row], spelled: Callable[[str], str] = lambda key: key
) -> Counter:
    """(kind, sureness, whether right) -> how many parts; each part that is wanted is right once."""
    count: Counter = Counter()
    left = {"条目": items.copy(), "部门": pairs.copy(), "数": figures.copy()}
    for kind, sureness, key in parts_of(plan, spelled):
        right = left[kind][key] > 0
        left[kind][key] -= right
        count[kind, sureness, right] += 1
    return count


def parts_of(plan: Plan, spelled: Callable[[str], str]):
    for item in plan.items:
        yield "条目", item.sureness, item.number
        for each in (*item.lead, *item.cooperating):
            yield "部门", each.sureness, (item.number, spelled(key_of(each.name)))
        for each in item.thresholds:
            yield "数", each.sureness, (item.number, each.comparator, each.value, each.unit)


def in_words(count: Counter) -> list[str]:
    """A line for each kind and one for all: how many of each sureness are right."""
    lines = []
    for kind in ("条目", "部门", "数", "合计"):
        shown = []
        for sureness, word in WORDS.items():
            of_it = {key: n for key, n in count.items() if key[1] == sureness and kind in (key[0], "合计")}
            right, whole = sum(n for key, n in of_it.items() if key[2]), sum(of_it.values())
            shown.append(f"{word} {right}/{whole} {right * 100 / whole:.0f}%" if whole else f"{word} —")
        lines.append(f"{kind}：" + "，".join(shown))
    return lines
