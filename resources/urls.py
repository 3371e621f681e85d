from django.urls import path

from resources.views import audience, desk, elements, privileges

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
    # Privileges, who can open what, and why
    path("desk/<slug:slug>/privileges/", privileges.desk_privileges, name="desk_privileges"),
    path("desk/<slug:slug>/privileges/grant/", privileges.desk_privilege_grant, name="desk_privilege_grant"),
    path("desk/<slug:slug>/privileges/confirm/", privileges.desk_privilege_confirm, name="desk_privilege_confirm"),
    path(
        "desk/<slug:slug>/privileges/<int:pk>/extend/", privileges.desk_privilege_extend, name="desk_privilege_extend"
    ),
    path(
        "desk/<slug:slug>/privileges/<int:pk>/revoke/", privileges.desk_privilege_revoke, name="desk_privilege_revoke"
    ),
    path("desk/<slug:slug>/who/", audience.desk_who, name="desk_who"),
    path("desk/<slug:slug>/who/export/", audience.desk_who_export, name="desk_who_export"),
    path("desk/<slug:slug>/who/<int:pk>/", audience.desk_why, name="desk_why"),
    path("why/", audience.why, name="why"),
]
