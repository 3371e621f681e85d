"""Addresses of yearly sheets, below /journal/sheets/."""

from django.urls import path

from journal.views import final_marks, sheets

urlpatterns = [
    path("", sheets.sheet_list, name="sheet_list"),
    path("archive/", sheets.sheet_registry, name="sheet_registry"),
    path("archive/<int:pk>/", sheets.sheet_archived, name="sheet_archived"),
    path("layout/", sheets.sheet_layout, name="sheet_layout"),
    path("year/<int:pk>/", sheets.sheet_all, name="sheet_all"),
    path("ready/<int:pk>/", sheets.sheet_all_ready, name="sheet_all_ready"),
    path("ready/<int:pk>/zip/", sheets.sheet_all_zip, name="sheet_all_zip"),
    path("pupils/<int:pk>/", final_marks.final_marks, name="final_marks"),
    path("pupils/<int:pk>/export/", final_marks.final_marks_export, name="final_marks_export"),
    path("pupils/<int:pk>/pdf/", final_marks.final_marks_pdf, name="final_marks_pdf"),
    path("<int:pk>/", sheets.sheet_detail, name="sheet_detail"),
    path("<int:pk>/pdf/", sheets.sheet_pdf, name="sheet_pdf"),
    path("<int:pk>/export/", sheets.sheet_export, name="sheet_export"),
    path("<int:pk>/notes/", sheets.sheet_notes, name="sheet_notes"),
    path("<int:pk>/archive/", sheets.sheet_archive, name="sheet_archive"),
]
