"""The address that only the demo has; the project includes it where `DEMO` is on."""

from django.urls import path

from accounts.views.demo import demo_sign_in

urlpatterns = [path("demo/sign-in/", demo_sign_in, name="demo-sign-in")]
