"""动态口令: setting up a phone as second factor, recovery codes, taking it off again."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tcm_demo.accounts import factor_services
from tcm_demo.accounts.forms import CodeForm, OwnPasswordForm
from tcm_demo.accounts.owed import must_have_second_factor

# The key of a phone that is being set up waits in the session, so that looking at the page writes no device.
KEY = "second_factor_key"


@never_cache
def second_factor(request):
    """What is set up; or, where nothing is, the QR code and the box for the first code."""
    device = factor_services.device_of(request.user)
    if device:
        return _state(request, device, OwnPasswordForm(request))
    key = request.session.setdefault(KEY, factor_services.new_key())
    form = CodeForm(request.POST or None)
    form.fields["code"].label = "手机上显示的 6 位口令"
    if request.method == "POST" and form.is_valid():
        code, session = form.cleaned_data["code"], request.session.session_key
        codes = factor_services.turn_on(request.user, key, code, session=session)
        if codes:
            del request.session[KEY]
            return _codes(request, codes)
        form.add_error("code", "口令不正确。请核对手机的时间是否准确，等出现下一个口令后重新输入。")
    facts = {
        "form": form,
        "picture": mark_safe(factor_services.picture_of(key, request.user)),  # an <svg> that segno drew
        "key": factor_services.key_to_type(key),
        "demanded": must_have_second_factor(request.user),
    }
    return render(request, "accounts/second_factor_setup.html", facts)


@never_cache
@require_POST
def renew_codes(request):
    device = factor_services.device_of(request.user)
    if not device:
        return redirect("accounts:second-factor")
    form = OwnPasswordForm(request, request.POST)
    if not form.is_valid():
        return _state(request, device, form)
    return _codes(request, factor_services.renew_codes(request.user, by=request.user))


@never_cache
@require_POST
def turn_off(request):
    device = factor_services.device_of(request.user)
    if not device:
        return redirect("accounts:second-factor")
    form = OwnPasswordForm(request, request.POST)
    if form.is_valid() and must_have_second_factor(request.user):
        form.add_error(None, "按本系统的规定，您的账号必须使用动态口令，不能停用。换手机请联系系统管理员。")
    if not form.is_valid():
        return _state(request, device, form)
    factor_services.turn_off(request.user, by=request.user)
    messages.success(request, "动态口令已停用，下次登录只需要密码。")
    return redirect("accounts:second-factor")


def _state(request, device, form):
    facts = {
        "device": device,
        "form": form,
        "codes_left": factor_services.codes_left(request.user),
        "demanded": must_have_second_factor(request.user),
    }
    return render(request, "accounts/second_factor.html", facts)


def _codes(request, codes: list[str]):
    return render(request, "accounts/recovery_codes.html", {"codes": codes})
