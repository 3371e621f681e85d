"""Addresses of the journal. Each part of it adds its lines under its own heading."""

from django.urls import include, path

app_name = "journal"
urlpatterns = [
    # Diary
    # Gradebooks
    # Load
    # Imports
    # Attestation
    path("", include("journal.attestation_urls")),
    # Sheets
    # Reports
    # Desk
]
