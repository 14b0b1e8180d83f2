"""What we ask of the sign-in library: nobody signs up unasked, and names are kept in one form."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter

from sarana.ground.accounts.actions import tidy_sign_in_name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts come from invitations only."""

    def is_open_for_signup(self, request: Any) -> bool:
        """Never: an invitation's link leads to a page of ours."""
        return False

    def authenticate(self, request: Any, **credentials: Any) -> Any:
        """Compare with the sign-in name in the form in which it is kept."""
        if "username" in credentials:
            credentials["username"] = tidy_sign_in_name(credentials["username"])
        return super().authenticate(request, **credentials)
