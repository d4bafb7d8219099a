"""Addresses of administration."""

from django.urls import path

from .views import accounts, organisations, roles, tokens

app_name = "agencies"
urlpatterns = [
    path("administration/", organisations.start, name="administration"),
    path("administration/organisations/", organisations.organisation_list, name="organisations"),
    path("administration/organisations/new/", organisations.new, name="new-organisation"),
    path("administration/organisations/<slug:slug>/", organisations.change, name="organisation"),
    path("administration/organisations/<slug:slug>/close/", organisations.close, name="close-organisation"),
    path("administration/organisations/<slug:slug>/teams/new/", organisations.team, name="new-team"),
    path("administration/organisations/<slug:slug>/teams/<int:team>/", organisations.team, name="team"),
    path("administration/accounts/", accounts.account_list, name="users"),
    path("administration/accounts/new/", accounts.new, name="new-user"),
    path("administration/accounts/<int:pk>/", accounts.account, name="user"),
    path("administration/accounts/<int:pk>/details/", accounts.details, name="change-user"),
    path("administration/accounts/<int:pk>/roles/new/", accounts.membership, name="new-membership"),
    path("administration/accounts/<int:pk>/roles/<int:membership>/", accounts.membership, name="membership"),
    path("administration/accounts/<int:pk>/close/", accounts.close, name="close-user"),
    path("administration/accounts/<int:pk>/two-factor/", accounts.reset_two_factor, name="reset-two-factor"),
    path("administration/accounts/<int:pk>/sign-in-link/", accounts.sign_in_link, name="sign-in-link"),
    path("administration/roles/", roles.role_list, name="roles"),
    path("administration/roles/new/", roles.role, name="new-role"),
    path("administration/roles/<slug:slug>/", roles.role, name="role"),
    path("administration/tokens/", tokens.token_list, name="tokens"),
    path("administration/tokens/new/", tokens.new, name="new-token"),
    path("administration/tokens/<uuid:token>/withdraw/", tokens.withdraw, name="withdraw-token"),
]
