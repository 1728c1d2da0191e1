"""What this room records (tcm_demo/audit/words.py)."""

GROUP = "后台任务"
ACTIONS = {
    "ask_job": "申请后台任务",
    "cancel_job": "取消后台任务",
    "fail_job": "后台任务没有做成",
    "export_job_file": "下载后台任务的文件",
}
FIELDS = {"arguments": "参数", "fault": "原因"}
