"""Addresses of bells, rooms and changes for a date."""

from django.urls import path

from journal.views import bells, changes, rooms

urlpatterns = [
    path("bells/", bells.bell_list, name="bell_list"),
    path("bells/add/", bells.bell_add, name="bell_add"),
    path("bells/<int:pk>/", bells.bell_change, name="bell_change"),
    path("bells/<int:pk>/remove/", bells.bell_remove, name="bell_remove"),
    path("rooms/", rooms.room_list, name="room_list"),
    path("rooms/add/", rooms.room_add, name="room_add"),
    path("rooms/<int:pk>/", rooms.room_change, name="room_change"),
    path("rooms/<int:pk>/remove/", rooms.room_remove, name="room_remove"),
    path("changes/", changes.change_list, name="change_list"),
    path("changes/<int:pk>/withdraw/", changes.change_withdraw, name="change_withdraw"),
    path("changes/classes/<int:pk>/<str:day>/add/", changes.change_add, name="change_add"),
    path("changes/lessons/<int:pk>/<str:day>/<int:number>/replace/", changes.change_replace, name="change_replace"),
    path("changes/lessons/<int:pk>/<str:day>/<int:number>/cancel/", changes.change_cancel, name="change_cancel"),
    path("changes/lessons/<int:pk>/<str:day>/<int:number>/move/", changes.change_move, name="change_move"),
]
