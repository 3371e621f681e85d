from django.urls import path

from accounts.views import agreement, audit, classes, devices, files, password, people, rollover, second_factor

app_name = "accounts"
urlpatterns = [
    path("password/first/", password.first_password, name="first_password"),
    path("password/first/keep/", password.keep_password, name="keep_password"),
    path("account/continue/", second_factor.go_on, name="go_on"),
    path("account/devices/<int:pk>/end/", devices.session_end, name="session_end"),
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/children/", agreement.agreement_children, name="agreement_children"),
    path("agreement/children/<int:pk>/", agreement.agreement_child, name="agreement_child"),
    path("agreement/report/", agreement.agreement_report, name="agreement_report"),
    path("agreement/report/export/", agreement.agreement_report_export, name="agreement_report_export"),
    path("classes/", classes.class_list, name="class_list"),
    path("classes/<int:pk>/agreement/", classes.class_agreement, name="class_agreement"),
    path("classes/<int:pk>/agreement/paper/", classes.class_agreement_paper, name="class_agreement_paper"),
    path("classes/year/<int:pk>/", people.class_year, name="class_year"),
    path("classes/<int:pk>/", people.class_detail, name="class_detail"),
    path("classes/<int:pk>/pupils/<int:pupil_pk>/", people.class_pupil, name="class_pupil"),
    # People.
    path("people/", people.person_list, name="person_list"),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    # The change of the year.
    path("rollover/", rollover.rollover_list, name="rollover_list"),
    path("rollover/start/", rollover.rollover_start, name="rollover_start"),
    path("rollover/<int:pk>/", rollover.rollover_detail, name="rollover_detail"),
    path("rollover/<int:pk>/classes/", rollover.rollover_classes, name="rollover_classes"),
    path("rollover/<int:pk>/checks/", rollover.rollover_checks, name="rollover_checks"),
    path("rollover/<int:pk>/pupils/", rollover.rollover_preview, name="rollover_preview"),
    path("rollover/<int:pk>/pupils/<int:class_pk>/", rollover.rollover_class, name="rollover_class"),
    path("rollover/<int:pk>/terms/", rollover.rollover_terms, name="rollover_terms"),
    path("rollover/<int:pk>/orders/", rollover.rollover_orders, name="rollover_orders"),
    path("files/<uuid:key>/", files.file, name="file"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/<str:label>/<path:pk>/", audit.audit_history, name="audit_history"),
]
