from django.urls import path

from goround.web.room import decisions, elections, leading

app_name = "decisions"
urlpatterns = [
    path("", decisions.home, name="home"),
    path("ask/", decisions.ask, name="ask"),
    path("ask/<slug:kind>/", decisions.ask_kind, name="ask_kind"),
    path("<int:decision_id>/", decisions.decision, name="decision"),
    path("<int:decision_id>/end/", decisions.end, name="end"),
    path("election/", elections.call, name="call"),
    path("<int:decision_id>/stand/", elections.standing, name="stand"),
    path("<int:decision_id>/begin/", elections.begin, name="begin"),
    path("<int:decision_id>/answer/", elections.answer, name="answer"),
    path("leading/", leading.leading, name="leading"),
]
