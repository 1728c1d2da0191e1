"""The words that bureaus' ledgers use: headings of the registry, types, yes and no, units. Pure data.

Everything is compared after headings.fold(), so width, blanks, brackets and dashes do not matter here.
"""

from indicators.enums import InstitutionType

# What a column says about the institution itself (field -> headings).
FIELD_HEADINGS = {
    "code": """
        机构编码 机构代码 机构编号 单位编码 单位代码 编码 代码 医疗机构编码 医疗机构代码 卫生机构编码 卫生机构代码
        医疗卫生机构编码 医疗卫生机构代码 卫生机构（组织）代码 卫生机构（组织）编码 组织机构代码 机构ID
    """.split(),
    "name": """
        机构名称 单位名称 名称 机构 医疗机构 医疗机构名称 卫生机构名称 医疗卫生机构 医疗卫生机构名称 机构全称
        单位全称 医院名称 卫生院名称 卫生室名称 村卫生室名称 服务站名称 填报机构 填报机构名称
    """.split(),
    "type": "机构类型 机构类别 机构分类 单位类型 单位类别 类型 类别".split(),
    "town": """
        所在镇（街道） 镇（街道） 所属镇（街道） 所在乡镇（街道） 乡镇（街道） 所属乡镇（街道） 所在镇街 所属镇街 镇街
        所在乡镇 所属乡镇 乡镇 所在镇 所属镇 镇 街道 所在街道 所在镇办 镇办
    """.split(),
    "manager": """
        上级机构 上级管理机构 管理机构 主管机构 所属机构 上级单位 主管单位 管辖机构 所属卫生院 上级机构名称
        上级机构编码
    """.split(),
    "in_use": """
        是否在用 在用 是否启用 是否运营 是否正常运营 是否开业 运营状态 运行状态 机构状态 使用状态 状态 是否有效
    """.split(),
    "not_in_use": "是否停用 是否停业 是否注销 是否关闭 是否撤销".split(),
    "opened_on": "启用日期 开业日期 成立日期 设立日期 启用时间 开业时间 成立时间".split(),
    "closed_on": "停用日期 停业日期 注销日期 撤销日期 关闭日期 停用时间 停业时间 注销时间 撤销时间".split(),
    "credit_code": "统一社会信用代码 社会信用代码 信用代码 统一信用代码".split(),
    "remark": "备注 备注说明 说明".split(),
    "period": "填报期 报告期 所属期 数据期 年度 年份 填报年度 统计年度 数据年度 报表年度".split(),
    # known, and of no use here
    "unused": """
        序号 行号 行次 编号 联系人 联系电话 电话 手机 地址 机构地址 负责人 单位负责人 填报人 填表人 审核人
        填报日期 填表日期 填报时间 单位性质 机构性质
    """.split(),
}
FIELD_LABELS = {
    "code": "机构编码",
    "name": "机构名称",
    "type": "机构类型",
    "town": "所在镇（街道）",
    "manager": "上级机构",
    "in_use": "是否在用",
    "not_in_use": "是否停用",
    "opened_on": "启用日期",
    "closed_on": "停用日期",
    "credit_code": "统一社会信用代码",
    "remark": "备注",
    "period": "填报期",
    "unused": "不导入",
}

# A sheet with one figure per row: headings of the column of names, of values, of units.
LABEL_HEADINGS = "指标 指标名称 项目 项目名称 数据项 数据元 内容 指标项 名称".split()
VALUE_HEADINGS = """
    数值 值 数据 指标值 填报值 填报数 数量 填报数据 填报内容 本年 本年度 本期 完成情况 完成数 实际数 结果
""".split()
UNIT_HEADINGS = "单位 计量单位".split()

TYPE_WORDS = {
    InstitutionType.COUNTY: "本级 县本级 区本级 市本级 县级 区级 县区本级 区县本级 县（市、区）本级 县".split(),
    InstitutionType.TCM_HOSPITAL: "中医医院 中医院 县中医医院 县中医院 区中医医院 区中医院 区级中医医院".split(),
    InstitutionType.GENERAL_HOSPITAL: "综合医院 人民医院 县人民医院 区人民医院 区级综合医院 县综合医院".split(),
    InstitutionType.MCH_HOSPITAL: """
        妇幼保健院（所） 妇幼保健机构 妇幼保健所 妇幼保健计划生育服务中心 县级妇幼保健院 区妇幼保健院 县妇幼保健院
    """.split(),
    InstitutionType.TOWNSHIP_CENTRE: "镇卫生院 乡卫生院 卫生院 中心卫生院 街道卫生院 乡镇（中心）卫生院".split(),
    InstitutionType.COMMUNITY_CENTRE: "社区服务中心 社区中心".split(),
    InstitutionType.COMMUNITY_STATION: "社区服务站 社区站 服务站".split(),
    InstitutionType.VILLAGE_CLINIC: "卫生室 村卫生所 卫生所 村级卫生室 村医务室".split(),
}

YES = frozenset("是 有 对 已 √ ✓ ✔ ☑ ✅ y yes true 1 已设 已设置 已配备 已建 已建成".split())
NO = frozenset("否 无 未 没有 × ✕ ✖ ✗ ✘ ☒ x n no false 0 未设 未设置 未配备 未建 未建成".split())
IN_USE = YES | frozenset("在用 正常 运营 营业 开业 启用 正常运营 运行 正常运行 运营中 使用 有效".split())
OUT_OF_USE = NO | frozenset(
    """
    停用 停业 注销 撤销 关闭 已停用 已停业 已注销 已撤销 已关闭 歇业 暂停 停诊 关停 撤并 未在用 不在用 无效
    """.split()
)

# Where one of these stands alone, the cell was left out on purpose.
DASHES = frozenset("- -- --- / // \\ * ·".split())

UNITS = frozenset(
    """
    人 名 人次 人次数 次 张 个 支 家 所 类 项 期 种 分 级 份 件 例 户 台 台件 台套 岁 天 年 月 万 千 元 千元 万元 亿元
    千人 万人 万人次 % ‰ 个数 人数 次数 张数 平方米 m2 是/否 是否 有/无 有无 √/× 是-否 有-无 填是/否 填是或否 是或否
    有或无
    """.split()
)

TOTALS = frozenset("总和 汇总 平均 平均值 共计 合计数 全县 全区 全市 累计".split())
TOTAL_ENDINGS = ("合计", "小计", "总计")
NOTE_STARTS = """
    注: 注1 注2 注3 备注: 说明: 填表说明 填报说明 填表人 填报人 制表 审核人 审核: 审核单位 负责人 单位负责人 联系人
    联系电话 填报日期 填表日期 填报单位 填表单位 报送 数据来源 本表 * ※ 复核 经办人 主管领导
""".split()
# The row of column numbers that statistical forms put under their headings: 甲 乙 1 2 3.
COLUMN_NUMBER_LABELS = frozenset("甲 乙 丙 丁 栏次 列次 序".split())
# Words under a group heading that mean the group's own figure.
WHOLE_WORDS = frozenset("合计 小计 总数 总计 计 数 数量 人数 数值 总人数".split())

# The first sheet of a marked workbook, which comes back with it.
PROBLEM_SHEET = "问题清单"
