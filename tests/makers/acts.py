"""Every act that an address of the house takes: who does it, what is sent, and which lines it leaves in the ledger.

The addresses are found by the walk; one that takes POST and stands in no line here fails a test. Each line makes what
its act needs in a house of its own, so that it can be done there, done twice, forged, or tried by somebody else.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from makers.agencies import PASSPHRASE, a_person, acting, an_agency, local
from makers.browsers import a_signed_in, asked, question_of, sign_in, types_passphrase
from makers.incidents import all_told, an_incident, incident_form, moment
from makers.keys import SoftKey
from makers.lists import pcodes
from makers.purposes import a_purpose, purpose_form
from sarana.ground.accounts import actions, guarded, queries
from sarana.ground.accounts.models import Account, Agency, Membership, Role, Sitting
from sarana.ground.accounts.models.store import owner_mark
from sarana.ground.codelists import actions as lists
from sarana.ground.codelists import sources
from sarana.ground.jobs import actions as jobs
from sarana.ground.words import actions as words
from sarana.ground.words import queries as words_queries
from sarana.ground.words.models import Proposal

ADMIN, OFFICER = guarded.ADMINISTRATOR, guarded.OFFICER
OTHER_PASSPHRASE = "eight loud hills sleep"  # noqa: S105


@dataclass
class House:
    """An agency under one and over two others, and in it people by their first names."""

    role: str = "case-worker"
    ours: Agency = field(init=False)
    below: Agency = field(init=False)
    people: dict[str, Account] = field(init=False)

    def __post_init__(self) -> None:
        """Build it."""
        above = an_agency("Above")
        self.ours = an_agency("Ours", parent=above)
        self.below = an_agency("Below", parent=self.ours)
        roles = {"ada": ADMIN, "bea": OFFICER, "cid": "supervisor", "dan": "case-worker", "eve": self.role}
        roles["kim"] = "data-custodian"
        self.people = {name: a_person(self.ours, role, name=name) for name, role in roles.items()}

    def acts(self, name: str) -> Any:
        """Somebody as the one who acts, now."""
        return acting(self.people[name], now=timezone.localtime())

    def comes(self, name: str, **more: Any) -> Client:
        """A browser in which somebody signed in with a second factor."""
        return sign_in(Client(raise_request_exception=False, **more), self.people[name])

    def held_by(self, name: str) -> Membership:
        """The one role of somebody."""
        return Membership.objects.get(account=self.people[name])

    def proposal(self, *, is_agreed: bool = False) -> Proposal:
        """Ada proposes that Dan becomes an administrator; Bea agrees where that is asked."""
        made = words.propose(
            self.acts("ada"), guarded.GIVE_ROLE, agency=self.ours, subject=self.people["dan"], role=ADMIN
        )
        if is_agreed:
            words.speak(self.acts("bea"), words_queries.get_proposal(self.acts("bea"), made.ref))
        return made


@dataclass(frozen=True, slots=True)
class Ready:
    """An act that is about to be done: the browser, the address, what is sent."""

    client: Client
    path: str
    data: dict[str, Any]

    def send(self, client: Client | None = None) -> HttpResponse:
        """Send it, in this browser or in another one."""
        for file in (each for each in self.data.values() if isinstance(each, SimpleUploadedFile)):
            file.seek(0)
        answer: HttpResponse = (client or self.client).post(self.path, self.data)
        return answer


type Prepare = Callable[[House, str], Ready]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the address, how it is prepared, the lines it leaves, and whether only an administrator does it."""

    name: str
    prepare: Prepare
    lines: tuple[str, ...]
    is_administrators: bool = False
    again: int = 1
    """The lines that the same form leaves when it is sent once more, without the word by which it is done once."""
    uses_up: bool = False
    """True where each try uses up a code or the answer of a key, whatever comes of it."""


def by(name: str, about: Callable[[House], tuple[UUID | str | None, dict[str, Any]]]) -> Prepare:
    """Done by somebody of the house: `about` gives the reference in the address, if there is one, and the form."""

    def prepare(house: House, address: str) -> Ready:
        ref, data = about(house)
        return Ready(house.comes(name), reverse(address, kwargs={"ref": ref} if ref else {}), data)

    return prepare


def _nothing(_house: House) -> tuple[None, dict[str, Any]]:
    return None, {}


def _own(house: House) -> tuple[None, dict[str, Any]]:
    return None, {"version": house.people["dan"].version, "name": "Dan D", "language": "th", "calendar": "be"}


def _passphrase(_house: House) -> tuple[None, dict[str, Any]]:
    return None, {"present": PASSPHRASE, "passphrase": OTHER_PASSPHRASE, "again": OTHER_PASSPHRASE}


def _sitting(house: House) -> tuple[UUID, dict[str, Any]]:
    house.comes("dan")
    return Sitting.objects.filter(owner_mark=owner_mark(house.people["dan"].ref)).latest("pk").ref, {}


def _new_agency(house: House) -> tuple[UUID, dict[str, Any]]:
    return house.ours.ref, {"once": str(uuid4()), "name": "New", "kind": "shelter", "country": "TH", "areas": "TH50"}


def _changed_agency(house: House) -> tuple[UUID, dict[str, Any]]:
    return house.ours.ref, {"version": house.ours.version, "name": "Changed", "name_local": "", "areas": "TH57"}


def _open_agency(house: House) -> tuple[UUID, dict[str, Any]]:
    return house.below.ref, {"version": house.below.version}


def _closed_agency(house: House) -> tuple[UUID, dict[str, Any]]:
    actions.close_agency(local(), house.below, version=house.below.version)
    return house.below.ref, {"version": house.below.version}


def _invited(house: House) -> tuple[UUID, dict[str, Any]]:
    return house.ours.ref, {"once": str(uuid4()), "name": "Fay", "role": "shelter"}


def _given(house: House) -> tuple[UUID, dict[str, Any]]:
    return house.ours.ref, {"sign_in_name": house.people["dan"].sign_in_name, "role": "shelter", "until": ""}


def _an_invitation(house: House) -> tuple[Any, str]:
    return actions.invite(
        house.acts("ada"), agency=house.ours, role=Role.objects.get(code="shelter"), name="Fay", ref=uuid4()
    )


def _open_invitation(house: House) -> tuple[UUID, dict[str, Any]]:
    return _an_invitation(house)[0].ref, {}


def _role(house: House) -> tuple[UUID, dict[str, Any]]:
    held = house.held_by("dan")
    return held.ref, {"version": held.version}


def _proposed(house: House) -> tuple[None, dict[str, Any]]:
    return None, {"act": guarded.GIVE_ROLE, "membership": str(house.held_by("dan").ref), "role": ADMIN}


def _waiting(house: House) -> tuple[UUID, dict[str, Any]]:
    return house.proposal().ref, {}


def _agreed(house: House) -> tuple[UUID, dict[str, Any]]:
    return house.proposal(is_agreed=True).ref, {}


def _a_new_one(house: House) -> Client:
    """A browser in which a person came with her passphrase, who has no second factor yet."""
    client = Client(raise_request_exception=False)
    types_passphrase(client, house.people["dan"].sign_in_name)
    return client


def _key(house: House, address: str) -> Ready:
    client, path = _a_new_one(house), reverse(address)
    return Ready(client, path, {"name": "grey", "credential": SoftKey().make(question_of(client.get(path)))})


def _code_app(house: House, address: str) -> Ready:
    client = _a_new_one(house)
    return Ready(client, reverse(address), {"code": _code(_secret(client))})


def _secret(client: Client) -> str:
    page = client.get(reverse("accounts:add-code-app")).content.decode()
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert found, page
    return found.group(1)


def _code(secret: str, later: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def _sheet(house: House, address: str) -> Ready:
    return Ready(_a_new_one(house), reverse(address), {})


def _factor(house: House, address: str) -> Ready:
    client, _ = a_signed_in(house.people["dan"])
    client.raise_request_exception = False
    client.post(reverse("accounts:make-sheet"))
    ref = queries.factors_of(house.people["dan"])[0].ref
    return Ready(client, reverse(address, kwargs={"ref": ref}), {})


def _typed(house: House, address: str) -> Ready:
    sent = {"login": house.people["dan"].sign_in_name, "password": PASSPHRASE}
    return Ready(Client(raise_request_exception=False), reverse(address), sent)


def _with_key(house: House, address: str) -> Ready:
    _, key = a_signed_in(house.people["dan"])
    client = Client(raise_request_exception=False)
    return Ready(client, reverse(address), {"credential": key.answer(asked(client))})


def _second(house: House, address: str) -> Ready:
    secret = _with_codes(house)
    client = _a_new_one(house)
    return Ready(client, reverse(address), {"code": _code(secret, 1)})


def _with_codes(house: House) -> str:
    client = _a_new_one(house)
    secret = _secret(client)
    assert client.post(reverse("accounts:add-code-app"), {"code": _code(secret)}).status_code == 302
    return secret


def _again(house: House, address: str) -> Ready:
    return Ready(house.comes("dan"), f"{reverse(address)}?next=/me/", {"password": PASSPHRASE})


def _again_code(house: House, address: str) -> Ready:
    secret = _with_codes(house)
    return Ready(house.comes("dan"), f"{reverse(address)}?next=/me/", {"code": _code(secret, 1)})


def _again_key(house: House, address: str) -> Ready:
    client, key = a_signed_in(house.people["dan"])
    client.raise_request_exception = False
    question = question_of(client.get(f"{reverse(address)}?next=/me/"))
    return Ready(client, f"{reverse(address)}?next=/me/", {"credential": key.answer(question)})


def _coming(house: House, address: str) -> Ready:
    _, word = _an_invitation(house)
    client = Client(raise_request_exception=False)
    client.get(reverse("accounts:invitation", args=[word]))
    chosen = {"passphrase": OTHER_PASSPHRASE, "again": OTHER_PASSPHRASE, "language": "en"}
    return Ready(client, reverse(address), {"name": "Fay", "sign_in_name": f"fay-{uuid4().hex[:6]}", **chosen})


def _language(_house: House) -> tuple[None, dict[str, Any]]:
    return None, {"language": "th", "next": "/me/"}


def _scheme(_house: House) -> tuple[None, dict[str, Any]]:
    return None, {"scheme": "dark", "next": "/me/"}


def _translated(house: House, address: str) -> Ready:
    lists.load_words(local(), sources.word_lists()["no-answer"])
    sent = {"code": "unknown", "language": "lo", "text": "ບໍ່ຮູ້"}
    return Ready(house.comes("kim"), reverse(address, kwargs={"name": "no-answer"}), sent)


def _kept_purpose(_house: House) -> tuple[UUID, dict[str, Any]]:
    return a_purpose("case-worker").ref, {}


def _brought(_house: House) -> tuple[None, dict[str, Any]]:
    return None, {"country": "LA", "table": SimpleUploadedFile("lao.csv", pcodes())}


def _edition(_house: House) -> tuple[UUID, dict[str, Any]]:
    return lists.bring_pcodes(local(), sources.country_of("LA"), pcodes()).ref, {}


def _work(_house: House) -> tuple[None, dict[str, Any]]:
    return None, {"kind": "codelists.load-areas"}


def _waiting_work(house: House) -> tuple[UUID, dict[str, Any]]:
    return jobs.ask(house.acts("kim"), "codelists.load-areas").ref, {}


def _stopped_work(house: House) -> tuple[UUID, dict[str, Any]]:
    made = jobs.ask(house.acts("kim"), "codelists.load-areas")
    jobs.stop(house.acts("kim"), made)
    return made.ref, {}


GONE = 0
"""Nobody is there any more who could send it again: her sitting ended."""


def _incident(house: House) -> tuple[None, dict[str, Any]]:
    return None, incident_form(house.ours, timezone.localtime())


def _counted(house: House) -> tuple[UUID, dict[str, Any]]:
    made = an_incident(house.acts("bea"), house.ours)
    return made.ref, {"agency": str(house.ours.ref), "tier": "names", "n_people": "12"}


def _told(house: House) -> tuple[UUID, dict[str, Any]]:
    made = an_incident(house.acts("bea"), house.ours)
    return made.duties.order_by("pk")[0].ref, {"told_at": moment(timezone.localtime(), 1)}


def _closed(house: House) -> tuple[UUID, dict[str, Any]]:
    return all_told(house.acts("bea"), an_incident(house.acts("bea"), house.ours)).ref, {}


ACTS = (
    Act("account_login", _typed, ("accounts.signed-in",), again=GONE),
    Act("account_logout", by("dan", _nothing), ("accounts.signed-out",), again=GONE),
    Act("account_reauthenticate", _again, ("accounts.shown-again",)),
    Act("mfa_login_webauthn", _with_key, ("accounts.signed-in",), again=GONE, uses_up=True),
    Act("mfa_authenticate", _second, ("accounts.signed-in",), again=GONE, uses_up=True),
    Act("mfa_reauthenticate", _again_code, ("accounts.shown-again",), uses_up=True),
    Act("mfa_reauthenticate_webauthn", _again_key, ("accounts.shown-again",), uses_up=True),
    Act("accounts:me", by("dan", _own), ("accounts.own-changed",)),
    Act("accounts:passphrase", by("dan", _passphrase), ("accounts.passphrase-changed",), again=GONE),
    Act("accounts:end-sitting", by("dan", _sitting), ("accounts.sitting-ended",)),
    Act("accounts:end-other-sittings", by("dan", _nothing), ("accounts.sittings-ended",)),
    Act("accounts:add-key", _key, ("accounts.key-added",), again=0, uses_up=True),
    Act("accounts:add-code-app", _code_app, ("accounts.code-app-added",), again=0),
    Act("accounts:make-sheet", _sheet, ("accounts.sheet-made",)),
    Act("accounts:remove-factor", _factor, ("accounts.factor-removed",)),
    Act("accounts:make-agency", by("ada", _new_agency), ("accounts.agency-made",), is_administrators=True),
    Act("accounts:change-agency", by("ada", _changed_agency), ("accounts.agency-changed",), is_administrators=True),
    Act("accounts:close-agency", by("ada", _open_agency), ("accounts.agency-closed",), is_administrators=True),
    Act("accounts:open-agency", by("ada", _closed_agency), ("accounts.agency-opened",), is_administrators=True),
    Act("accounts:invite", by("ada", _invited), ("accounts.invited",), is_administrators=True),
    Act("accounts:give-role", by("ada", _given), ("accounts.role-given",), is_administrators=True),
    Act("accounts:withdraw", by("ada", _open_invitation), ("accounts.invitation-withdrawn",), is_administrators=True),
    Act("accounts:end-membership", by("ada", _role), ("accounts.role-ended",), is_administrators=True),
    Act("accounts:end-account", by("ada", _role), ("accounts.account-ended",), is_administrators=True),
    Act("accounts:way-back", by("ada", _role), ("accounts.way-back-offered",), is_administrators=True),
    Act("accounts:come", _coming, ("accounts.invitation-used", "accounts.signed-in"), again=0),
    Act("accounts:switch", by("dan", _nothing), ("accounts.handed-over",), again=GONE),
    Act("accounts:here", by("dan", _nothing), (), again=0),
    Act("pages:language", by("dan", _language), ("accounts.language-chosen",), again=0),
    Act("pages:scheme", by("dan", _scheme), (), again=0),
    Act("words:propose", by("ada", _proposed), ("words.proposed",), is_administrators=True),
    Act("words:see", by("dan", _waiting), (), again=0),
    Act("words:agree", by("bea", _waiting), ("words.agreed",)),
    Act("words:object", by("dan", _waiting), ("words.objected",)),
    Act("desk:list-translate", _translated, ("codelists.translated",)),
    Act("desk:purposes", by("kim", lambda _house: (None, purpose_form())), ("codelists.purpose-added",)),
    Act("desk:purpose-end", by("kim", _kept_purpose), ("codelists.purpose-ended",)),
    Act("desk:purpose-state", by("dan", _kept_purpose), ("codelists.purpose-stated",)),
    Act("desk:keys-change", by("kim", lambda house: (house.ours.ref, {})), ("jobs.asked",)),
    Act("desk:lists-bring", by("kim", _brought), (), again=0),
    Act("desk:edition-in-force", by("kim", _edition), ("codelists.areas-loaded",)),
    Act("desk:edition-withdraw", by("kim", _edition), ("codelists.withdrawn",)),
    Act("breaches:breaches", by("bea", _incident), ("breaches.recorded",)),
    Act("breaches:count", by("bea", _counted), ("breaches.counted",)),
    Act("breaches:told", by("bea", _told), ("breaches.told",)),
    Act("breaches:close", by("bea", _closed), ("breaches.closed",)),
    Act("jobs:ask", by("kim", _work), ("jobs.asked",)),
    Act("jobs:stop", by("kim", _waiting_work), ("jobs.stop-asked",)),
    Act("jobs:go-on", by("kim", _stopped_work), ("jobs.gone-on",)),
    Act(
        "words:carry-out",
        by("ada", _agreed),
        ("accounts.role-given", "words.carried-out"),
        is_administrators=True,
    ),
)
"""Two lines are left by two acts: somebody who comes signs in at once, and what was agreed is an act of its own."""
