"""Addresses of attestation, debts, state exams and councils; included by `journal.urls`."""

from django.urls import path

from journal.views import attestation, councils, debts, exams

urlpatterns = [
    path("attestation/", attestation.attestation_list, name="attestation_list"),
    path("attestation/mine/", attestation.attestation_mine, name="attestation_mine"),
    path("attestation/classes/<int:pk>/", attestation.attestation_class, name="attestation_class"),
    path("attestation/classes/<int:pk>/make/", attestation.attestation_make, name="attestation_make"),
    path("attestation/classes/<int:pk>/days/", attestation.attestation_days, name="attestation_days"),
    path("attestation/<int:pk>/", attestation.assessment_detail, name="assessment_detail"),
    path("attestation/<int:pk>/change/", attestation.assessment_change, name="assessment_change"),
    path("attestation/<int:pk>/delete/", attestation.assessment_delete, name="assessment_delete"),
    path("debts/", debts.debt_list, name="debt_list"),
    path("debts/<int:pk>/", debts.debt_detail, name="debt_detail"),
    path("debts/<int:pk>/retakes/add/", debts.retake_add, name="retake_add"),
    path("debts/<int:pk>/retakes/<int:number>/", debts.retake_change, name="retake_change"),
    path("debts/<int:pk>/retakes/<int:number>/cancel/", debts.retake_cancel, name="retake_cancel"),
    path("debts/<int:pk>/retakes/<int:number>/result/", debts.retake_result, name="retake_result"),
    path("exams/", exams.exam_list, name="exam_list"),
    path("exams/import/", exams.exam_import, name="exam_import"),
    path("exams/import/confirm/", exams.exam_import_confirm, name="exam_import_confirm"),
    path("exams/classes/<int:pk>/", exams.exam_class, name="exam_class"),
    path("exams/classes/<int:pk>/enter/", exams.exam_enter, name="exam_enter"),
    path("councils/", councils.council_list, name="council_list"),
    path("councils/add/", councils.council_add, name="council_add"),
    path("councils/<int:pk>/", councils.council_detail, name="council_detail"),
    path("councils/<int:pk>/gradebooks/<int:book>/", councils.council_gradebook, name="council_gradebook"),
    path("councils/<int:pk>/results/<int:result>/", councils.council_result, name="council_result"),
    path("councils/<int:pk>/freeze/", councils.council_freeze, name="council_freeze"),
    path("councils/<int:pk>/unfreeze/", councils.council_unfreeze, name="council_unfreeze"),
    path("councils/<int:pk>/confirm/", councils.council_confirm, name="council_confirm"),
    path("councils/<int:pk>/call-off/", councils.council_call_off, name="council_call_off"),
]
