"""Addresses of achievements and of the queue of those that wait."""

from django.urls import path

from portfolio.views import achievement_queue as checking
from portfolio.views import achievements

urlpatterns = [
    path("achievements/", achievements.achievement_list, name="achievement_list"),
    path("achievements/add/", achievements.achievement_add, name="achievement_add"),
    path("achievements/<int:pk>/", achievements.achievement_detail, name="achievement_detail"),
    path("achievements/<int:pk>/change/", achievements.achievement_change, name="achievement_change"),
    path("achievements/<int:pk>/submit/", achievements.achievement_submit, name="achievement_submit"),
    path("achievements/<int:pk>/take-back/", achievements.achievement_take_back, name="achievement_take_back"),
    path("achievements/<int:pk>/renew/", achievements.achievement_renew, name="achievement_renew"),
    path("achievements/<int:pk>/remove/", achievements.achievement_remove, name="achievement_remove"),
    path("achievements/<int:pk>/same/", achievements.achievement_same, name="achievement_same"),
    path("pupils/<int:pk>/achievements/", achievements.pupil_achievement_list, name="pupil_achievement_list"),
    path("queue/", checking.queue, name="queue"),
    path("queue/confirm/", checking.queue_confirm_many, name="queue_confirm_many"),
    path("queue/doubles/", checking.double_list, name="double_list"),
    path("queue/<int:pk>/", checking.queue_detail, name="queue_detail"),
    path("queue/<int:pk>/confirm/", checking.queue_confirm, name="queue_confirm"),
    path("queue/<int:pk>/return/", checking.queue_return, name="queue_return"),
]
