from django.urls import path

from goround.web.account import factors, views

app_name = "account"
urlpatterns = [
    path("", views.account, name="account"),
    path("prove/", views.prove, name="prove"),
    path("passphrase/", views.passphrase, name="passphrase"),
    path("card/", views.card, name="card"),
    path("codes/seen/", views.codes_seen, name="codes_seen"),
    path("sessions/<int:sign_in_id>/end/", views.end_session, name="end_session"),
    path("sessions/end/", views.sign_out_everywhere, name="sign_out_everywhere"),
    path("second-factor/", factors.second_factor, name="second_factor"),
    path("second-factor/app/", factors.code_app, name="code_app"),
    path("second-factor/passkey/", factors.passkey_new, name="passkey_new"),
    path(
        "second-factor/passkey/<int:passkey_id>/remove/",
        factors.passkey_remove,
        name="passkey_remove",
    ),
    path("second-factor/codes/", factors.recovery_codes, name="recovery_codes"),
]
