from django.urls import path

from portfolio.views import invitations, reviews, rubrics

urlpatterns = [
    path("works/<int:pk>/versions/<int:number>/review/", reviews.review_add, name="review_add"),
    path("works/<int:pk>/versions/<int:number>/invite/", invitations.invitation_add, name="invitation_add"),
    path("own-reviews/", reviews.own_review_list, name="own_review_list"),
    path("reviews/<int:pk>/", reviews.review_detail, name="review_detail"),
    path("reviews/<int:pk>/answer/", reviews.review_answer, name="review_answer"),
    path("reviews/<int:pk>/revoke/", reviews.review_revoke, name="review_revoke"),
    path("reviews/<int:pk>/publish/", reviews.review_publish, name="review_publish"),
    path("reviews/<int:pk>/decline/", reviews.review_decline, name="review_decline"),
    path("moderation/", reviews.moderation_list, name="moderation_list"),
    path("moderation/publish/", reviews.review_publish_many, name="review_publish_many"),
    path("rubrics/", rubrics.rubric_list, name="rubric_list"),
    path("rubrics/add/", rubrics.rubric_add, name="rubric_add"),
    path("rubrics/<int:pk>/change/", rubrics.rubric_change, name="rubric_change"),
    path("rubrics/<int:pk>/retire/", rubrics.rubric_retire, name="rubric_retire"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/<int:pk>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    # Before the codes, which are longer.
    path("invited/sent/", invitations.invited_sent, name="invited_sent"),
    path("invited/<str:code>/", invitations.invited, name="invited"),
    path("invited/<str:code>/files/<uuid:key>/", invitations.invited_file, name="invited_file"),
    path("rules/", rubrics.rules, name="rules"),
]
