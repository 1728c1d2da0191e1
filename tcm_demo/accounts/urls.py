from django.urls import path

from tcm_demo.accounts.views import password, second_factor, sessions, sign_in

app_name = "accounts"

urlpatterns = [
    path("sign-in/", sign_in.SignInView.as_view(), name="sign-in"),
    path("sign-in/code/", sign_in.CodeView.as_view(), name="sign-in-code"),
    path("sign-out/", sign_in.SignOutView.as_view(), name="sign-out"),
    path("session/", sign_in.session, name="session"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/end-others/", sessions.end_other_sessions, name="end-other-sessions"),
    path("sessions/<str:code>/end/", sessions.end_session, name="end-session"),
    path("password/", password.PasswordView.as_view(), name="password"),
    path("second-factor/", second_factor.second_factor, name="second-factor"),
    path("second-factor/codes/", second_factor.renew_codes, name="renew-codes"),
    path("second-factor/off/", second_factor.turn_off, name="second-factor-off"),
]
