"""What this room records (tcm_demo/audit/words.py)."""

from indicators.models import Element

GROUP = "建设标准"
ACTIONS = {
    "load_standard": "载入标准",
    "load_dictionary": "载入数据元",
    "change_item": "修改条目",
    "change_department": "修改部门",
    "change_requirement": "修改佐证要求",
    "begin_draft": "新建标准草稿",
    "change_draft": "修改标准草稿",
    "check_draft": "检查标准草稿",
    "publish_standard": "发布标准",
    "discard_draft": "删除标准草稿",
    "add_own_element": "增设本县数据元",
    "change_own_element": "修改本县数据元",
    "remove_own_element": "删去本县数据元",
    "add_own_check": "增设本县填报检查",
    "change_own_check": "修改本县填报检查",
    "remove_own_check": "删去本县填报检查",
    "export_standard": "导出标准",
    "export_departments": "导出部门",
    "export_items": "导出条目",
    "export_requirements": "导出佐证要求",
}
FIELDS = {
    "elements": "数据元",
    "added": "新增",
    "changed": "改动",
    "removed": "删去",
    "checks_changed": "填报检查有改动",
    "digest": "文件指纹",
    "items": "条目",
    "value_type": "类型",
    "group": "分组",
    "definition": "口径",
    "reported_by": "由谁填报",
    "aliases": "别名",
    "choices": "选项",
    "minimum": "最小值",
    "maximum": "最大值",
    "expression": "规则",
    "message": "说明",
    "types": "机构类型",
}


def names() -> dict[str, str]:
    """Codes of data elements, which reports' figures stand under. One query."""
    return dict(Element.objects.values_list("code", "name"))
