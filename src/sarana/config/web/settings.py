"""What Django is told, gathered from the pages of settings beside this one."""

from sarana.config.web.database import *  # noqa: F403
from sarana.config.web.languages import *  # noqa: F403
from sarana.config.web.rooms import *  # noqa: F403
from sarana.config.web.safety import *  # noqa: F403
from sarana.config.web.signin import *  # noqa: F403
