from django.urls import path

from accounts.views import (
    agreement,
    audit,
    blocking,
    classes,
    devices,
    files,
    incidents,
    password,
    second_factor,
    sign_in_help,
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
    # Help with sign-in, blocking
    path("help/sign-in/", sign_in_help.sign_in_trouble, name="sign_in_trouble"),
    path("help/sign-in/sent/", sign_in_help.sign_in_trouble_sent, name="sign_in_trouble_sent"),
    path("help/stop/", sign_in_help.stop_by_code, name="stop_by_code"),
    path("help/stop/sent/", sign_in_help.stop_by_code_sent, name="stop_by_code_sent"),
    path("help/stopped/", sign_in_help.self_block_done, name="self_block_done"),
    path("account/stop/", sign_in_help.self_block, name="self_block"),
    path("incidents/", incidents.incident_list, name="incident_list"),
    path("incidents/<int:pk>/", incidents.incident_detail, name="incident_detail"),
    path("incidents/<int:pk>/note/", incidents.incident_note, name="incident_note"),
    path("incidents/<int:pk>/close/", incidents.incident_close, name="incident_close"),
    path("people/<int:pk>/block/", blocking.person_block, name="person_block"),
    path("people/<int:pk>/unblock/", blocking.person_unblock, name="person_unblock"),
]
