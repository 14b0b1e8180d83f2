"""`sarana invent …`: people who do not exist, for demonstration, tests and benchmarks."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from sarana.config.commands.screen import Screen
from sarana.methods.invented import ProvinceSettings, invent_province, invent_registers

app = typer.Typer(help="Invent people who do not exist.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Invent people who do not exist, in the files that sectors would hand over."""


@app.command("province")
def province_command(
    *,
    people: Annotated[int, typer.Option(help="How many people live in the province.")],
    out: Annotated[Path, typer.Option(help="The folder for the files; made if it is not there.")],
    seed: Annotated[int, typer.Option(help="Equal seeds invent equal provinces.")] = 1,
    defects: Annotated[
        float,
        typer.Option(help="How often rows go wrong, in times of what is usual: 0 never, 1 usual, 2 twice as often."),
    ] = 1.0,
    province: Annotated[str, typer.Option(help="The two digits that all area codes begin with.")] = "50",
    messy: Annotated[
        bool, typer.Option("--messy", help="Make files that arrive broken: encodings, line ends, lost zeros.")
    ] = False,
    year_before: Annotated[
        bool,
        typer.Option(
            "--year-before", help="The same province a year before: without those who came since, with those who left."
        ),
    ] = False,
) -> None:
    """Invent a province: four sector files, villages, crosswalks, and the truth of who is who."""
    settings = ProvinceSettings(
        people=people, seed=seed, defects=defects, province=province, messy=messy, year_before=year_before
    )
    talk = Console(stderr=True, highlight=False)
    with Screen(talk, {"inventing": 1.0}, is_weight=True) as screen:
        screen.began("inventing", 1, 1)
        invent_province(settings, out, screen)
    Console(highlight=False).print(f"An invented province of {people:,} people: {out}", markup=False, soft_wrap=True)


@app.command("registers")
def registers_command(
    *,
    people: Annotated[int, typer.Option(help="How many people live in the province.")],
    out: Annotated[Path, typer.Option(help="The folder for the files; made if it is not there.")],
    seed: Annotated[int, typer.Option(help="Equal seeds invent equal provinces.")] = 1,
    defects: Annotated[
        float,
        typer.Option(help="How often rows go wrong, in times of what is usual: 0 never, 1 usual, 2 twice as often."),
    ] = 1.0,
    province: Annotated[str, typer.Option(help="The two digits that all area codes begin with.")] = "50",
) -> None:
    """Invent the registers that ministries keep, in their layouts: 43 files, DMC, BMN, MSDHS; and the truth."""
    settings = ProvinceSettings(people=people, seed=seed, defects=defects, province=province)
    talk = Console(stderr=True, highlight=False)
    with Screen(talk, {"inventing": 1.0}, is_weight=True) as screen:
        screen.began("inventing", 1, 1)
        invent_registers(settings, out, screen)
    Console(highlight=False).print(f"Invented registers of {people:,} people: {out}", markup=False, soft_wrap=True)
