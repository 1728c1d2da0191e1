"""Signing in and out, and changing one's own password."""

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django_htmx.http import HttpResponseClientRefresh

from tcm_demo.accounts.forms import PasswordChangeForm, SignInForm


@method_decorator(login_not_required, name="dispatch")
class SignInView(auth.LoginView):
    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request, *args, **kwargs):
        # A part of a page was asked for after the session ended: load the whole page, which comes back here.
        if request.htmx:
            return HttpResponseClientRefresh()
        return super().dispatch(request, *args, **kwargs)


class PasswordView(auth.PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = PasswordChangeForm
    success_url = reverse_lazy("home")

    def form_valid(self, form):
        messages.success(self.request, "密码已修改，下次登录请用新密码。")
        return super().form_valid(form)
