from django.urls import path

from portfolio.views import leavers

urlpatterns = [
    path("leavers/", leavers.leaver_list, name="leaver_list"),
    path("leavers/freeze/", leavers.leaver_freeze_many, name="leaver_freeze_many"),
    path("leavers/links/", leavers.leaver_link_many, name="leaver_link_many"),
    path("leavers/<int:pk>/freeze/", leavers.leaver_freeze, name="leaver_freeze"),
    path("leavers/<int:pk>/unfreeze/", leavers.leaver_unfreeze, name="leaver_unfreeze"),
    path("leavers/<int:pk>/link/", leavers.leaver_link, name="leaver_link"),
    path("handovers/<int:pk>/revoke/", leavers.leaver_revoke, name="leaver_revoke"),
    path("handover/<str:code>/", leavers.handover, name="handover"),
]
