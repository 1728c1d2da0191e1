"""For whoever runs the server, when an administrator has forgotten a password."""

from django.core.management.base import BaseCommand, CommandError

from tcm_demo.accounts import services
from tcm_demo.accounts.models import User


class Command(BaseCommand):
    help = "给一个账号一次性密码，登录后必须修改；同时结束它的登录、解除锁定。"

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="用户名")

    def handle(self, username: str, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"没有用户“{username}”。")
        self.stdout.write(f"{username} 的一次性密码：{services.reset_password(user, by=None)}")
