from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "tcm_demo.accounts"
    label = "accounts"
    verbose_name = "账号"
