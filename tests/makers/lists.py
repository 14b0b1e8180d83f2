"""Makes small tables of areas of a country that does not exist in such detail: Laos with two provinces."""

from sarana.ground.codelists import sources
from sarana.ground.codelists.sources import Country

HEAD = "level,code,pcode,parent,local,latin,from,until\n"
CHANGES = "before,before_until,after,after_from,on,basis\n"
PCODES = "Location,Admin Level,P-Code,Name,Parent P-Code,Valid from date,Version\n"


def laos() -> Country:
    """Laos as the house knows it."""
    return sources.country_of("LA")


def table(*lines: str) -> bytes:
    """A table of areas."""
    return (HEAD + "".join(f"{line}\n" for line in lines)).encode()


def pcodes(n_districts: int = 2, provinces: int = 18) -> bytes:
    """A table of P-codes as OCHA publishes it: provinces of Laos, and so many districts in each."""
    lines = []
    for number in range(1, provinces + 1):
        lines.append(f"LAO,1,LA{number:02},Province {number},LAO,2019-11-12,v1")
        lines += [
            f"LAO,2,LA{number:02}{each:02},District {number}-{each},LA{number:02},2019-11-12,v1"
            for each in range(1, n_districts + 1)
        ]
    return (PCODES + "\n".join([*lines, "VNM,1,VN101,Ha Noi,VNM,2020-01-03,v1"]) + "\n").encode()


def few(country: Country) -> tuple[bytes, bytes]:
    """The table of a country cut to its two upper levels, so that tests load it in a moment."""
    rows, changes = READ(country)
    head, *lines = rows.decode().splitlines(keepends=True)
    return (head + "".join(line for line in lines if line[0] in "12")).encode(), changes


READ = sources.rows_of_areas
