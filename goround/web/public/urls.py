from django.urls import path

from goround.web.public import (
    concern,
    entering,
    join,
    leaving,
    notices,
    offline,
    proof,
    stopping,
    styleguide,
    views,
    ways_in,
)

app_name = "public"
urlpatterns = [
    path("", views.home, name="home"),
    path("crisis/", views.crisis, name="crisis"),
    path("sign-in/", entering.sign_in, name="sign_in"),
    path("sign-in/second/", entering.second_step, name="second_step"),
    path("sign-in/passkey/", entering.passkey, name="passkey"),
    path("sign-in/card/", ways_in.card, name="card"),
    path("sign-in/code/", ways_in.code, name="code"),
    path("sign-in/choose/", ways_in.come_in, name="come_in"),
    path("hello/", ways_in.sign_up, name="sign_up"),
    path("sign-out/", entering.sign_out, name="sign_out"),
    path("be/", entering.be_somebody, name="be_somebody"),
    path("join/receipt/", join.receipt, name="receipt"),
    path("join/<slug:door>/", join.join, name="join"),
    path("leave/", leaving.leave, name="leave"),
    path("offline/", offline.offline, name="offline"),
    path("offline-worker.js", offline.offline_worker, name="offline_worker"),
    path("site.webmanifest", offline.manifest, name="manifest"),
    path("notices/", notices.notices, name="notices"),
    path("stop/<str:word>/", stopping.stop, name="stop_messages"),
    path("worried/", concern.concern, name="concern"),
    path("proof/", proof.proof, name="proof"),
    path("privacy/", views.privacy, name="privacy"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
