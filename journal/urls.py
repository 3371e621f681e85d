"""Addresses of the journal. Each part of it adds its lines under its own heading."""

from django.urls import include, path

from journal.views import desk

app_name = "journal"
urlpatterns = [
    # Diary
    # Gradebooks
    # Load
    # Imports
    # Attestation
    # Sheets
    # Reports
    path("reports/", include("journal.report_urls")),
    # Desk
    path("desk/", desk.desk, name="desk"),
]
