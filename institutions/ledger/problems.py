"""What an import has to say about a ledger: problems, which stop it, and notices, which do not. Pure."""

from collections import Counter
from dataclasses import dataclass

from institutions.ledger.tables import cell_name, shown

# Every code with its reason and how to mend it. {names} are filled from the facts of each case.
SENTENCES: dict[str, tuple[str, str]] = {
    # cells of figures
    "not_a_number": ("不是数字", "改填数字；没有数据请留空。"),
    "not_a_number_but_a_date": ("单元格是日期或时间格式，不是数字", "把单元格格式改为“常规”，重新填写数字。"),
    "percent_format": ("单元格是百分比格式，而这里填的不是百分数", "把单元格格式改为“常规”，核对后重新填写数字。"),
    "error_value": ("公式出错，没有结果", "改正公式，或直接填写数值；没有数据请留空。"),
    "formula_without_result": ("公式没有保存计算结果", "用 Excel 或 WPS 打开文件，保存后重新上传。"),
    "not_whole": ("应是整数，却带小数", "核对后填写整数。"),
    "negative": ("不能是负数", "核对后填写不小于 0 的数；没有数据请留空。"),
    "too_large": ("数值过大（超过一万亿）", "核对数值与单位；若填的是编码，请移到编码列。"),
    "out_of_range": ("超出范围，应{range}", "对照指标口径核对后改正。"),
    "not_yes_or_no": ("不是“是”或“否”", "填“是”或“否”；没有数据请留空。"),
    "unknown_choice": ("没有这个选项", "从下列选项中选填：{choices}。"),
    "part_over_whole": ("{message}：{figures}", "核对这几个数，改正填错的一个。"),
    "check_failed": ("{message}：{figures}", "核对这几个数，改正填错的一个。"),
    # what may be imported at all, and by whom
    "no_round": ("还没有{period}的填报任务，数值没有地方放", "先由创建办管理员建立{period}的填报任务，再导入。"),
    "round_not_open": ("{why}", "填报任务开放后再导入。"),
    "round_closed": ("{period}填报已关闭，不能再导入数值", "确需导入，请先由创建办重新开放填报任务。"),
    "other_workbook": ("这是“{found}”，本次导入的是{wanted}", "核对文件，或选择相应的填报期重新上传。"),
    "accepted_figure": ("“{name}”已被接受，须由创建办退回后才能修改", "恢复原来的数，或请创建办退回这一项。"),
    "report_handed_in": ("“{name}”的填报{state}，不能修改", "删去这一家的数值；确有错误，请联系创建办退回。"),
    "not_your_institution": (
        "这不是由您填报的机构",
        "删去这一行；若是编码或名称写错，请对照下载的填报表改正。",
    ),
    # headings
    "repeated_heading": ("“{name}”有两列（行），另一处在 {other}", "删去多余的一处，或改正表头。"),
    "unit_differs": ("表头单位是“{unit}”，本系统按“{wanted}”收", "把数值换算为以“{wanted}”为单位，并改正表头。"),
    "unit_above_differs": (
        "表上方写的单位是“{unit}”，本系统的“{name}”按“{wanted}”收",
        "把数值换算为以“{wanted}”为单位，并改正这里的单位；若另有所指，在表头注明各列的单位。",
    ),
    "too_many_tables": (
        "表头过多，从这里起没有读取（一张工作表最多 {tables} 个表，一个文件最多 {headings} 个列名）",
        "删去重复的表头，只留最上面的一个；或拆成几个文件分别导入。",
    ),
    "wrong_period": ("写的是其他填报期，本次导入的是{period}", "核对文件或选择的填报期；若只是写错，改正后重新上传。"),
    "nothing_recognised": (
        "没有找到机构名录、机构数据或县本级数据",
        "台账应有“机构编码”或“机构名称”列和指标列；请对照样表核对。",
    ),
    "nothing_to_import": ("只有表头，没有任何一行可以导入的数据", "在表头下面逐行填写机构和数值，再重新上传。"),
    "unknown_value_column": (
        "认不出这一列是哪家机构的数值",
        "把列名改为“数值”或机构的编码、名称；与台账无关的列请删去。{hint}",
    ),
    # rows of figures
    "no_institution": ("这一行有数值，却没有机构编码和机构名称", "补上机构编码；若是合计行，请在行首写明“合计”。"),
    "unknown_institution": ("机构名录和本系统中都没有这家机构", "{hint}"),
    "ambiguous_name": ("有 {count} 家机构同名，分不清是哪一家", "在这一行补上机构编码。"),
    "code_and_name_differ": (
        "编码是“{code_name}”的，名称却是另一家机构的",
        "核对这一行的机构编码与机构名称，改正写错的一个。",
    ),
    "repeated_institution": ("同一机构有两行，另一行在第 {other} 行", "合并为一行，删去多余的一行。"),
    "value_given_twice": ("同一机构的“{name}”在 {other} 填了另一个数", "两处只留一处，或改为相同的数。"),
    "two_county_rows": ("本级机构有 {count} 家，分不清县本级数据属于哪一家", "名录中“县（区）本级”只留一家。"),
    # the registry
    "registry_no_name": ("没有机构名称", "补上机构名称。"),
    "registry_no_code": ("新机构没有机构编码", "补上机构编码；编码在本县（区）内不能重复。"),
    "registry_bad_code": (
        "这个编码不能使用",
        "编码请用字母、数字、汉字或短横线，不要有空格、看不见的字符和 / \\ ? # %，也不能只有一两个点。",
    ),
    "registry_repeated": ("机构编码与{other}重复", "改正编码，或删去重复的一行。"),
    "registry_code_changed": (
        "系统中在用的 {other} 与这一家名称、类型、所在镇（街道）都相同，编码却不同，会算成两家",
        "若是同一家，请沿用编码 {other}；确要改编码，在机构名录里加上旧编码的一行并写为停用；"
        "确是两家，请在名称或所在镇（街道）上写明区别。",
    ),
    "registry_lacks_type": ("机构名录缺少“机构类型”列，无法新增机构", "加一列“机构类型”，填写：{types}。"),
    "registry_no_type": ("新机构没有机构类型", "补上机构类型：{types}。"),
    "unknown_type": ("没有这种机构类型", "改为下列之一：{types}。"),
    "second_county": ("“县（区）本级”只能有一家，另一家是“{other}”", "核对机构类型。"),
    "bad_credit_code": ("统一社会信用代码校验不通过", "对照证照核对 18 位代码；没有代码的请留空。"),
    "unknown_manager": ("找不到这家上级机构", "填写上级机构的编码或与名录一致的名称。{hint}"),
    "ambiguous_manager": ("有 {count} 家机构同名，分不清上级机构是哪一家", "改填上级机构的编码。"),
    "manager_cycle": ("上级机构绕成一圈：{chain}", "核对上级机构；上级机构不能是自己或自己的下级。"),
    "bad_date": ("不是完整的日期", "写成年月日，如 2023-05-01。"),
    "closed_before_opened": ("停用日期不晚于启用日期", "核对两个日期。"),
    "use_and_date_differ": ("“是否在用”与日期不一致：{why}", "核对这两项，改正写错的一个。"),
    "text_too_long": ("“{name}”最多 {limit} 个字", "缩短后重新上传。"),
    "code_as_number": ("编码被存成了数字，后几位已经丢失", "把单元格格式改为“文本”，重新填写编码。"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: nothing is written as long as there is one. `cell` is in A1 notation; "" for a whole sheet or file."""

    code: str
    sheet: str
    cell: str
    value: str
    reason: str
    mend: str


@dataclass(slots=True)
class Notice:
    """Something that was understood in one way, which people should know. `cell` is the first of `count` places."""

    code: str
    text: str
    sheet: str = ""
    cell: str = ""
    count: int = 1


class Findings:
    """Collects problems and notices while a ledger is gone through."""

    # Nobody mends more than this by hand, and a hostile file shall not fill the memory.
    MAX_PROBLEMS = 10_000
    # of one kind in one sheet
    MAX_NOTICES = 20

    def __init__(self):
        self.problems: list[Problem] = []
        self.more_problems = 0
        self._notices: dict[tuple, Notice] = {}
        self._kinds: Counter[tuple[str, str]] = Counter()

    @property
    def notices(self) -> list[Notice]:
        return list(self._notices.values())

    def problem(self, code: str, sheet: str = "", row: int | None = None, column: int | None = None, value="", **facts):
        """Add one; row and column count from 0, `value` is the cell as read."""
        if len(self.problems) >= self.MAX_PROBLEMS:
            self.more_problems += 1
            return
        reason, mend = (sentence.format(**facts) for sentence in SENTENCES[code])
        cell = "" if row is None else cell_name(row, column or 0)
        self.problems.append(Problem(code, sheet, cell, shown(value), reason, mend))

    def notice(self, code: str, text: str, sheet: str = "", row: int | None = None, column: int = 0, *, per=()):
        """Add one, or count it with those of the same code, sheet and `per` (a column, say)."""
        key = (code, sheet, per)
        if key not in self._notices:
            self._kinds[code, sheet] += 1
            if self._kinds[code, sheet] > self.MAX_NOTICES:
                key, text, row = (code, sheet, "more"), "另有同类提示，没有逐条列出。", None
        if key in self._notices:
            self._notices[key].count += 1
        else:
            self._notices[key] = Notice(code, text, sheet, "" if row is None else cell_name(row, column))
