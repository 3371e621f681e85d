"""Addresses of the rules of entry, histories of cells, what is not posted, reasons of absence."""

from django.urls import path

from journal.views import absences, entry, history, unposted

urlpatterns = [
    path("entry/", entry.entry_detail, name="entry_detail"),
    path("entry/change/", entry.entry_change, name="entry_change"),
    path("entry/openings/add/", entry.opening_add, name="opening_add"),
    path("entry/openings/<int:pk>/close/", entry.opening_close, name="opening_close"),
    path("entry/late/", entry.late_list, name="late_list"),
    path("entry/late/export/", entry.late_export, name="late_export"),
    path("gradebooks/<int:pk>/ask/", entry.entry_ask, name="entry_ask"),
    path("gradebooks/<int:pk>/history/", history.cell_history, name="cell_history"),
    path("gradebooks/<int:pk>/history/export/", history.cell_history_export, name="cell_history_export"),
    path("unposted/", unposted.unposted_list, name="unposted_list"),
    path("classes/<int:pk>/absences/", absences.class_absences, name="class_absences"),
]
