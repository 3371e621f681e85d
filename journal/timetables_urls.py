"""Addresses of the timetable: reading it, and editing it."""

from django.urls import path

from journal.views import timetable_files as files
from journal.views import timetable_pages as pages
from journal.views import timetables as views

urlpatterns = [
    path("timetable/", pages.timetable, name="timetable"),
    path("timetable/day/", pages.timetable_day, name="timetable_day"),
    path("timetable/classes/<int:pk>/", pages.timetable_of_class, name="timetable_of_class"),
    path("timetable/teachers/<int:pk>/", pages.timetable_of_teacher, name="timetable_of_teacher"),
    path("timetable/rooms/<int:pk>/", pages.timetable_of_room, name="timetable_of_room"),
    path("timetables/", views.timetable_list, name="timetable_list"),
    path("timetables/add/", views.timetable_add, name="timetable_add"),
    path("timetables/<int:pk>/", views.timetable_detail, name="timetable_detail"),
    path("timetables/<int:pk>/force/", views.timetable_force, name="timetable_force"),
    path("timetables/<int:pk>/remove/", views.timetable_remove, name="timetable_remove"),
    path("timetables/<int:pk>/export/", files.timetable_export, name="timetable_export"),
    path("timetables/<int:pk>/import/", files.timetable_import, name="timetable_import"),
    path("timetables/<int:pk>/import/<uuid:key>/", files.timetable_import_preview, name="timetable_import_preview"),
    path("timetables/<int:pk>/classes/<int:school_class>/", views.timetable_class, name="timetable_class"),
    path("timetables/<int:pk>/classes/<int:school_class>/add/", views.timetable_line_add, name="timetable_line_add"),
    path("timetables/lines/<int:pk>/", views.timetable_line_change, name="timetable_line_change"),
    path("timetables/lines/<int:pk>/remove/", views.timetable_line_remove, name="timetable_line_remove"),
]
