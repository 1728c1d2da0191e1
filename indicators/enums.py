"""The words of the standards: codes are the English of the domain, labels what people read."""

from django.db import models


class InstitutionType(models.TextChoices):
    """In the official order, in which institutions are listed everywhere."""

    COUNTY = "county", "县（区）本级"
    TCM_HOSPITAL = "tcm_hospital", "县级中医医院"
    GENERAL_HOSPITAL = "general_hospital", "县级综合医院"
    MCH_HOSPITAL = "mch_hospital", "妇幼保健院"
    TOWNSHIP_CENTRE = "township_centre", "乡镇卫生院"
    COMMUNITY_CENTRE = "community_centre", "社区卫生服务中心"
    COMMUNITY_STATION = "community_station", "社区卫生服务站"
    VILLAGE_CLINIC = "village_clinic", "村卫生室"


class ValueType(models.TextChoices):
    INTEGER = "integer", "整数"
    DECIMAL = "decimal", "小数"
    BOOLEAN = "boolean", "是否"
    CHOICE = "choice", "选项"


class Level(models.TextChoices):
    """How a criterion counts for its item (scoring.md rule 10)."""

    HARD = "hard", "必达"
    SOFT = "soft", "提示"
    INFO = "info", "参考"


class StandardState(models.TextChoices):
    """A draft may change; checked, nothing is undefined in it; published, it never changes in place."""

    DRAFT = "draft", "草稿"
    CHECKED = "checked", "已检查"
    PUBLISHED = "published", "已发布"


class CheckLevel(models.TextChoices):
    """What a check on an institution's figures means: wrong, or in need of a word of explanation."""

    ERROR = "error", "错误"
    WARNING = "warning", "提示"


class DepartmentRole(models.TextChoices):
    LEAD = "lead", "牵头"
    COOPERATING = "cooperating", "配合"


class YearRule(models.TextChoices):
    """Of which year a piece of evidence has to be, as seen from the year that is assessed."""

    PERIOD = "period", "本年度"
    PREVIOUS = "previous", "上年度"
    ANY = "any", "不限年度"


class SeenAs(models.TextChoices):
    """How an inspector gets to see it."""

    DOCUMENT = "document", "上传文件"
    PAPER = "paper", "看原件"
    ONSITE = "onsite", "现场看"


class Comparator(models.TextChoices):
    GE = ">=", "不低于"
    GT = ">", "大于"
    LE = "<=", "不高于"
    LT = "<", "小于"
    EQ = "==", "等于"


class LeadingPart(models.TextChoices):
    """Somebody's part in the leading group."""

    HEAD = "head", "组长"
    DEPUTY = "deputy", "副组长"
    MEMBER = "member", "成员"


class ArrangementKind(models.TextChoices):
    """How a plan has the work kept going."""

    MEETING = "meeting", "联席会议"
    LEDGER = "ledger", "工作台账"
    FEATURE = "feature", "特色项目"


class Every(models.TextChoices):
    """How often."""

    AS_NEEDED = "", "按需要"
    HALF_MONTH = "half_month", "每半月"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"
