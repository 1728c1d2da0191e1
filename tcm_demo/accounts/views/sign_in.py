"""Signing in, in one step or two; signing out; how long a session still lasts."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django.views.generic import FormView

from tcm_demo.accounts import sign_in_services as services
from tcm_demo.accounts.context import site_name
from tcm_demo.accounts.factor_services import check_code, codes_left, device_of
from tcm_demo.accounts.forms import CodeForm, SignInForm
from tcm_demo.accounts.locks import Lock, count_failure, lock_for
from tcm_demo.accounts.owed import owed_page


class Locked:
    """The page that says how long a lock lasts."""

    def locked(self, lock: Lock) -> HttpResponse:
        response = self.response_class(
            self.request, "accounts/locked.html", {"lock": lock, "county": site_name()}, status=429
        )
        response.headers["Retry-After"] = str(lock.minutes_left * 60)
        return response


@method_decorator([login_not_required, never_cache], name="dispatch")
class SignInView(Locked, auth.LoginView):
    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def dispatch(self, request, *args, **kwargs):
        # A part of a page was asked for after the session ended: the page stays as it is, with what was typed into
        # it, and asks to sign in (static/js/session.js).
        if request.htmx:
            return HttpResponse(status=204, headers={"HX-Trigger": "session-ended"})
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        return super().get_context_data(county=site_name(), **kwargs)

    def post(self, request, *args, **kwargs):
        lock = lock_for(request, request.POST.get("username", ""))
        return self.locked(lock) if lock else super().post(request, *args, **kwargs)

    def form_valid(self, form):
        user = form.get_user()
        # Once more: of many guesses sent at the same time none may slip past the others' failures.
        lock = lock_for(self.request, user.username)
        if lock:
            return self.locked(lock)
        if not device_of(user):
            services.sign_in(self.request, user)
            return HttpResponseRedirect(self.get_success_url())
        services.ask_for_second_step(self.request, user)
        return redirect(_with_next("accounts:sign-in-code", self.get_redirect_url()))

    def form_invalid(self, form):
        if form.refused:
            services.record_refusal(self.request, *form.refused)
        elif form.has_error("__all__"):
            lock = services.record_failure(self.request, form.cleaned_data["username"], step="password")
            if lock:
                return self.locked(lock)
        return super().form_invalid(form)


@method_decorator([login_not_required, never_cache], name="dispatch")
class CodeView(Locked, auth.RedirectURLMixin, FormView):
    """The second step."""

    template_name = "accounts/sign_in_code.html"
    form_class = CodeForm
    next_page = "home"

    def dispatch(self, request, *args, **kwargs):
        self.user = services.pending_user(request)
        if self.user is None:
            return redirect(_with_next("accounts:sign-in", self.get_redirect_url()))
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        following = self.get_redirect_url()
        return super().get_context_data(county=site_name(), next=following, codes_left=codes_left(self.user), **kwargs)

    def form_valid(self, form):
        name = self.user.username
        lock = lock_for(self.request, name)
        if lock:
            return self.locked(lock)
        if check_code(self.user, form.cleaned_data["code"]):
            services.sign_in(self.request, self.user, with_second_factor=True)
            return super().form_valid(form)
        count_failure(self.request, name)
        lock = services.record_failure(self.request, name, step="code")
        if lock:
            return self.locked(lock)
        form.add_error("code", "口令不正确或已经用过，请等手机上出现下一个口令后重新输入。")
        return self.form_invalid(form)


class SignOutView(auth.LogoutView):
    def post(self, request, *args, **kwargs):
        services.sign_out(request)
        return super().post(request, *args, **kwargs)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def session(request):
    """How long the session still lasts, for pages that stay open. GET only looks; POST keeps it alive.

    As a page (where the sign-in inside a page leads to) it is empty, or leads on to what is owed.
    """
    user = request.user
    if "text/html" in request.headers.get("Accept", ""):
        owed = owed_page(request) if user.is_authenticated else None
        return redirect(owed) if owed else HttpResponse()
    if not user.is_authenticated:
        return JsonResponse({"ready": False})
    if request.method == "POST":
        request.session.touch()
    left = request.session.seconds_left()
    ready = owed_page(request) is None
    return JsonResponse({"ready": ready, "left": left, "user": str(user.pk), "token": get_token(request)})


@login_not_required
def staff_sign_in(request, extra_context=None):
    """In the place of the admin's own sign-in, which knows neither locks' pages nor the second factor."""
    if request.user.is_authenticated:
        if not request.user.is_staff:
            raise PermissionDenied("这个账号不能进入后台管理。需要进入，请联系系统管理员。")
        return redirect("admin:index")
    following = request.GET.get("next") or reverse("admin:index")
    return redirect(_with_next("accounts:sign-in", following))


def _with_next(name: str, following: str) -> str:
    """The address of this name, which leads on to `following` afterwards."""
    return f"{reverse(name)}?{urlencode({'next': following})}" if following else reverse(name)
