"""Words on the command line → Config → flow. The one place where an error becomes one line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from . import __version__
from . import config as config_
from .contract import PipelineError

if TYPE_CHECKING:
    from rich.console import Console

    from .config import Config
    from .places import Places
    from .project import Project
    from .sources import RasterSource, Source

_EXIT = """\b
Exit codes:
  0    done, or nothing to do
  1    something unforeseen; please report it
  2    the command or config.toml says something that is not understood
  3    a service or a file did not give what it should
  4    a table is not what the next stage was promised
  5    a stage was asked for before the one that it needs
  6    another run is at work in the same folders
  7    doctor found that a service has changed, whether or not another was out of reach (that alone is 3)
  130  interrupted; the next run goes on where it was
  143  ended by a signal; the next run goes on where it was
"""


#: So many failing checks are named on the terminal.
_TOLD = 8


class _Commands(click.Group):
    """Lists the commands in the order of the work, not of the alphabet."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)


def _config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--config", "path", type=click.Path(path_type=Path, dir_okay=False), default=Path("config.toml"),
        show_default=True, metavar="FILE", help="The config file; paths in it are relative to it.",
    )(command)  # fmt: skip


def _run_options(command: Callable[..., Any]) -> Callable[..., Any]:
    sample = click.option("--sample", is_flag=True, help="Read the built-in synthetic example instead of the services.")
    force = click.option("--force", is_flag=True, help="Make everything anew, also what is fresh.")
    offline = click.option(
        "--offline", is_flag=True, help="Ask no service: work with what is on disk, whatever its age."
    )
    return _config_option(sample(force(offline(command))))


def _one_line(command: Callable[..., None]) -> Callable[..., None]:
    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except PipelineError as error:
            click.echo(f"spoorzone: {' '.join(str(error).split())}", err=True)
            sys.exit(error.exit_code)
        except KeyboardInterrupt:
            _leave("spoorzone: interrupted; the next run goes on where it was", 130)
        except _Ended:
            _leave("spoorzone: ended; the next run goes on where it was", 143)

    return wrapped


def _leave(said: str, code: int) -> NoReturn:
    """End now, also while threads wait for a service that does not answer: nothing can wake those."""
    click.echo(said, err=True)
    if any(not t.daemon for t in threading.enumerate() if t is not threading.main_thread()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


class _Ended(BaseException):
    """The system asked the run to end."""


def _end(*_: object) -> NoReturn:
    raise _Ended


@click.group(
    cls=_Commands, epilog=_EXIT, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="spoorzone")
def cli() -> None:
    """Turn open Dutch geodata into the fact base of a rail zone.

    \b
    load     fetch every source into data_raw/, with a receipt
    clip     make the corridor along the track and the spatial units
    compute  compute every indicator for every unit
    export   write data_out/spoorzone.gpkg, the maps and the design folder

    `run` does all four, and only what has changed since the last time. What is made, and for which area, is said in
    config.toml.
    """


def _stage_command(name: str, stages: tuple[str, ...], short: str, text: str) -> None:
    @cli.command(name, help=f"{short}\n\n{text}", short_help=short)
    @_run_options
    @_one_line
    def command(path: Path, sample: bool, force: bool, offline: bool) -> None:
        _go(config_.read(path), stages, name, sample=sample, force=force, offline=offline)


_stage_command(
    "run",
    ("load", "clip", "compute", "export"),
    "Do all four stages, only what has changed.",
    """\b
    spoorzone run                 live from PDOK, as config.toml says
    spoorzone run --sample        on the built-in synthetic example
    spoorzone run --force         everything anew
    """,
)
_stage_command(
    "load",
    ("load",),
    "Fetch every source into data_raw/.",
    "One GeoPackage and one receipt each. Data from a service are fetched again when they are older than [load] "
    "max_age_days; an own file when it has changed. It can be broken off at any time and goes on where it was.",
)
_stage_command(
    "clip",
    ("clip",),
    "Make the corridor and the spatial units.",
    "The axis along the track, the corridor around it, every kind of unit, and the layers cut to the corridor.",
)
_stage_command(
    "compute",
    ("compute",),
    "Compute every indicator for every unit.",
    "`spoorzone list indicators` says what each means and what it is made from.",
)
@cli.command("export")
@click.option(
    "--for", "part", type=click.Choice(["all", "design"]), default="all", show_default=True,
    help="design: only data_out/ontwerp, the folder for the design team, and the GeoPackage in it.",
)
@_run_options
@_one_line
def export(path: Path, sample: bool, force: bool, offline: bool, part: str) -> None:
    """Write the GeoPackage, the maps, the design folder and the manifest.

    data_out/spoorzone.gpkg, maps/*.html, data_out/ontwerp/ and data_out/manifest.json, each file whole or not at all.

    \b
    spoorzone export                 all of it
    spoorzone export --for design    only what the design team gets; [export] in the config says in which formats
    """
    config, wanted = config_.read(path), None if part == "all" else part
    _go(config, ("export",), "export", sample=sample, force=force, offline=offline, part=wanted)


@cli.command("report")
@_run_options
@_one_line
def report(path: Path, sample: bool, force: bool, offline: bool) -> None:
    """Make the report: tables and figures per theme, and what the checks found.

    \b
    spoorzone report              makes what is stale, and names the page
    spoorzone report --sample     of the built-in synthetic example

    One HTML file that opens without internet and prints on A4; `spoorzone run` makes it too.
    """
    from .places import Places

    config = config_.read(path)
    _go(config, ("load", "clip", "compute", "export"), "report", sample=sample, force=force, offline=offline)
    places = Places(config, sample)
    click.echo(places.shown(places.report))


def _go(
    config: Config, stages: tuple[str, ...], name: str, *, sample: bool, force: bool, offline: bool, part: str | None = None
) -> None:  # fmt: skip
    from . import freshness
    from .places import Places

    places = Places(config, sample)
    if len(stages) > 1 and not force and freshness.untouched(places.last_run, places.settings, places.base):
        click.echo("Nothing to do: nothing has changed since the last run. --force makes everything anew.")
        _tell_checks(places)
        _name_outputs(places)
        return

    from . import lock

    signal.signal(signal.SIGTERM, _end)
    with lock.held([places.raw, places.out], f"spoorzone {name}", sweep=[places.maps]):
        _run(config, places, stages, sample=sample, force=force, offline=offline, part=part)


def _run(
    config: Config, places: Places, stages: tuple[str, ...], *, sample: bool, force: bool, offline: bool, part: str | None
) -> None:  # fmt: skip
    from . import console as console_
    from . import flow
    from .project import Project
    from .stages.compute import left_out

    out = _console()
    bars = console_.Bars(out)
    project = Project(config, synthetic=sample, show=bars, offline=offline, force=force)
    with bars.shown():
        result = flow.run(project, stages, part)
    if not result.made:
        out.print(
            f"Nothing to do: {', '.join(stages)} fresh. 'spoorzone status' says why; --force makes all anew.",
            highlight=False,
            markup=False,
        )
    elif "load" in stages:
        out.print()
        out.print(console_.summary(result))
        for line in console_.unproven(result):
            out.print(line, highlight=False, markup=False, soft_wrap=True)
    for lost, names in left_out(project).items():
        out.print(
            f"Left out without {', '.join(lost)}: {', '.join(names)}", highlight=False, markup=False, soft_wrap=True
        )
    out.print(f"\n{console_.times(result)}", highlight=False, markup=False)
    if "compute" in stages or "export" in stages:
        _tell_checks(places)
    if "export" in stages:
        if sample:
            from .provenance import SYNTHETIC

            out.print(f"{SYNTHETIC.nl} / {SYNTHETIC.en}.", style="bold", highlight=False, markup=False, soft_wrap=True)
        _name_outputs(places, part)


def _name_outputs(places: Places, part: str | None = None) -> None:
    """Name what to open first."""
    folder = [places.design] if places.config.export.formats else []
    for made in folder if part == "design" else [places.geopackage, places.maps / "index.html", *folder]:
        click.echo(places.shown(made))


@cli.command("status")
@_config_option
@click.option("--sample", is_flag=True, help="Of the built-in synthetic example.")
@_one_line
def status(path: Path, sample: bool) -> None:
    """Say what is fresh, what is stale, and why."""
    from . import flow
    from .project import Project, Quiet

    project = Project(config_.read(path), synthetic=sample, show=Quiet())
    planned = flow.status(project)
    for stage in flow.STAGES:
        steps = [(s, why) for s, why in planned if s.stage == stage]
        stale = [(s, why) for s, why in steps if why]
        click.echo(f"{stage:<8} {len(steps) - len(stale)} of {len(steps)} fresh")
        by_reason: dict[str, list[str]] = {}
        for step, why in stale:
            by_reason.setdefault(str(why), []).append(step.name)
        for why, names in by_reason.items():
            more = f" and {len(names) - 3} more" if len(names) > 4 else ""
            click.echo(f"         {', '.join(names[:3] if more else names)}{more}: {why}")
    _tell_proofs(project)
    _tell_checks(project.places)


def _tell_checks(places: Places) -> None:
    """Say how many checks hold, and name those that fail; nothing where none were done."""
    from . import store
    from .checks.declaration import failing, from_plain, tally

    try:
        done = from_plain(store.read_json(places.checks) or {})
    except ValueError:
        return
    count, off = tally(done), failing(done)
    click.echo(f"\nchecks   {count['holds']} hold, {count['differs']} differ, {count['fails']} FAIL")
    for check in off[:_TOLD]:
        click.echo(f"  FAILS  {check.name}: {check.said.en}")
    if len(off) > _TOLD:
        click.echo(f"  and {len(off) - _TOLD} more; {places.shown(places.report)} has all")


def _tell_proofs(project: Project) -> None:
    """Say of every loaded source how far it is known to be whole."""
    from .contract import MissingInputError

    try:
        loaded = project.receipts()
    except MissingInputError:
        return
    click.echo("\nwhole?")
    for receipt in loaded:
        said = "; ".join(p.said.en if p.holds else f"NOT PROVEN: {p.said.en}" for p in receipt.proofs)
        click.echo(f"  {receipt.source:<24} {said or 'NOT PROVEN: loaded by an older version'}")


@cli.command("explain")
@click.argument("unit")
@click.argument("indicator")
@_config_option
@click.option("--sample", is_flag=True, help="Of the built-in synthetic example.")
@click.option("--kind", help="Kind of unit, where units of several kinds have the name.")
@click.option(
    "--rows", default=10, show_default=True, type=click.IntRange(min=0), help="How many rows to list; 0 for all."
)
@click.option("--language", type=click.Choice(["nl", "en"]), help="As [project] language says when not given.")
@_one_line
def explain(path: Path, unit: str, indicator: str, sample: bool, kind: str | None, rows: int, language: Any) -> None:
    """Defend one value: its formula with the numbers, its rows, sources and bounds.

    \b
    spoorzone explain WK015300 dwellings_per_ha
    spoorzone explain "Hengelo 0–400 m" mxi --language en

    UNIT is the id or the name of a unit, INDICATOR the name of a column; `spoorzone list indicators` names them.
    """
    from . import explain as explain_
    from .project import Project, Quiet

    config = config_.read(path)
    project = Project(config, synthetic=sample, show=Quiet(), offline=True)
    answer = explain_.explain(project, explain_.find(project, unit, indicator, kind))
    for line in explain_.lines(answer, language or config.project.language, rows):
        click.echo(line)


@cli.command("doctor")
@_config_option
@_one_line
def doctor(path: Path) -> None:
    """Ask every configured service whether it is still as declared.

    One line per source: fine, changed (what, and what to do), or unreachable. Only small questions are asked, and
    nothing is written.
    """
    from . import doctor as doctor_

    config = config_.read(path)
    wide = max(map(len, doctor_.names(config)), default=0)
    seen = []
    for checked in doctor_.check(config):
        seen.append(checked)
        click.echo(doctor_.line(checked, wide))
    click.echo(f"\n{doctor_.total(seen)}")
    if code := doctor_.exit_code(seen):
        sys.exit(code)


@cli.group("list", cls=_Commands)
def list_() -> None:
    """List what there is: sources, indicators, units, maps."""


def _console() -> Console:
    """The terminal; in a file or a pipe there is no edge to keep from."""
    from rich.console import Console

    console = Console()
    return console if console.is_terminal else Console(width=200)


def _rows(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for name in head:
        table.add_column(name, no_wrap=name == head[0], overflow="fold")
    for row in rows:
        table.add_row(*row)
    _console().print(table)


@list_.command("sources")
@_one_line
def list_sources() -> None:
    """Datasets, with licence, editions and the ways to get them."""
    from .sources import RASTERS, SOURCES

    years = {s.name: ", ".join(map(str, s.editions)) for s in SOURCES}
    all_: tuple[Source | RasterSource, ...] = (*SOURCES, *RASTERS)
    _rows(
        ("source", "dataset", "licence", "editions", "ways"),
        [
            (
                s.name, s.title.nl.replace(" {edition}", "") + (" (option)" if s.option else ""), s.register.licence,
                years.get(s.name) or "present", ", ".join(dict.fromkeys([*(a.protocol for a in s.accesses), "file"])),
            )
            for s in all_
        ],
    )  # fmt: skip


@list_.command("indicators")
@_one_line
def list_indicators() -> None:
    """Indicators, with unit, meaning and what each is made from."""
    from .contract import UNITS
    from .indicators import INDICATORS, leaves
    from .sources import NAMES

    _rows(
        ("column", "unit", "meaning", "made from"),
        [
            (c.name, UNITS[c.unit].text.en, c.meaning.en, ", ".join(sorted(leaves(i) & NAMES)))
            for i in INDICATORS
            for c in i.columns
        ],
    )


@list_.command("units")
@_one_line
def list_units() -> None:
    """Kinds of spatial unit."""
    from .clip.kinds import KINDS

    _rows(("kind", "nl", "en"), [(k.name, k.title.nl, k.title.en) for k in KINDS])


@list_.command("maps")
@_one_line
def list_maps() -> None:
    """Maps, with their indicators and unit kinds."""
    from .atlas.declaration import MAPS

    _rows(
        ("map", "title", "units", "indicators"),
        [(m.name, m.title.nl, ", ".join(m.kinds), ", ".join(m.columns)) for m in MAPS],
    )


@cli.group("config", cls=_Commands)
def config() -> None:
    """Check the config file, or print its JSON schema for editors."""


@config.command("check")
@_config_option
@_one_line
def config_check(path: Path) -> None:
    """Read the config file and say whether all of it is understood."""
    config_.read(path)
    click.echo(f"{path}: fine")


@config.command("schema")
def config_schema() -> None:
    """Print the JSON schema of the config file."""
    click.echo(config_.schema(), nl=False)


def main() -> None:
    """Run the command line."""
    cli(prog_name="spoorzone")
