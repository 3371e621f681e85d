from django.urls import path

from resources.views import connections, desk, elements, registry_files, reviews

app_name = "resources"
urlpatterns = [
    path("elements/", elements.element_list, name="element_list"),
    # Registry files and reviews: before cards, whose addresses they would be
    path("elements/export/<slug:kind>/", registry_files.element_export, name="element_export"),
    path("elements/import/", registry_files.element_import, name="element_import"),
    path("elements/import/<uuid:key>/", registry_files.element_import_preview, name="element_import_preview"),
    path("elements/reviews/", reviews.element_reviews, name="element_reviews"),
    path("elements/reviews/export/", reviews.element_reviews_export, name="element_reviews_export"),
    path("elements/<slug:slug>/connection/", connections.element_connection, name="element_connection"),
    path(
        "elements/<slug:slug>/connection/confirm/",
        connections.element_connection_confirm,
        name="element_connection_confirm",
    ),
    path("elements/<slug:slug>/", elements.element_detail, name="element_detail"),
    path("elements/<slug:slug>/training/", elements.element_training, name="element_training"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    # Reviews and connections at the desk
    path("desk/reviews/", reviews.desk_reviews, name="desk_reviews"),
    path("desk/<slug:slug>/review/", reviews.desk_review, name="desk_review"),
    path("desk/<slug:slug>/connection/", connections.desk_connection, name="desk_connection"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
]
