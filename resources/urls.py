from django.urls import path

from resources.views import desk, desk_credential, desk_credentials, desk_tasks, elements, logins

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/tasks/", desk_tasks.desk_task_list, name="desk_task_list"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
    # Logins and passwords at platforms: the owner's side
    path("cabinet/logins/", logins.login_list, name="login_list"),
    path("cabinet/logins/add/", logins.login_add, name="login_add"),
    path("cabinet/logins/<int:pk>/reveal/", logins.login_reveal, name="login_reveal"),
    path("cabinet/logins/<int:pk>/change/", logins.login_change, name="login_change"),
    path("cabinet/logins/<int:pk>/delete/", logins.login_delete, name="login_delete"),
    path("link/platform/", logins.credential_link, name="credential_link"),
    path("classes/<int:pk>/platforms/", desk_tasks.class_logins, name="class_logins"),
    # Logins and passwords at platforms: the desk
    path("desk/<slug:slug>/credentials/", desk_credentials.desk_credentials, name="desk_credentials"),
    path(
        "desk/<slug:slug>/credentials/export/", desk_credentials.desk_credentials_export, name="desk_credentials_export"
    ),
    path("desk/<slug:slug>/credentials/issue/", desk_credentials.desk_credentials_issue, name="desk_credentials_issue"),
    path("desk/<slug:slug>/credentials/slips/", desk_credentials.desk_credentials_slips, name="desk_credentials_slips"),
    path("desk/<slug:slug>/credentials/<int:pk>/", desk_credential.desk_credential, name="desk_credential"),
    path(
        "desk/<slug:slug>/credentials/<int:pk>/reissue/",
        desk_credential.desk_credential_reissue,
        name="desk_credential_reissue",
    ),
    path(
        "desk/<slug:slug>/credentials/<int:pk>/term/", desk_credential.desk_credential_term, name="desk_credential_term"
    ),
    path(
        "desk/<slug:slug>/credentials/<int:pk>/revoke/",
        desk_credential.desk_credential_revoke,
        name="desk_credential_revoke",
    ),
    path(
        "desk/<slug:slug>/credentials/<int:pk>/link/", desk_credential.desk_credential_link, name="desk_credential_link"
    ),
    path("desk/<slug:slug>/tasks/", desk_tasks.desk_tasks, name="desk_tasks"),
    path("desk/<slug:slug>/tasks/close/", desk_tasks.desk_tasks_close, name="desk_tasks_close"),
]
