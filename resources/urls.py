from django.urls import path

from resources.views import desk, desk_requests, elements, requests, suggestions

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
    # Requests and suggestions
    path("elements/<slug:slug>/ask/", requests.element_ask, name="element_ask"),
    path("requests/", requests.request_list, name="request_list"),
    path("requests/class/", requests.request_class, name="request_class"),
    path("requests/class/confirm/", requests.request_class_confirm, name="request_class_confirm"),
    path("requests/<int:pk>/withdraw/", requests.request_withdraw, name="request_withdraw"),
    path("desk/<slug:slug>/requests/", desk_requests.desk_requests, name="desk_requests"),
    path("desk/<slug:slug>/requests/pool/", desk_requests.desk_requests_pool, name="desk_requests_pool"),
    path("desk/<slug:slug>/requests/generate/", desk_requests.desk_requests_generate, name="desk_requests_generate"),
    path("desk/<slug:slug>/requests/open/", desk_requests.desk_requests_open, name="desk_requests_open"),
    path("desk/<slug:slug>/requests/decline/", desk_requests.desk_requests_decline, name="desk_requests_decline"),
    path("desk/<slug:slug>/requests/<int:pk>/", desk_requests.desk_request, name="desk_request"),
    path(
        "desk/<slug:slug>/requests/<int:pk>/confirm/", desk_requests.desk_request_confirm, name="desk_request_confirm"
    ),
    path(
        "desk/<slug:slug>/requests/<int:pk>/decline/", desk_requests.desk_request_decline, name="desk_request_decline"
    ),
    path("desk/<slug:slug>/requests/<int:pk>/revoke/", desk_requests.desk_request_revoke, name="desk_request_revoke"),
    path("desk/<slug:slug>/suggestions/", suggestions.desk_suggestions, name="desk_suggestions"),
    path("suggestions/", suggestions.suggestion_list, name="suggestion_list"),
    path("suggestions/add/", suggestions.suggestion_add, name="suggestion_add"),
    path("suggestions/inbox/", suggestions.suggestion_inbox, name="suggestion_inbox"),
    path("suggestions/<int:pk>/", suggestions.suggestion_detail, name="suggestion_detail"),
    path("suggestions/<int:pk>/answer/", suggestions.suggestion_answer, name="suggestion_answer"),
]
