from django.urls import path

from accounts.views import (
    agreement,
    audit,
    class_consents,
    class_parents,
    classes,
    consent_report,
    consents,
    devices,
    files,
    password,
    second_factor,
)

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
    path("files/<uuid:key>/", files.file, name="file"),
    # Parents
    path("classes/<int:pk>/parents/", class_parents.class_parents, name="class_parents"),
    path("classes/<int:pk>/parents/<int:pupil>/add/", class_parents.class_parent_add, name="class_parent_add"),
    path("classes/<int:pk>/relations/<int:relation>/end/", class_parents.class_relation_end, name="class_relation_end"),
    # Consents
    path("consents/", consents.consent_list, name="consent_list"),
    path("consents/report/", consent_report.consent_report, name="consent_report"),
    path("consents/report/export/", consent_report.consent_report_export, name="consent_report_export"),
    path("consents/<int:pk>/<slug:kind>/", consents.consent, name="consent"),
    path("consents/<int:pk>/<slug:kind>/refuse/", consents.consent_refuse, name="consent_refuse"),
    path("consents/<int:pk>/<slug:kind>/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
    path("classes/<int:pk>/consents/", class_consents.class_consents, name="class_consents"),
    path("classes/<int:pk>/consents/export/", class_consents.class_consents_export, name="class_consents_export"),
    path("classes/<int:pk>/consents/paper/", class_consents.class_consents_paper, name="class_consents_paper"),
    path(
        "classes/<int:pk>/consents/<slug:kind>/blank/", class_consents.class_consents_blank, name="class_consents_blank"
    ),
    path(
        "classes/<int:pk>/consents/<int:consent>/withdraw/",
        class_consents.class_consent_withdraw,
        name="class_consent_withdraw",
    ),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/<str:label>/<path:pk>/", audit.audit_history, name="audit_history"),
]
