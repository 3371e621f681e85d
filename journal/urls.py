"""Addresses of the journal. Each part of it adds its lines under its own heading."""

app_name = "journal"
urlpatterns = [
    # Diary
    # Gradebooks
    # Load
    # Imports
    # Attestation
    # Sheets
    # Reports
    # Desk
]
