"""For whoever runs the server, when nobody gets into the admin any more."""

from ipaddress import ip_address

from django.core.management.base import BaseCommand, CommandError

from tcm_demo.accounts import services
from tcm_demo.accounts.models import User


class Command(BaseCommand):
    help = "解除登录锁定：用户名或网络地址。"

    def add_arguments(self, parser):
        parser.add_argument("what", metavar="用户名或地址")

    def handle(self, what: str, **options):
        user = User.objects.filter(username=what).first()
        if user:
            services.unlock_account(user, by=None)
        elif is_address(what):
            services.unlock_address(what, by=None)
        else:
            raise CommandError(f"没有用户“{what}”，它也不是一个网络地址。")
        self.stdout.write(f"已解除 {what} 的登录锁定。")


def is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
