"""What this room records (words.py)."""

GROUP = "操作留痕"
ACTIONS = {
    "export_events": "导出操作记录",
    "keep_audit_head": "重新存放末号",
}
FIELDS = {
    "filters": "筛选条件",
    "rows": "行数",
    "file": "文件",
    "bytes": "字节数",
    "head": "末号",
    "format": "格式",
}
