from django.urls import include, path

from goround.web.public import views as public

urlpatterns = [
    path("healthz", public.healthz, name="healthz"),
    path("o/<slug:organisation>/", include("goround.web.coordinator.urls")),
    path("o/<slug:organisation>/run/", include("goround.web.facilitator.urls")),
    path("o/<slug:organisation>/evidence/", include("goround.web.evidence.urls")),
    path("me/", include("goround.web.parent.urls")),
    path("o/<slug:organisation>/sealed/", include("goround.web.sealed.urls")),
    path("", include("goround.web.room.urls")),
    path("o/<slug:organisation>/children/", include("goround.web.children.urls")),
    path("kept/", include("goround.web.kept.urls")),
    path("room/<int:group_id>/decisions/", include("goround.web.room.decision_urls")),
    path("survey/", include("goround.web.survey.urls")),
    path("circle/", include("goround.web.room.door_urls")),
    path("o/<slug:organisation>/lead/", include("goround.web.lead.urls")),
    path("n/<slug:network>/", include("goround.web.network.urls")),
    path("to-read/", include("goround.web.sealed.reading")),
    path("account/", include("goround.web.account.urls")),
    path("", include("goround.web.public.urls")),
]
