"""What this room records (tcm_demo/audit/words.py)."""

GROUP = "达标与报告"
ACTIONS = {
    "start_campaign": "开始创建工作",
    "change_campaign": "修改创建工作",
    "judge_evidence": "认定佐证材料",
    "save_assessment": "存档",
    "export_report": "生成自评报告",
    "export_report_file": "下载自评报告",
    "export_institution_list": "导出机构清单",
}
FIELDS = {
    "standard": "建设标准",
    "inspection_on": "评审日期",
    "summary": "结果",
    "note": "说明",
}
