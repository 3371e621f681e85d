from django.urls import URLPattern, path

from portfolio.views import events

urlpatterns: list[URLPattern] = [
    path("events/", events.event_list, name="event_list"),
    path("events/add/", events.event_add, name="event_add"),
    path("events/<int:pk>/", events.event_detail, name="event_detail"),
    path("events/<int:pk>/change/", events.event_change, name="event_change"),
    path("events/<int:pk>/remove/", events.event_remove, name="event_remove"),
    path("events/<int:pk>/participants/add/", events.participants_add, name="participants_add"),
    path("events/<int:pk>/participants/<int:row>/", events.participant_change, name="participant_change"),
    path("events/<int:pk>/participants/<int:row>/remove/", events.participant_remove, name="participant_remove"),
]
