"""What the workbook of accounts says about itself, and what each role is in a few words."""

from collections.abc import Collection, Sequence

from django.utils import timezone

from institutions.enums import Role

ROLES = {
    Role.DATA_CLERK: "为一家机构填报；镇卫生院的也为所管的村卫生室填报。须填机构编码。",
    Role.REVIEWER: "核对、接受、退回填报，认定佐证材料。",
    Role.COUNTY_OFFICE: "布置填报，维护名录和设置，管理账号，也能审核。",
    Role.LIAISON: "查看本县（区）的情况；按部门授权。须填部门。",
    Role.LEADERSHIP: "查看本县（区）的情况。",
    Role.EXPERT: "查看本县（区）的情况，供评审。",
    Role.PREFECTURE: "查看所辖各县（区）的情况。",
    Role.SYSTEM_ADMIN: "管理账号与授权，不看业务数据。",
    Role.AUDITOR: "查看操作记录；不能与系统管理员是同一人。",
}

NOTES = (
    "一行是一个人的一项授权；一个人有几项授权的，写几行，用户名相同。",
    "用户名没有的新建账号，已有的按本表修改；已有账号的空白单元格不改动，表里没有的账号和授权保持不变。",
    "角色、机构编码、部门从下拉列表中选；机构编码见“机构”表，部门见“部门”表。",
    "有效期至写成 2026-12-31，不填表示长期有效。",
    "上传后先核对，确认后才写入；有一处不对，整张表都不写入。",
)


def examples(institutions: Sequence[str], departments: Sequence[str], offered: Collection[Role]) -> list[list[str]]:
    """Rows as HEADINGS has them, with codes and departments of the county and roles that may be given here: each could
    be uploaded as it stands."""
    rows = [(Role.REVIEWER, ["wangwu", "王五", "13800000002", "", Role.REVIEWER.label, "", "", ""])]
    if institutions:
        clerk = Role.DATA_CLERK.label, institutions[0], "", ""
        rows.append((Role.DATA_CLERK, ["zhangsan", "张三", "0533-1234567", "", *clerk]))
        rows.append((Role.DATA_CLERK, ["wangwu", "王五", "", "", *clerk]))
    if departments:
        until = f"{timezone.localdate().year + 1}-12-31"
        lisi = ["lisi", "李四", "", "li@example.com", Role.LIAISON.label, "", departments[0], until]
        rows.append((Role.LIAISON, lisi))
    return [row for role, row in rows if role in offered]
