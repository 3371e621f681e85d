"""Addresses of the journal's reports; each has the same as XLSX beside it."""

from django.urls import path

from journal.views import reports

urlpatterns = [
    path("", reports.report_list, name="report_list"),
    path("quality/", reports.report_quality, name="report_quality"),
    path("quality/xlsx/", reports.report_quality_export, name="report_quality_export"),
    path("classes/<int:pk>/", reports.report_class, name="report_class"),
    path("classes/<int:pk>/xlsx/", reports.report_class_export, name="report_class_export"),
    path("pupils/<int:pk>/", reports.report_pupil, name="report_pupil"),
    path("pupils/<int:pk>/xlsx/", reports.report_pupil_export, name="report_pupil_export"),
    path("attendance/", reports.report_attendance, name="report_attendance"),
    path("attendance/xlsx/", reports.report_attendance_export, name="report_attendance_export"),
    path("attendance/<int:pk>/", reports.report_attendance_class, name="report_attendance_class"),
    path("attendance/<int:pk>/xlsx/", reports.report_attendance_class_export, name="report_attendance_class_export"),
    path("anomalies/", reports.report_anomalies, name="report_anomalies"),
    path("anomalies/xlsx/", reports.report_anomalies_export, name="report_anomalies_export"),
]
