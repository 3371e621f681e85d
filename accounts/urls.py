from django.urls import path

from accounts.views import agreement, audit, classes, devices, files, notifications, password, second_factor

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
    # Notifications
    path("notifications/", notifications.notification_list, name="notification_list"),
    path("notifications/<int:pk>/open/", notifications.notification_open, name="notification_open"),
    path("notifications/read/", notifications.notification_read_all, name="notification_read_all"),
    path("notifications/settings/", notifications.notification_settings, name="notification_settings"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/<str:label>/<path:pk>/", audit.audit_history, name="audit_history"),
]
