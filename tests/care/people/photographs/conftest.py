"""What tests of photographs share: the purposes of the house, for which pages open them."""

import pytest

from makers.agencies import local
from makers.identities import TwoHouses
from sarana.ground.codelists.loading import load_all_purposes


@pytest.fixture
def houses(houses: TwoHouses) -> TwoHouses:
    """Two agencies whose keys open, and the purposes that people state."""
    load_all_purposes(local())
    return houses
