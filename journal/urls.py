"""Addresses of the journal. Each part of it adds its lines under its own heading."""

from django.urls import include, path

from journal.views import classes, desk, diary, imports, week

app_name = "journal"
urlpatterns = [
    # Diary
    path("", diary.diary_home, name="diary"),
    path("pupils/<int:pk>/", diary.diary_detail, name="diary_detail"),
    path("pupils/<int:pk>/export/", diary.diary_export, name="diary_export"),
    path("pupils/<int:pk>/what-if/", diary.diary_what_if, name="diary_what_if"),
    path("pupils/<int:pk>/week/", week.diary_week, name="diary_week"),
    path("classes/<int:pk>/", classes.class_page, name="class_glance"),
    path("classes/<int:pk>/export/", classes.class_page_export, name="class_glance_export"),
    # Gradebooks
    # Load
    path("", include("journal.books_urls")),
    # Rules of entry
    path("", include("journal.entry_urls")),
    # Lessons
    path("", include("journal.lessons_urls")),
    # Print of gradebooks
    path("", include("journal.paper_urls")),
    # Timetable
    path("", include("journal.timetables_urls")),
    path("", include("journal.bells_urls")),
    # Imports
    path("imports/", imports.import_list, name="import_list"),
    path("imports/add/", imports.import_add, name="import_add"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/answer/", imports.import_answer, name="import_answer"),
    path("imports/<int:pk>/files/<int:file>/", imports.import_say, name="import_say"),
    path("imports/<int:pk>/apply/", imports.import_apply, name="import_apply"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
    path("imports/<int:pk>/drop/", imports.import_drop, name="import_drop"),
    # Attestation
    path("", include("journal.attestation_urls")),
    # Sheets
    path("sheets/", include("journal.sheet_urls")),
    # Reports
    path("reports/", include("journal.report_urls")),
    # Desk
    path("desk/", desk.desk, name="desk"),
]
