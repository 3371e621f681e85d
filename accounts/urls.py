from django.urls import path

from accounts.views import (
    agreement,
    audit,
    classes,
    credentials,
    devices,
    files,
    links,
    password,
    second_factor,
    slip_batches,
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
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/<str:label>/<path:pk>/", audit.audit_history, name="audit_history"),
    # Credentials
    path("credentials/", credentials.credentials_list, name="credentials_list"),
    path("credentials/export/", credentials.credentials_export, name="credentials_export"),
    path("credentials/issue/", credentials.credentials_issue, name="credentials_issue"),
    path("credentials/people/<int:pk>/", credentials.credentials_person, name="credentials_person"),
    path("credentials/people/<int:pk>/reprint/", credentials.credentials_reprint, name="credentials_reprint"),
    path("credentials/people/<int:pk>/link/", links.credentials_link, name="credentials_link"),
    path("credentials/batches/", slip_batches.slip_batch_list, name="slip_batch_list"),
    path("credentials/batches/<int:pk>/", slip_batches.slip_batch, name="slip_batch"),
    path("credentials/batches/<int:pk>/hand/", slip_batches.slip_batch_hand, name="slip_batch_hand"),
    path("credentials/batches/<int:pk>/give/", slip_batches.slip_batch_give, name="slip_batch_give"),
    path("classes/slips/", slip_batches.class_slips_list, name="class_slips_list"),
    path("classes/<int:pk>/slips/", slip_batches.class_slips, name="class_slips"),
    path("classes/<int:pk>/slips/give/", slip_batches.class_slips_give, name="class_slips_give"),
    path("link/", links.link_open, name="link_open"),
    path("link/password/", links.link_password, name="link_password"),
]
