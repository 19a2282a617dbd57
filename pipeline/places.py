"""Where everything lies on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .config import Config
from .freshness import STAMP, libraries


@dataclass(frozen=True)
class Places:
    """Paths of one project; the built-in sample keeps its raw data apart from yours."""

    config: Config
    synthetic: bool

    @property
    def base(self) -> Path:
        """The folder to which paths are relative when they are shown."""
        return self.config.folder

    @property
    def raw(self) -> Path:
        """Folder of what came in."""
        raw = self.config.path(self.config.paths.raw)
        return raw / "sample" if self.synthetic else raw

    @property
    def out(self) -> Path:
        """Folder of what goes out."""
        return self.config.path(self.config.paths.out)

    @property
    def maps(self) -> Path:
        """Folder of the HTML maps."""
        return self.config.path(self.config.paths.maps)

    @property
    def geopackage(self) -> Path:
        """The GeoPackage for designers."""
        return self.out / "spoorzone.gpkg"

    @property
    def manifest(self) -> Path:
        """The record of the run."""
        return self.out / "manifest.json"

    def layer(self, source: str) -> Path:
        """A source's layer as loaded."""
        return self.raw / f"{source}.gpkg"

    def receipt(self, source: str) -> Path:
        """A source's receipt."""
        return self.raw / f"{source}.receipt.json"

    def kept(self, name: str) -> Path:
        """Folder of a source's answers, as the service gave them."""
        return self.raw / ".answers" / name

    @property
    def totals(self) -> Path:
        """What the sources say of each other."""
        return self.raw / "totals.json"

    @property
    def readme(self) -> Path:
        """What lies in the raw folder, for people."""
        return self.raw / "README.md"

    def clipped(self, table: str) -> Path:
        """A table that the clip stage makes."""
        return self.out / ".stages" / "clip" / f"{table}.parquet"

    def computed(self, indicator: str, kind: str) -> Path:
        """An indicator for all units of one kind."""
        return self.out / ".stages" / "compute" / f"{indicator}.{kind}.parquet"

    def series(self, kind: str) -> Path:
        """The series over years for all units of one kind."""
        return self.out / ".stages" / "compute" / f"series.{kind}.parquet"

    @property
    def checks(self) -> Path:
        """What the checks found."""
        return self.out / ".stages" / "compute" / "checks.json"

    @property
    def profiles(self) -> Path:
        """The stock by every profile."""
        return self.out / ".stages" / "compute" / "profiles.parquet"

    @property
    def centres(self) -> Path:
        """The urban centres."""
        return self.out / ".stages" / "compute" / "centres.parquet"

    @property
    def buildings(self) -> Path:
        """What is known of the height of every pand."""
        return self.out / ".stages" / "compute" / "buildings.parquet"

    def points(self, surface: str) -> Path:
        """Amounts at points, of which a density surface is made."""
        return self.out / ".stages" / "compute" / f"points.{surface}.parquet"

    @property
    def design(self) -> Path:
        """The folder for the design team."""
        return self.out / "ontwerp"

    @property
    def report(self) -> Path:
        """The report, a page beside the maps."""
        return self.maps / "report.html"

    def stamp(self, stage: str, step: str) -> Path:
        """What a step's outputs were made from."""
        return self.stamps(stage) / f"{step.replace('/', '.')}{STAMP}"

    def stamps(self, stage: str) -> Path:
        """The folder of all stamps of a stage."""
        return self.raw / ".stamps" if stage == "load" else self.out / ".stages" / stage

    @property
    def settings(self) -> dict[str, object]:
        """All that a whole run depends on besides files and software."""
        config = self.config.model_dump(mode="json")
        return {"config": config, "synthetic": self.synthetic, "libraries": libraries()}

    @property
    def last_run(self) -> Path:
        """The record that a whole run left everything fresh."""
        return self.out / ".stages" / "run.json"

    def shown(self, path: Path) -> str:
        """`path` as a user would type it."""
        return path.relative_to(self.base).as_posix() if path.is_relative_to(self.base) else path.as_posix()
