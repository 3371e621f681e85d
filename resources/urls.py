from django.urls import path

from resources.views import connections, desk, elements, registry_files, reviews
from resources.views import desk, desk_files, documents, elements

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
    # Documents and who has read them
    path("documents/", documents.document_list, name="document_list"),
    path("documents/<int:pk>/", documents.document_detail, name="document_detail"),
    path("documents/<int:pk>/editions/<int:number>/", documents.document_edition, name="document_edition"),
    path("documents/<int:pk>/acquaint/", documents.document_acquaint, name="document_acquaint"),
    path("documents/<int:pk>/readers/", documents.document_readers, name="document_readers"),
    # The desk of an element's administrator
    path("desk/", desk.desk_list, name="desk_list"),
    # Reviews and connections at the desk
    path("desk/reviews/", reviews.desk_reviews, name="desk_reviews"),
    path("desk/<slug:slug>/review/", reviews.desk_review, name="desk_review"),
    path("desk/<slug:slug>/connection/", connections.desk_connection, name="desk_connection"),
    path("desk/<slug:slug>/", desk.desk_element, name="desk_element"),
    # Files inside a card
    path("desk/<slug:slug>/files/", desk_files.desk_files, name="desk_files"),
    path("desk/<slug:slug>/files/<int:pk>/remove/", desk_files.desk_file_remove, name="desk_file_remove"),
]
