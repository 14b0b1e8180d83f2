"""All lists at once: what `sarana setup` and `sarana codelists` ask for."""

from sarana.basics.actors import Actor
from sarana.ground.codelists import actions, queries, sources
from sarana.methods.reference import read_reference


def load_all_words(actor: Actor) -> int:
    """Bring every list of words to this version; gives how many were not there yet."""
    made = [actions.load_words(actor, source) for source in sources.word_lists().values()]
    return sum(1 for edition in made if edition is not None)


def load_all_purposes(actor: Actor) -> int:
    """Bring the purposes that come with this version and were never here; gives how many."""
    return actions.load_purposes(actor, read_reference("purposes.toml"))


def what_is_there(actor: Actor) -> list[str]:
    """One line for each list: what is in force, from where, and what is not to be had."""
    lines = []
    for country in sources.countries().values():
        edition = queries.find_in_force(actor, country.list_code)
        if edition is None:
            lines.append(f"{country.code} {country.name}: not loaded; run `sarana codelists load {country.code}`.")
            continue
        counts = queries.counts_by_level(edition)
        told = ", ".join(f"{n:,} {country.level_words(level, 'en')}" for level, n in counts.items())
        lines.append(
            f"{country.code} {country.name}: {told}; {queries.count_ended(edition):,} ended. {edition.version}."
        )
        lines += [f"   not there: {gap}" for gap in country.gaps]
    for source in sources.word_lists().values():
        edition = queries.find_in_force(actor, source.list_code)
        lines.append(f"{source.code}: {edition.n_rows} words." if edition else f"{source.code}: not loaded.")
    return lines
