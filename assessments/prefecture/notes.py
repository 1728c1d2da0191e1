"""What has to be said beside a comparison: which versions, who is not counted and why."""

from assessments.prefecture.comparison import Comparison, CountyLine
from assessments.prefecture.together import Together
from indicators.models import Standard


def notes_on(standard: Standard, newest: Standard | None, comparison: Comparison, whole: Together) -> list[str]:
    """Sentences for page and workbook; none where nothing is special."""
    lines = comparison.lines
    found = []
    others = [line for line in lines if line.campaign and not line.works_towards(standard)]
    if others:
        named = "、".join(f"{line.county.name}（版本 {line.campaign.standard.version}）" for line in others)
        found.append(f"条目和指标按版本 {standard.version} 列出；按其他版本开展的：{named}，同一编号的条目并列。")
    if newest and newest.pk != standard.pk:
        found.append(f"这一标准的现行版本是 {newest.version}，多数县（区）还在用版本 {standard.version}。")
    if whole.counted:
        reasons = {line.county.name: _why_not(line, whole) for line in lines}
        counted = sum(not why for why in reasons.values())
        left = {why: [name for name, each in reasons.items() if each == why] for why in reasons.values() if why}
        others = "；".join(f"{'、'.join(names)}（{why}）" for why, names in left.items())
        found.append(f"全市数由 {counted} 个县（区）已存的结果合并得出。" + (f"未计入：{others}。" if others else ""))
    return found


def _why_not(line: CountyLine, whole: Together) -> str:
    """Why a county is not counted; "" where it is. One without a single institution has nothing to add."""
    if line.campaign is None:
        return "未开展"
    if line.now is None:
        return "这一期没有数据"
    if not line.now.due:
        return "还没有机构"
    return "" if line.county.pk in whole.counted else "指标的算法不同，不能相加"
