from django.core.management.base import BaseCommand

from tcm_demo.jobs.keeper import Keeper


class Command(BaseCommand):
    help = "后台程序：生成卷等需要时间的文件，处理上传的文件，清理过期的文件。make run 会一并启动；Ctrl+C 停止。"

    def handle(self, *args, **options):
        Keeper().run()
