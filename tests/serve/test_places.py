"""What is told of themes that lie elsewhere, or have links in them, and of what replaces them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from explainer.serve import watcher
from explainer.serve.places import Places, places_of
from explainer.serve.watcher import Watcher
from tests.serve.running import until
from tests.serve.test_watcher import Heard, closing, limit

OWN = "themes/own"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a theme, and much beside it."""
    for name in ("content", "themes/own/templates", "shared/assets"):
        (tmp_path / "site" / name).mkdir(parents=True)
    for name in ("one", "two"):
        (tmp_path / "elsewhere" / name / "templates").mkdir(parents=True)
    return tmp_path / "site"


@pytest.fixture
def elsewhere(site: Path) -> Path:
    return site.with_name("elsewhere")


@pytest.fixture(params=["told by the system", "looked through"])
def watching(
    request: pytest.FixtureRequest, site: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Life]]:
    """Watch from a moment on that the test chooses."""
    if request.param == "looked through":
        limit(monkeypatch, 0)
        monkeypatch.setattr(watcher, "POLL", 0.1)
    heard = Heard()
    running: list[closing] = []

    def start() -> Life:
        one = Watcher(site, heard.tell)
        running.append(closing(one))
        assert one.polls == (request.param == "looked through")
        return Life(one, heard)

    yield start
    for one in running:
        one.__exit__()


class Life:
    """A watcher that is asked before each build, as the preview does."""

    def __init__(self, one: Watcher, heard: Heard) -> None:
        self._watcher = one
        self._heard = heard
        self._polls = one.polls
        self.builds()

    def builds(self) -> None:
        """Do what is done for each build, of all that was told until now."""
        self._heard.names.clear()
        self._watcher.watch(())
        assert self._watcher.polls == self._polls

    def notices(self, change: Callable[[], object]) -> None:
        """Change something, wait until something is told, and go through a build."""
        change()
        until(lambda: self._heard.names, "the change is told")
        self.builds()

    def hears(self, file: Path, name: str = "") -> set[str]:
        """Write a file until that is told by its name; return all that is told with it."""

        def is_told() -> bool:
            file.write_text("x", "utf-8")
            time.sleep(0.2)
            told = set(self._heard.names)
            if told and (name or str(file)) not in told:  # of changes before
                self.builds()
            return (name or str(file)) in told

        until(is_told, f"{file.name} is told")
        return set(self._heard.names)


def turn(link: Path, target: Path | str) -> None:
    """Let a link lead elsewhere, in one step."""
    other = link.with_name(f"{link.name}.new")
    other.symlink_to(target)
    other.replace(link)


class TestLinksWithinATheme:
    def test_to_a_folder_of_the_site(self, site, watching):
        (site / OWN / "assets").symlink_to("../../shared/assets")
        watching().hears(site / "shared/assets/style.css", "shared/assets/style.css")

    def test_to_a_folder_elsewhere(self, site, elsewhere, watching):
        (site / OWN / "templates/partials").symlink_to(elsewhere / "one")
        (elsewhere / "one/deep").mkdir()
        watching().hears(elsewhere / "one/deep/head.html")

    def test_to_a_file(self, site, elsewhere, watching):
        (elsewhere / "base.html").touch()
        (site / OWN / "templates/base.html").symlink_to(elsewhere / "base.html")
        watching().hears(elsewhere / "base.html")

    def test_in_a_folder_behind_another_link(self, site, elsewhere, watching):
        (site / OWN / "locales").symlink_to(elsewhere / "one")
        (elsewhere / "one/en.toml").symlink_to("../two/en.toml")
        watching().hears(elsewhere / "two/en.toml")

    def test_that_comes_later(self, site, watching):
        life = watching()
        life.notices(lambda: (site / OWN / "assets").symlink_to("../../shared/assets"))
        life.hears(site / "shared/assets/style.css", "shared/assets/style.css")

    def test_that_leads_elsewhere_now(self, site, elsewhere, watching):
        (site / OWN / "assets").symlink_to(elsewhere / "one")
        life = watching()
        life.notices(lambda: turn(site / OWN / "assets", elsewhere / "two"))
        life.hears(elsewhere / "two/style.css")

    def test_the_settings_of_a_site(self, site, elsewhere, watching):
        (site / "site.toml").symlink_to(elsewhere / "shared.toml")
        watching().hears(elsewhere / "shared.toml")

    def test_others_beside_what_is_looked_at_are_not_told(self, site, elsewhere, watching):
        (site / OWN / "templates/base.html").symlink_to(elsewhere / "base.html")
        life = watching()
        (elsewhere / "other.html").touch()
        assert life.hears(elsewhere / "base.html") == {str(elsewhere / "base.html")}

    def test_what_editors_leave_behind_a_link_is_not_told(self, site, elsewhere, watching):
        (site / "themes/other").symlink_to(elsewhere / "one")
        life = watching()
        (elsewhere / "one/.base.html.swp").touch()
        assert life.hears(elsewhere / "one/base.html") == {str(elsewhere / "one/base.html")}


class TestAThemeElsewhere:
    @pytest.fixture
    def theme(self, site: Path, elsewhere: Path) -> Path:
        (site / "themes/other").symlink_to(elsewhere / "one")
        return elsewhere / "one"

    def test_that_is_removed_and_put_back(self, theme, watching):
        life = watching()
        life.notices(lambda: shutil.rmtree(theme))
        life.notices(theme.mkdir)
        life.hears(theme / "theme.toml")

    def test_in_whose_place_another_one_is_put(self, theme, elsewhere, watching):
        life = watching()

        def change() -> None:
            theme.rename(elsewhere / "old")
            (elsewhere / "two").rename(theme)

        life.notices(change)
        life.hears(theme / "templates/base.html")

    def test_that_is_renamed_and_another_one_comes_later(self, theme, elsewhere, watching):
        life = watching()
        life.notices(lambda: theme.rename(elsewhere / "old"))
        life.notices(lambda: (elsewhere / "two").rename(theme))
        life.hears(theme / "templates/base.html")

    def test_that_is_removed_with_the_folder_around_it(self, theme, elsewhere, watching):
        life = watching()
        life.notices(lambda: shutil.rmtree(elsewhere))
        life.notices(elsewhere.mkdir)
        life.notices(theme.mkdir)
        life.hears(theme / "theme.toml")

    def test_behind_two_links_of_which_the_second_is_turned(self, site, elsewhere, watching):
        (elsewhere / "now").symlink_to("one")
        (site / "themes/other").symlink_to(elsewhere / "now")
        life = watching()
        life.notices(lambda: turn(elsewhere / "now", "two"))
        life.hears(elsewhere / "two/templates/base.html")

    def test_that_is_not_there_at_first(self, site, elsewhere, watching):
        (site / "themes/other").symlink_to(elsewhere / "three/theme")
        life = watching()
        life.notices((elsewhere / "three").mkdir)
        life.notices((elsewhere / "three/theme").mkdir)
        life.hears(elsewhere / "three/theme/theme.toml")

    def test_the_folder_of_all_themes(self, site, elsewhere, watching):
        shutil.rmtree(site / "themes")
        (site / "themes").symlink_to(elsewhere)
        life = watching()
        life.hears(elsewhere / "one/theme.toml")

        def change() -> None:
            elsewhere.rename(site / "old")
            shutil.copytree(site / "old", elsewhere)

        life.notices(change)
        life.hears(elsewhere / "one/templates/base.html")


class TestWays:
    def test_links_that_lead_in_a_circle(self, site, elsewhere, watching):
        (site / OWN / "assets").symlink_to("assets")
        (site / OWN / "templates/here").symlink_to(".")
        (site / OWN / "templates/above").symlink_to("..")
        (elsewhere / "one/templates/back").symlink_to(site / OWN)
        (site / OWN / "locales").symlink_to(elsewhere / "one")
        life = watching()
        life.hears(elsewhere / "one/templates/base.html")
        life.hears(site / OWN / "theme.toml", f"{OWN}/theme.toml")

    def test_without_links_nothing_but_the_site_is_watched(self, site):
        found = places_of(str(site), ())
        assert found.folders == {str(site / "content"), str(site / "themes")}
        assert found.around() == {str(site)}

    def test_a_folder_within_another_one_is_watched_once(self, site, elsewhere):
        (site / OWN / "assets").symlink_to(elsewhere / "one/templates")
        (site / "themes/other").symlink_to(elsewhere / "one")
        found = places_of(str(site), [])
        assert found.folders - places_of(str(site / "none"), ()).folders == {
            str(site / "content"), str(site / "themes"), str(elsewhere / "one")
        }  # fmt: skip
        assert found.around() == {str(site), str(elsewhere)}

    def test_nothing_at_all(self):
        assert Places().around() == set()
