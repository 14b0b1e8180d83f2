"""What an agency owns of this room."""

from django.db.models import Q

from sarana.ground.owned import Owned

OWNED = (
    Owned(
        "accounts.Agency",
        "agency",
        "The agency itself: its names, kind, country, the areas of its mandate, and who is above and beside it.",
        lambda ref: Q(ref=ref),
    ),
    Owned(
        "accounts.Account",
        "people",
        "The people who hold or held a role in it, as they are called at work; no passphrase and no second factor.",
        lambda ref: Q(memberships__agency__ref=ref),
    ),
    Owned(
        "accounts.Membership",
        "roles-held",
        "Who held which role in it, from when to when, and who gave it.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "accounts.Invitation",
        "invitations",
        "Whom it invited, when, into which role, and whether she came.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned(
        "accounts.Allowance",
        "sign-in-services",
        "By which services of ministries its people might sign in.",
        lambda ref: Q(agency__ref=ref),
    ),
    Owned("accounts.Role", "roles", "What each role is; the same for all agencies.", None),
)

NOT_OWNED = {
    "accounts.Sitting": "who is signed in at this moment is no record, and ends with the agency",
    "accounts.Trial": "counts of failed sign-ins under marks that name nobody",
    "accounts.SentForm": "marks of forms of the last day, which name nobody",
    "accounts.Tie": "a person's own: how a service calls her is kept as a mark only, which nothing elsewhere can read",
}
