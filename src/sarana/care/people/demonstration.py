"""Invented people of the demonstration: three agencies keep them, some of them twice and in two scripts.

Nobody here is real. They are entered through the doors that pages use, by the invented accounts of the demonstration.
"""

import datetime as dt
from dataclasses import dataclass

from sarana.basics.actors import Actor
from sarana.care.consent.actions import Agreed, give
from sarana.care.consent.models import Consent
from sarana.care.people import actions
from sarana.care.people.actions import Facts
from sarana.care.people.asking import actions as asking
from sarana.care.people.finding.actions.feeding import feed_at_once
from sarana.care.people.finding.queries import agencies_with_people
from sarana.care.people.models import Person, Relation
from sarana.care.people.same.comparing import compare_some
from sarana.care.people.values import BirthOf, Contact, DocumentOf, Names, Story, WayOf, checked_name
from sarana.ground.accounts.demonstration import check_is_demonstration
from sarana.ground.accounts.models import Agency
from sarana.ground.accounts.queries import actor_of, demonstration_memberships
from sarana.methods.sealing.identities import Tier

Kind = Agency.Kind
SOCIAL, SHELTER, POLICE = Kind.SOCIAL_WELFARE, Kind.SHELTER, Kind.POLICE
YES_DAYS, AGREED_DAYS, A_DAY = 60, 180, 10


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist: where she is kept, what she is called, when she was born, and what else is known."""

    at: Agency.Kind
    names: tuple[str, ...]
    born: int
    sex: str
    nation: str = "TH"
    language: str = "th"
    paper: tuple[str, str, str] | None = None
    ways: tuple[WayOf, ...] = ()
    story: str = ""
    level: str = "audited"


PEOPLE = (
    Invented(SOCIAL, ("มาลี ใจดี", "เล็ก"), 1999, "female", paper=("national-id", "3100600445566", "self"),
             ways=(WayOf("phone", "0812345678", "her own", "at-hours", (18, 21), "Say that you are from the market."),
                   WayOf("phone", "0898765432", "her brother's", "unsafe")),
             story="She wishes to speak of the debt first."),
    Invented(SOCIAL, ("Malee Jaidee",), 1999, "female", ways=(WayOf("line", "malee-j", "", "safe"),)),
    Invented(SOCIAL, ("สมชาย ทองดี",), 1988, "male", paper=("passport", "AA1234567", "withheld")),
    Invented(SOCIAL, ("ທ້າວ ຄຳແສນ ວົງສາ",), 1996, "male", "LA", "lo", ("border-pass", "LA445566", "lost")),
    Invented(SOCIAL, ("សុខ ដារ៉ា",), 2001, "female", "KH", "km", ("passport", "N00987654", "withheld")),
    Invented(SOCIAL, ("မောင် အောင်ကျော်",), 1993, "male", "MM", "my"),
    Invented(SOCIAL, ("Nguyễn Thị Hoa",), 2000, "female", "VN", "vi", ("passport", "C7654321", "self")),
    Invented(SOCIAL, ("นารี ศรีสุข", "นุ่น"), 2009, "female", level="protected"),
    Invented(SOCIAL, ("ประเสริฐ วงศ์ดี",), 1979, "male"),
    Invented(SOCIAL, ("อาหมี่ มาเยอะ",), 2004, "female", "", "th"),
    Invented(SHELTER, ("Sok Dara", "Dara"), 2001, "female", "KH", "km", ("passport", "N00987654", "agency"),
             level="closed"),
    Invented(SHELTER, ("ม้าลี ใจดี",), 1999, "female"),
    Invented(SHELTER, ("Thi Ha",), 1998, "male", "MM", "my", ("other", "CI778899", "agency")),
    Invented(SHELTER, ("พิมพ์ใจ แสงทอง",), 2007, "female", level="closed"),
    Invented(POLICE, ("Somchai Thongdee",), 1988, "male", paper=("passport", "AA1234567", "unknown")),
    Invented(POLICE, ("Khamsaen Vongsa",), 1996, "male", "LA", "lo"),
    Invented(POLICE, ("Dara Sok",), 2001, "female", "KH", "km", ("passport", "N00987654", "unknown")),
)  # fmt: skip
"""Of the social office two records are of one person; five people are kept by two of the three agencies."""

ROLES = {SOCIAL: "case-worker", SHELTER: "shelter", POLICE: "investigator"}
PURPOSES = {SOCIAL: "help", SHELTER: "help", POLICE: "justice"}


def seed_people(actor: Actor) -> int:
    """Enter the invented people where the demonstration has none yet; gives how many.

    Raises:
        Refused: ACCOUNTS-011 not in demo mode.
        NotYet: VAULT-002, VAULT-031 the installation has no keys that open.
    """
    check_is_demonstration()
    if agencies_with_people():
        return 0
    working = {kind: _who(actor.now, kind, role) for kind, role in ROLES.items()}
    made: dict[Agency.Kind, list[Person]] = {}
    for one in PEOPLE:
        made.setdefault(one.at, []).append(_enter(working[one.at], one))
    actions.relate(working[SOCIAL], made[SOCIAL][3].ref, made[SOCIAL][5].ref, Relation.Kind.CAME_WITH, may_know=False)
    _agree(actor.now, working, made)
    for people in made.values():
        feed_at_once(people[0].agency_ref)
        compare_some(actor, people[0].agency_ref, lambda _n: None)
    return len(PEOPLE)


def _enter(actor: Actor, one: Invented) -> Person:
    kinds = ("legal", *("nickname" for _name in one.names[1:]))
    names = tuple(checked_name(text, kind) for text, kind in zip(one.names, kinds, strict=True))  # type: ignore[arg-type]
    papers = (DocumentOf(one.paper[0], one.paper[1], one.nation, held_by=one.paper[2]),) if one.paper else ()  # type: ignore[arg-type]
    facts = Facts(
        sex=Person.Sex(one.sex),
        stateless=Person.Stateless.NO if one.nation else Person.Stateless.AT_RISK,
        nationalities=(one.nation,) if one.nation else (),
        languages=(one.language,),
        needs_interpreter=one.language != "th",
        level=Person.Level(one.level),
    )
    tiers = (Names(names, BirthOf(one.born), papers), Contact(ways=one.ways), Story(own_words=one.story))
    return actions.enter(actor, actor.grants[0].agency_ref, facts, *tiers)


def _agree(now: dt.datetime, working: dict[Agency.Kind, Actor], made: dict[Agency.Kind, list[Person]]) -> None:
    """One consent, and an agreement to ask between the social office and the shelter, under which some said yes."""
    social, shelter = working[SOCIAL], working[SHELTER]
    agreed = Agreed(
        recipient=made[POLICE][0].agency_ref,
        tiers=(Tier.NAMES,),
        purpose="justice",
        until=social.today + dt.timedelta(days=AGREED_DAYS),
        language="th",
        explained=Consent.Explained.FACE_TO_FACE,
        explained_by=social.account_ref,
        evidence=Consent.Evidence.SIGNED,
    )
    give(social, made[SOCIAL][2].ref, agreed)
    chiefs = [_who(now, kind, "supervisor") for kind in (SOCIAL, SHELTER)]
    first, second = (made[kind][0].agency_ref for kind in (SOCIAL, SHELTER))
    until = social.today + dt.timedelta(days=AGREED_DAYS)
    made_one = asking.propose(chiefs[0], first, second, until=until, a_day=A_DAY)
    asking.sign(chiefs[1], made_one.ref)
    yes = social.today + dt.timedelta(days=YES_DAYS)
    for actor, person in ((social, made[SOCIAL][0]), (social, made[SOCIAL][4]), (shelter, made[SHELTER][0])):
        asking.say_yes(actor, person.ref, made_one.ref, until=yes)


def _who(now: dt.datetime, kind: Agency.Kind, role: str) -> Actor:
    """The invented account with a role in the agency of a kind, with a second factor and a purpose."""
    held = (row for row in demonstration_memberships() if row.agency.kind == kind and row.role.code == role)
    return actor_of(next(held).account, now, is_strong=True, purpose=PURPOSES[kind])
