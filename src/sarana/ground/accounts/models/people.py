"""The people who sign in: one person, one account."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from sarana.basics.privacy import Privacy
from sarana.basics.references import new_ref
from sarana.ground.accounts.passphrases import one_form
from sarana.ground.prepared import Prepared


class AccountManager(BaseUserManager["Account"]):
    """Finds a person by her sign-in name; accounts are made in `actions` only."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account with this sign-in name, written in whatever case or form."""
        return self.get(sign_in_name=self.model.normalize_username(username or "").casefold())

    def get(self, *args: Any, **kwargs: Any) -> "Account":
        """One account; by its number alone, as the sitting of every request asks, it is found without new SQL."""
        # A manager of some accounts only, as relations make them, is a class of its own: its bounds must hold.
        if args or set(kwargs) != {"pk"} or type(self) is not AccountManager or self._db is not None:
            return super().get(*args, **kwargs)
        if (found := BY_NUMBER.first(kwargs["pk"])) is None:
            raise Account.DoesNotExist
        return found


class Account(AbstractBaseUser):
    """A person who signs in. Her name here is the one she uses at work; whom she helps stands in other rooms."""

    class Calendar(models.TextChoices):
        """In which calendar dates are shown."""

        AS_LANGUAGE = "la", _("as the language has it")
        BUDDHIST = "be", _("Buddhist era")
        COMMON = "ce", _("common era")

    ref = models.UUIDField(default=new_ref, unique=True, editable=False)
    sign_in_name = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=8, default="en")
    calendar = models.CharField(max_length=2, choices=Calendar.choices, default=Calendar.AS_LANGUAGE)
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD: ClassVar[Any] = None
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    PRIVACY: ClassVar = {
        "id": Privacy.TECHNICAL,
        "password": Privacy.SECRET,
        "last_login": Privacy.STAFF,
        "ref": Privacy.TECHNICAL,
        "sign_in_name": Privacy.STAFF,
        "name": Privacy.STAFF,
        "language": Privacy.STAFF,
        "calendar": Privacy.STAFF,
        "is_active": Privacy.STAFF,
        "is_demonstration": Privacy.TECHNICAL,
        "made_at": Privacy.STAFF,
        "ended_at": Privacy.STAFF,
        "version": Privacy.TECHNICAL,
    }

    class Meta:
        """A sign-in name is kept in one form, so that two that look alike are one."""

        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(sign_in_name=""), name="account_has_a_sign_in_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="account_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(is_active=True, ended_at__isnull=True)
                | models.Q(is_active=False, ended_at__isnull=False),
                name="account_ended_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        """The reference, so that no log line names her by accident."""
        return str(self.ref)

    def set_password(self, raw_password: str | None) -> None:
        """Keep the hash of a passphrase in its one form."""
        super().set_password(None if raw_password is None else one_form(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        """Compare a passphrase in its one form."""
        return super().check_password(None if raw_password is None else one_form(raw_password))

    def get_full_name(self) -> str:
        """The name at work."""
        return self.name

    def get_short_name(self) -> str:
        """The name at work."""
        return self.name


BY_NUMBER = Prepared(lambda number: Account.objects.filter(pk=number), models.BigAutoField())
