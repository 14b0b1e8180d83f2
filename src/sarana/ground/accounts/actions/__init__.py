"""The writing doors of this room, one subject a file."""

from sarana.ground.accounts.actions.agencies import change_agency, close_agency, load_roles, make_agency, open_agency
from sarana.ground.accounts.actions.factors import add_code_app, add_key, make_sheet, remove_factor, use_code, use_key
from sarana.ground.accounts.actions.invitations import (
    INVITATION_LASTS,
    accept_invitation,
    come_back,
    hash_word,
    invite,
    offer_way_back,
    withdraw_invitation,
)
from sarana.ground.accounts.actions.memberships import end_membership, give_role
from sarana.ground.accounts.actions.people import (
    change_own,
    change_passphrase,
    choose_language,
    end_account,
    make_account,
    tidy_sign_in_name,
)
from sarana.ground.accounts.actions.sent_forms import answer_of, keep_answer, let_form_go, take_form
from sarana.ground.accounts.actions.sittings import (
    browser_words,
    end_other_sittings,
    end_sitting,
    record_copied_key,
    record_failed_factor,
    record_failed_sign_in,
    record_sign_in,
    sign_out,
    sweep_sittings,
)
from sarana.ground.accounts.actions.trials import count_failed, give_back, take

__all__ = [
    "INVITATION_LASTS",
    "accept_invitation",
    "add_code_app",
    "add_key",
    "answer_of",
    "browser_words",
    "change_agency",
    "change_own",
    "change_passphrase",
    "choose_language",
    "close_agency",
    "come_back",
    "count_failed",
    "end_account",
    "end_membership",
    "end_other_sittings",
    "end_sitting",
    "give_back",
    "give_role",
    "hash_word",
    "invite",
    "keep_answer",
    "let_form_go",
    "load_roles",
    "make_account",
    "make_agency",
    "make_sheet",
    "offer_way_back",
    "open_agency",
    "record_copied_key",
    "record_failed_factor",
    "record_failed_sign_in",
    "record_sign_in",
    "remove_factor",
    "sign_out",
    "sweep_sittings",
    "take",
    "take_form",
    "tidy_sign_in_name",
    "use_code",
    "use_key",
    "withdraw_invitation",
]
