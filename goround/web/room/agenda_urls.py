"""Addresses of the agenda and of members' goals, below the room; and one below a meeting."""

from django.urls import path

from goround.web.room import agenda, goals

addresses = [
    path("agenda/", agenda.agenda, name="agenda"),
    path("agenda/<int:topic_id>/", agenda.topic, name="topic"),
    path("goals/", goals.goals, name="goals"),
    path("goals/promise/", goals.promise, name="promise"),
    path("goals/<int:goal_id>/", goals.goal, name="goal"),
    path("goals/<int:goal_id>/change/", goals.goal_change, name="goal_change"),
]
