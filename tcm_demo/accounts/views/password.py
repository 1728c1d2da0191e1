"""Changing one's own password."""

from django.contrib import messages
from django.contrib.auth import views as auth
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from tcm_demo.accounts.forms import PasswordChangeForm


@method_decorator(never_cache, name="dispatch")
class PasswordView(auth.PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = PasswordChangeForm
    success_url = reverse_lazy("home")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form):
        messages.success(self.request, "密码已修改，下次登录请用新密码；其他设备上的登录已经结束。")
        return super().form_valid(form)
