from django.urls import path

from accounts.views import agreement, audit, classes, devices, files, order_lines, orders, password, second_factor

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
    # Orders
    path("orders/", orders.order_list, name="order_list"),
    path("orders/new/", orders.order_new, name="order_new"),
    path("orders/<int:pk>/", orders.order_detail, name="order_detail"),
    path("orders/<int:pk>/edit/", orders.order_edit, name="order_edit"),
    path("orders/<int:pk>/sign/", orders.order_sign, name="order_sign"),
    path("orders/<int:pk>/return/", orders.order_return, name="order_return"),
    path("orders/<int:pk>/delete/", orders.order_delete, name="order_delete"),
    path("orders/<int:pk>/execute/", orders.order_execute, name="order_execute"),
    path("orders/<int:pk>/cancel/", orders.order_cancel, name="order_cancel"),
    path("orders/<int:pk>/amend/", orders.order_amend, name="order_amend"),
    path("orders/<int:pk>/scan/", orders.order_scan, name="order_scan"),
    path("orders/<int:pk>/print/", orders.order_print, name="order_print"),
    path("orders/<int:pk>/people/", order_lines.order_people, name="order_people"),
    path("orders/<int:pk>/newcomer/", order_lines.order_newcomer, name="order_newcomer"),
    path("orders/<int:pk>/lines/remove/", order_lines.order_lines_remove, name="order_lines_remove"),
    path("orders/<int:pk>/lines/<int:line>/", order_lines.order_line_edit, name="order_line_edit"),
    path("orders/<int:pk>/lines/<int:line>/amend/", order_lines.order_amended_line, name="order_amended_line"),
    path("orders/<int:pk>/lines/<int:line>/exclude/", order_lines.order_excluded_line, name="order_excluded_line"),
    path("files/<uuid:key>/", files.file, name="file"),
    path("audit/", audit.audit_list, name="audit_list"),
    path("audit/<str:label>/<path:pk>/", audit.audit_history, name="audit_history"),
]
