"""All steps of an image in their order, from packages to a card. Composes; each step is a file of its own."""

import gzip
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioning.errors import ProvisioningError
from provisioning.image.bundle import make_bundle
from provisioning.image.disk.card import AUTOBOOT, assemble
from provisioning.image.disk.filesystems import make_ext4, make_fat
from provisioning.image.disk.layout import fixed_uuid
from provisioning.image.recipe import SOURCES, Board, Recipe, Release, read_board, read_recipe
from provisioning.image.system import agent, preparing
from provisioning.image.system.bill import bill_of_materials, debian_versions
from provisioning.image.system.initrd import build_initrd
from provisioning.image.system.mirror import apt_sources
from provisioning.image.system.unpacking import CONTROL_FILE, unpack
from provisioning.image.workshop import Workshop, files_below, run

BILL = "usr/share/pontive/sbom.spdx.json"
_NATIVE_PACKAGES = ("base-files", "python{}-minimal", "libpython{}-stdlib")


@dataclass(frozen=True, slots=True)
class Built:
    """Where the results of a build lie."""

    root: Path
    boot: Path
    card: Path
    tree: Path


class ImageBuild:
    """One build; results of steps are kept in the workshop."""

    def __init__(
        self, workshop: Workshop, release: Release, *, keyring: Path, mirror: str | None = None
    ) -> None:
        """Read the recipe.

        Args:
            workshop: Where steps are made and kept.
            release: What is built.
            keyring: The certificate that updates must be signed under.
            mirror: Of Debian; None: that of this machine.

        Raises:
            ProvisioningError: the recipe is wrong, or apt here knows no Debian.
        """
        self._workshop = workshop
        self._release = release
        self._keyring = keyring
        self._recipe: Recipe = read_recipe()
        self.board: Board = read_board(release.board_name)
        self._sources = apt_sources(self._recipe.suite, self.board.components, mirror=mirror)

    def build(self) -> Built:
        """Make everything that is not there yet."""
        unpacked = self._unpacked()
        site = self._site()
        tree = self._tree(unpacked, site)
        sizes = self._recipe.card
        epoch = self._recipe.epoch
        root = self._workshop.made(
            "root.ext4",
            [tree.name, str(sizes.root_mib)],
            lambda path: make_ext4(path, sizes.root_mib, "pontive-root", epoch=epoch, tree=tree / "root"),
        )
        boot = self._workshop.made(
            "boot.vfat",
            [tree.name, str(sizes.boot_mib)],
            lambda path: make_fat(path, sizes.boot_mib, "BOOT", _files_in(tree / "boot"), epoch=epoch),
        )
        card = self._workshop.made(
            "card.img", [root.name, boot.name, repr(sizes)], lambda path: self._assemble(path, root, boot)
        )
        return Built(root=root, boot=boot, card=card, tree=tree)

    def bundle(self, built: Built, path: Path, *, certificate: Path, key: Path) -> None:
        """Write the update that brings other devices to what was built."""
        make_bundle(
            path,
            family=self.board.family,
            release=self._release,
            root=built.root,
            boot=built.boot,
            certificate=certificate,
            key=key,
        )

    def versions(self, built: Built) -> dict[str, str]:
        """Return name and version of every Debian package in it."""
        return debian_versions((built.tree / "packages").read_text("utf-8"))

    def _unpacked(self) -> Path:
        recipe, board = self._recipe, self.board
        packages = (*recipe.packages, *board.packages)
        return self._unpack("packages", "arm64", packages)

    def _native_python(self) -> Path:
        packages = tuple(name.format(self._recipe.python) for name in _NATIVE_PACKAGES)
        return self._unpack("native-python", "amd64", packages)

    def _unpack(self, name: str, architecture: str, packages: Sequence[str]) -> Path:
        recipe = self._recipe

        def make(path: Path) -> None:
            unpack(
                path, suite=recipe.suite, architecture=architecture, packages=packages, sources=self._sources
            )
            # The kernel makes the device files; a copy of these might be read for ever.
            preparing.drop(path, ("dev/*", *recipe.exclude))

        inputs = [recipe.suite, architecture, *packages, "", *self._sources, "", *recipe.exclude]
        return self._workshop.made(name, inputs, make)

    def _site(self) -> Path:
        requirements = agent.locked_requirements()
        python, dropped = self._recipe.python, self._recipe.drop_python

        def make(path: Path) -> None:
            agent.install_wheels(path, requirements, python)
            preparing.drop(path, dropped)

        return self._workshop.made("wheels", [requirements, python, *dropped], make)

    def _tree(self, unpacked: Path, site: Path) -> Path:
        native = self._native_python()
        program = files_below(Path(__file__).parent, "**/*.py")
        ours = (*files_below(SOURCES), *files_below(agent.PROJECT / "edge"), *program)
        inputs = [
            unpacked.name,
            site.name,
            native.name,
            repr(self._release),
            self._keyring.read_bytes(),
            *ours,
        ]
        return self._workshop.made("tree", inputs, lambda path: self._make_tree(path, unpacked, site, native))

    def _make_tree(self, path: Path, unpacked: Path, site: Path, native: Path) -> None:
        root, recipe = path / "root", self._recipe
        path.mkdir()
        # Knows device files, which Python would read for ever.
        run(["cp", "--archive", unpacked, root])
        shutil.move(root / CONTROL_FILE, path / "packages")
        preparing.prepare_system(root)
        preparing.add_ours(root, SOURCES, self.board, self._release, self._keyring)
        preparing.add_users(root)
        kernel = preparing.prune_modules(root, recipe.drop_modules)
        shutil.copytree(site, root / preparing.SYSTEM_SITE, dirs_exist_ok=True)
        agent.add_agent(root, preparing.SYSTEM_SITE, self._release.version)
        preparing.set_units(root, recipe)
        preparing.write_library_cache(root)
        self._write_boot_files(root, path / "boot", kernel)
        folders = (preparing.SYSTEM_SITE, f"usr/lib/python{recipe.python}")
        agent.compile_python(root, native, recipe.python, folders)
        self._write_bill(path, root)
        preparing.drop(root, ("boot/*", "usr/lib/linux-image-*", "usr/lib/raspi-firmware", "var/*", "tmp/*"))
        (root / "boot/setup").mkdir()
        preparing.clamp_times(root, recipe.epoch)

    def _write_boot_files(self, root: Path, boot: Path, kernel: str) -> None:
        shutil.copytree(SOURCES / "boot" / self.board.family, boot)
        image = (root / f"boot/vmlinuz-{kernel}").read_bytes()
        (boot / "vmlinuz").write_bytes(gzip.compress(image, compresslevel=6, mtime=0))
        init = (SOURCES / "initrd/init").read_bytes()
        (boot / "initrd").write_bytes(build_initrd(root, kernel, self.board.modules, init))
        for pattern in self.board.boot_files:
            found = sorted(root.glob(pattern))
            if not found:
                raise ProvisioningError(f"{pattern} is in no package; correct the board's boot_files")
            for source in found:
                target = boot / ("overlays" if source.suffix == ".dtbo" else "") / source.name
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(source, target)

    def _write_bill(self, path: Path, root: Path) -> None:
        name = f"pontive-{self._release.board_name}-{self._release.version}-{self._release.number}"
        bill = bill_of_materials(
            (path / "packages").read_text("utf-8"),
            root / preparing.SYSTEM_SITE,
            name=name,
            namespace=f"urn:uuid:{fixed_uuid(name)}",
            epoch=self._recipe.epoch,
        )
        (root / BILL).parent.mkdir(parents=True, exist_ok=True)
        (root / BILL).write_text(bill)

    def _assemble(self, path: Path, root: Path, boot: Path) -> None:
        sizes, epoch = self._recipe.card, self._recipe.epoch
        parts = path.with_name(f"{path.name}.parts")
        parts.mkdir(exist_ok=True)
        autoboot = parts / "autoboot.txt"
        autoboot.write_text(AUTOBOOT)
        setup, data = parts / "setup", parts / "data"
        make_fat(setup, sizes.setup_mib, "PONTIVE", {"autoboot.txt": autoboot}, epoch=epoch)
        make_ext4(data, sizes.data_mib, "pontive-data", epoch=epoch)
        contents = {"PONTIVE": setup, "pontive-boot-A": boot, "pontive-root-A": root, "pontive-data": data}
        assemble(path, sizes, contents)
        shutil.rmtree(parts)


def _files_in(folder: Path) -> dict[str, Path]:
    return {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}


def project_version() -> str:
    """Return the version that ``pyproject.toml`` says."""
    table = tomllib.loads((agent.PROJECT / "pyproject.toml").read_text("utf-8"))
    return str(table["project"]["version"])
