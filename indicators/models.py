"""What a plan demands. All of it is data, loaded from `fixtures/` by `load_standard`; nothing here computes."""

from django.core.validators import MinValueValidator
from django.db import models

from indicators.enums import (
    CheckLevel,
    Comparator,
    DepartmentRole,
    Level,
    SeenAs,
    StandardState,
    ValueType,
    YearRule,
)


class Element(models.Model):
    """One figure or yes/no that institutions of some types report; shared by all standards."""

    # "": the shared dictionary (fixtures/elements.yaml); else the code of the county that made it for its own standards
    owner = models.CharField("增设单位", max_length=30, blank=True, default="")
    code = models.CharField("代码", max_length=60, unique=True)
    name = models.CharField("名称", max_length=100)
    group = models.CharField("分组", max_length=30)
    value_type = models.CharField("类型", max_length=10, choices=ValueType.choices)
    unit = models.CharField("单位", max_length=10, blank=True)
    definition = models.TextField("口径", blank=True)
    reported_by = models.JSONField("填报机构类型", default=list)
    aliases = models.JSONField("别名", default=list, blank=True)
    # {"0": "未定级", "1": "一级"}; empty unless value_type is choice
    choices = models.JSONField("选项", default=dict, blank=True)
    minimum = models.IntegerField("最小值", null=True, blank=True, default=0)
    maximum = models.IntegerField("最大值", null=True, blank=True)
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "数据元"
        # the shared ones first
        ordering = ["owner", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="element_owner_name")]

    def __str__(self) -> str:
        return self.name


class ElementCheck(models.Model):
    """A rule that one institution's figures must keep, in the notation of a criterion's condition."""

    owner = models.CharField("增设单位", max_length=30, blank=True, default="")
    expression = models.CharField("规则", max_length=200)
    message = models.CharField("说明", max_length=200)
    level = models.CharField("级别", max_length=10, choices=CheckLevel.choices, default=CheckLevel.ERROR)
    # institution types that it holds for; empty: all that report every element of it
    types = models.JSONField("机构类型", default=list, blank=True)
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "数据校验"
        ordering = ["owner", "position"]
        constraints = [models.UniqueConstraint(fields=["owner", "expression"], name="check_owner_expression")]

    def __str__(self) -> str:
        return self.message


class Standard(models.Model):
    """One version of one plan's demands. A published version that was assessed against never changes; a county's own
    not at all once it is published."""

    # "": for every county, from a file of fixtures/; else the code of the county that made it
    owner = models.CharField("制定单位", max_length=30, blank=True, default="")
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies", verbose_name="复制自"
    )
    code = models.CharField("代码", max_length=40)
    version = models.CharField("版本", max_length=20)
    title = models.CharField("名称", max_length=120)
    state = models.CharField("状态", max_length=10, choices=StandardState.choices, default=StandardState.DRAFT)
    source_document = models.CharField("依据文件", max_length=200)
    source_number = models.CharField("文号", max_length=60, blank=True)
    source_date = models.DateField("发文日期")
    # by when its figures are due
    deadline = models.DateField("完成时限", null=True, blank=True)
    # [{"part": "head", "office": "区政府副区长"}]: offices, never names
    leading_group = models.JSONField("领导小组", default=list, blank=True)
    # [{"kind", "name", "every", "called_by", "recorded_by", "matters": [...], "note"}]
    arrangements = models.JSONField("工作机制", default=list, blank=True)
    # SHA-256 of the loaded content: what "unchanged" means
    digest = models.CharField("内容摘要", max_length=64)
    loaded_at = models.DateTimeField("载入时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "建设标准"
        ordering = ["code", "-loaded_at"]
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="standard_code_version")]

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）"


class Phase(models.Model):
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="phases")
    number = models.PositiveIntegerField("序号")
    name = models.CharField("阶段", max_length=50)
    start = models.DateField("开始")
    end = models.DateField("结束")
    tasks = models.JSONField("任务", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "阶段"
        ordering = ["number"]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A responsible department of a standard under its one spelling; other spellings are aliases."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="departments")
    name = models.CharField("部门", max_length=60)
    aliases = models.JSONField("别称", default=list, blank=True)
    # for a group such as 领导小组成员单位: the departments that it stands for
    members = models.JSONField("成员单位", default=list, blank=True)
    # what the plan has it see to, a short sentence each
    duties = models.JSONField("职责", default=list, blank=True)
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "责任部门"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["standard", "name"], name="department_name")]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="sections")
    number = models.PositiveIntegerField("序号")
    name = models.CharField("部分", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "部分"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="section_number")]

    def __str__(self) -> str:
        return self.name


class Item(models.Model):
    """One numbered requirement (条目)."""

    standard = models.ForeignKey(Standard, on_delete=models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="items", verbose_name="部分")
    number = models.CharField("编号", max_length=10)
    title = models.CharField("标题", max_length=60)
    requirement = models.TextField("要求")
    # the words of the official plan, where a county took them in with its own
    wording = models.TextField("官方原文", blank=True)
    # where in the plan it stands
    source = models.CharField("出处", max_length=100, blank=True)
    # None: an equal share of 100 (scoring.md rule 12)
    points = models.DecimalField("分值", max_digits=6, decimal_places=2, null=True, blank=True)
    position = models.PositiveIntegerField("顺序", default=0)
    departments = models.ManyToManyField(Department, through="ItemDepartment", related_name="items")

    class Meta:
        verbose_name = verbose_name_plural = "条目"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["standard", "number"], name="item_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class ItemDepartment(models.Model):
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="responsibilities")
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="responsibilities")
    role = models.CharField("分工", max_length=12, choices=DepartmentRole.choices)
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "条目分工"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["item", "department"], name="item_department")]

    def __str__(self) -> str:
        return f"{self.department}（{self.get_role_display()}）"


class Requirements(models.QuerySet):
    def in_force_for(self, owner: str) -> "Requirements":
        """The standard's own and those that this owner added and did not withdraw, the owner's last."""
        added = models.Q(owner=owner, withdrawn_at=None)
        return self.filter(models.Q(owner="") | added).order_by("item__position", "owner", "position", "pk")


class RequirementsOfStandards(models.Manager):
    """A standard shows what it demands itself, never what a county added for its own use."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(owner="")


class EvidenceRequirement(models.Model):
    """One thing of an item that only a document or a visit can show (佐证要求).

    `objects` and `item.evidence_requirements` hold the standard's own; a county's additions are met through
    `indicators.queries.requirements_of`. Lookups that span the relation (`Count("evidence_requirements")`) know no
    manager and have to name the owner.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="evidence_requirements")
    # "": the standard's own; else the code of the county that added it
    owner = models.CharField("增设单位", max_length=30, blank=True, default="")
    code = models.CharField("编号", max_length=12)
    text = models.CharField("佐证材料", max_length=200)
    required = models.BooleanField("必备", default=True)
    # from whom, by name; empty: from the item's departments
    departments = models.JSONField("提供部门", default=list, blank=True)
    year = models.CharField("年度", max_length=10, choices=YearRule.choices, default=YearRule.PERIOD)
    # how many pieces, of each institution where `institution_types` names some
    needed = models.PositiveIntegerField("份数", default=1, validators=[MinValueValidator(1)])
    seen_as = models.CharField("查看方式", max_length=10, choices=SeenAs.choices, default=SeenAs.DOCUMENT)
    # one thing of every active institution of these types; empty: one for the whole county
    institution_types = models.JSONField("逐家提供的机构类型", default=list, blank=True)
    # a county's own that was taken back; what was handed in for it stays
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    position = models.PositiveIntegerField("顺序", default=0)

    objects = RequirementsOfStandards.from_queryset(Requirements)()
    everyone = models.Manager.from_queryset(Requirements)()

    class Meta:
        verbose_name = verbose_name_plural = "佐证要求"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "owner", "code"], name="evidence_owner_code"),
            models.CheckConstraint(condition=models.Q(needed__gte=1), name="evidence_needed"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Criterion(models.Model):
    """One measurable rule of an item: `expression comparator target` over the institutions in scope."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="criteria")
    code = models.CharField("编号", max_length=12)
    name = models.CharField("指标", max_length=80)
    level = models.CharField("级别", max_length=6, choices=Level.choices)
    # institution types, or ["all"]
    scope = models.JSONField("适用机构", default=list)
    expression = models.TextField("公式")
    comparator = models.CharField("比较", max_length=2, choices=Comparator.choices)
    target = models.CharField("目标", max_length=200)
    # {"2024": "30%"}: the target from that year on (indicators.queries.target_in)
    targets = models.JSONField("分年目标", default=dict, blank=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    # where in the plan the figure stands, or the passage that states it
    source = models.CharField("出处", max_length=300, blank=True)
    position = models.PositiveIntegerField("顺序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["item", "code"], name="criterion_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PlanText(models.Model):
    """The published plan that a county's standard was made from, and what the program read in it.

    `proposal` is indicators.plans.proposal.to_dict; `open` lists the places of it that the office has not settled yet.
    """

    standard = models.OneToOneField(Standard, on_delete=models.CASCADE, related_name="plan", verbose_name="建设标准")
    file_name = models.CharField("文件", max_length=200, blank=True)
    text = models.TextField("全文")
    proposal = models.JSONField("识别结果")
    open = models.JSONField("待核对", default=list, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "方案原文"

    def __str__(self) -> str:
        return f"{self.standard}：{self.file_name or '粘贴的文字'}"
