"""How much of a published plan the reader finds, and how much of what it says is wrong.

Usage: python scripts/bench_plans.py [DIRECTORY] (or the environment variable PLANS) with the plans' texts as .txt; they
are compared with fixtures/standards and with tests/plans/figures, which people worked out from the texts. The plans
in tests/plans, in other styles, are measured too; how far its sureness can be trusted (bench_sureness); and how often a
figure is put to the right known criterion (bench_fits).
"""

import os
import sys
import unicodedata
from collections import Counter
from fractions import Fraction
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import bench_fits  # noqa: E402
import bench_sureness  # noqa: E402

from indicators.plans import read_plan  # noqa: E402
from indicators.plans.departments import key_of  # noqa: E402
from indicators.plans.proposal import LOW, Plan  # noqa: E402

OWN = ROOT / "tests/plans"
KINDS = ("条目", "部门", "数")


class Score:
    """Of one kind: how many there are, are found, and are proposed wrongly."""

    def __init__(self, wanted: Counter | None = None, proposed: Counter | None = None):
        wanted, proposed = wanted or Counter(), proposed or Counter()
        self.wanted, self.proposed = wanted.total(), proposed.total()
        self.found = (wanted & proposed).total()
        self.wrong = (proposed - wanted).total()

    def __iadd__(self, other: "Score") -> "Score":
        for name in ("wanted", "proposed", "found", "wrong"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


def main() -> None:
    given = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("PLANS", "")
    texts = sorted(Path(given).glob("*.txt")) if given and Path(given).is_dir() else []
    if not texts:
        print(f"没有方案原文（{given or '没有给出目录，也没有设 PLANS'}），只量仓库里自拟的方案。")
    measured = [(path.stem, scores) for path in texts if (scores := against_standard(path))]
    if measured:
        show("对照 fixtures/standards 和 tests/plans/figures", measured)
        print("部门：条目里写明的，按“条目—部门”逐对数；条目不写、只在职责分工里写的，数列出的部门；都不写的不数。")
        for path in texts:
            show_inferred(path)
    own = sorted(OWN.glob("*.txt"))
    show("对照 tests/plans 自拟的方案", [(path.stem, against_own(path)) for path in own])
    print("错：读出而方案里没有的，占读出的。一个范围（0.6—0.8）算上下两个数。")
    show_others()
    show_sureness([path for path in texts if standard_of(path)], own)
    show_fits([path for path in texts if standard_of(path)])


def against_standard(path: Path) -> dict[str, Score] | None:
    """None where there is no standard of that name."""
    standard = standard_of(path)
    if standard is None:
        print(f"{path.name}：fixtures/standards 里没有对应的建设标准，没有量。")
        return None
    plan = read_plan(path.read_text(encoding="utf-8"))
    items = {str(item["number"]): item for section in standard["sections"] for item in section["items"]}
    scores = {"条目": Score(Counter(list(items)), Counter(item.number for item in plan.items))}
    scores["部门"] = departments(plan, standard, items)
    if rows := stated_figures(standard):
        scores["数"] = thresholds(plan, rows)
    return scores


def stated_figures(standard: dict) -> list[tuple]:
    figures = OWN / "figures" / f"{standard['standard']['code']}.yaml"
    stated = yaml.safe_load(figures.read_text(encoding="utf-8"))["条目"] if figures.exists() else {}
    return [(str(number), f["comparator"], f["value"], f["unit"]) for number, each in stated.items() for f in each]


def standard_of(path: Path) -> dict | None:
    """linzi.txt is linzi-2023.yaml."""
    found = sorted((ROOT / "fixtures/standards").glob(f"{path.stem}-*.yaml"))
    return yaml.safe_load(found[-1].read_text(encoding="utf-8")) if found else None


def show_inferred(path: Path) -> None:
    """Where departments are proposed by their duties alone: how far the proposal agrees with the standard's own."""
    standard, plan = standard_of(path), read_plan(path.read_text(encoding="utf-8"))
    if standard is None or names_departments(plan) or not any(item.lead for item in plan.items):
        return
    items = {str(item["number"]): item for section in standard["sections"] for item in section["items"]}
    spelling = spellings(standard)
    leads = {number: spelling[key_of(item["lead"][0])] for number, item in items.items()}
    proposed = {item.number: key_of(item.lead[0].name) for item in plan.items if item.lead}
    same = sum(spelling.get(name, name) == leads.get(number) for number, name in proposed.items())
    score = Score(wanted_pairs(items, spelling), pairs_of(plan, spelling))
    print(
        f"{path.stem}：条目没有写部门，按职责推断（都标明要核对）。牵头部门与建设标准相同 {share(same, len(leads))}；"
        f"“条目—部门”相同 {share(score.found, score.wanted)}，不同 {share(score.wrong, score.proposed)}。"
    )


def against_own(path: Path) -> dict[str, Score]:
    items, pairs, rows = worked_out(path)
    plan = read_plan(path.read_text(encoding="utf-8"))
    return {
        "条目": Score(items, Counter(item.number for item in plan.items)),
        "部门": Score(pairs, pairs_of(plan, {})),
        "数": thresholds(plan, rows),
    }


def worked_out(path: Path) -> tuple[Counter, Counter, list[tuple]]:
    """By hand, of a plan in tests/plans: item numbers, (item, department), figures."""
    wanted = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
    items = {str(number): item for number, item in wanted["items"].items()}
    named = {
        number: [name for kind in ("departments", "lead", "cooperating") for name in item.get(kind, [])]
        for number, item in items.items()
    }
    pairs = Counter((number, key_of(name)) for number, names in named.items() for name in names)
    return (
        Counter(list(items)),
        pairs,
        [(number, *figure) for number, item in items.items() for figure in item["figures"]],
    )


def show_others() -> None:
    """Texts that are no plans: whatever is read there is wrong, so nothing may be sure."""
    plans = [read_plan(path.read_text(encoding="utf-8")) for path in sorted((OWN / "others").glob("*.txt"))]
    parts = [part for plan in plans for part in bench_sureness.parts_of(plan, str)]
    print(
        f"不是方案的文字 {len(plans)} 份（新闻、法规、总结、纪要、诗、菜谱）：读出 {len(parts)} 处，"
        f"其中标为可靠或较可靠的 {sum(sureness != LOW for _, sureness, _ in parts)} 处。"
    )


def show_sureness(texts: list[Path], own: list[Path]) -> None:
    count: Counter = Counter()
    for path in own:
        items, pairs, rows = worked_out(path)
        count += bench_sureness.judged(read_plan(path.read_text(encoding="utf-8")), items, pairs, lower_ends(rows))
    for path in texts:
        standard, plan = standard_of(path), read_plan(path.read_text(encoding="utf-8"))
        items = {str(item["number"]): item for section in standard["sections"] for item in section["items"]}
        spelling = spellings(standard)
        rows = lower_ends(stated_figures(standard))
        pairs = wanted_pairs(items, spelling)
        count += bench_sureness.judged(
            plan, Counter(list(items)), pairs, rows, lambda key, of=spelling: of.get(key, key)
        )
    for path in sorted((OWN / "others").glob("*.txt")):
        count += bench_sureness.judged(read_plan(path.read_text(encoding="utf-8")), Counter(), Counter(), Counter())
    print("\n把握是否可信：各档里读对的（以上全部文字，不是方案的都算错；部门含按职责推断的，对照建设标准）")
    print("\n".join(bench_sureness.in_words(count)))


def lower_ends(rows: list[tuple]) -> Counter:
    return Counter((number, sign, exact(value), unit) for number, sign, value, unit in rows)


def show_fits(texts: list[Path]) -> None:
    whole: Counter = Counter()
    if texts:
        print("\n套用已有指标：只知道另外几份标准时（找到：别的标准有同样算法的；错：提出而不对的，占提出的）")
    for path in texts:
        standard = sorted((ROOT / "fixtures/standards").glob(f"{path.stem}-*.yaml"))[-1]
        whole += (count := bench_fits.measured(path, standard))
        print(row(path.stem, share(count["found"], count["asked"]), share(count["wrong"], count["proposed"])))
    if texts:
        print(row("合计", share(whole["found"], whole["asked"]), share(whole["wrong"], whole["proposed"])))
        print(f"错的 {whole['wrong']} 个里标为可靠的 {whole['wrong_sure']} 个；标为可靠的共 {whole['sure']} 个。")


def departments(plan: Plan, standard: dict, items: dict) -> Score:
    """By item where the text names them there; else those whose duties it states; else nothing."""
    spelling = spellings(standard)
    if names_departments(plan):
        return Score(wanted_pairs(items, spelling), pairs_of(plan, spelling))
    if not any(each.duties for each in plan.departments):
        return Score()
    wanted = Counter({key_of(each["name"]): 1 for each in standard["departments"] if each.get("duties")})
    stated = [key_of(each.name) for each in plan.departments if each.duties]
    return Score(wanted, Counter(spelling.get(name, name) for name in stated))


def names_departments(plan: Plan) -> bool:
    """Whether the text itself names them with its items."""
    return any(item.lead and item.lead[0].passage in item.text for item in plan.items)


def spellings(standard: dict) -> dict[str, str]:
    return {key_of(name): key_of(each["name"]) for each in standard["departments"] for name in names_of(each)}


def wanted_pairs(items: dict, spelling: dict[str, str]) -> Counter:
    return Counter(
        (number, spelling.get(key_of(name), key_of(name)))
        for number, item in items.items()
        for name in (*item["lead"], *item.get("cooperating", []))
    )


def pairs_of(plan: Plan, spelling: dict[str, str]) -> Counter:
    named = [(item.number, key_of(each.name)) for item in plan.items for each in (*item.lead, *item.cooperating)]
    return Counter((number, spelling.get(name, name)) for number, name in named)


def thresholds(plan: Plan, rows: list[tuple]) -> Score:
    proposed = Counter()
    for item in plan.items:
        for each in item.thresholds:
            proposed[item.number, each.comparator, each.value, each.unit] += 1
            if each.upper is not None:
                proposed[item.number, "<=", each.upper, each.unit] += 1
    return Score(Counter((number, sign, exact(value), unit) for number, sign, value, unit in rows), proposed)


def exact(written: str) -> Fraction:
    text = str(written)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def names_of(department: dict) -> list[str]:
    return [department["name"], *department.get("aliases", [])]


def show(heading: str, measured: list[tuple[str, dict[str, Score]]]) -> None:
    print(f"\n{heading}")
    print(row("方案", *(f"{kind}{word}" for kind in KINDS for word in ("找到", "错"))))
    whole = {kind: Score() for kind in KINDS}
    for name, scores in measured:
        print(row(name, *cells(scores)))
        for kind, score in scores.items():
            whole[kind] += score
    print(row("合计", *cells(whole)))


def cells(scores: dict[str, Score]) -> list[str]:
    shown = []
    for kind in KINDS:
        score = scores.get(kind, Score())
        shown += [share(score.found, score.wanted), share(score.wrong, score.proposed)]
    return shown


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} {part * 100 / whole:.0f}%" if whole else "—"


def row(*parts: str) -> str:
    return "  ".join(part + " " * max(0, 16 - columns(part)) for part in parts).rstrip()


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


if __name__ == "__main__":
    main()
