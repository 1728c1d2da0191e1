from django.contrib.auth.views import LogoutView
from django.urls import path

from tcm_demo.accounts import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("password/", views.PasswordView.as_view(), name="password"),
]
