"""An update as one signed file: RAUC's bundle of the kind "verity" with root and kernel of a release."""

import shutil
import tempfile
from pathlib import Path

from provisioning.image.recipe import Release
from provisioning.image.workshop import run


def manifest(family: str, release: Release) -> str:
    """Return RAUC's manifest; its version is the rising number, which devices compare."""
    return "\n".join(
        [
            "[update]",
            f"compatible=pontive-{family}",
            f"version={release.number}",
            f"description={release.version}",
            "",
            "[bundle]",
            "format=verity",
            "",
            "[image.rootfs]",
            "filename=root.ext4",
            "",
            "[image.boot]",
            "filename=boot.vfat",
            "",
        ]
    )


def make_bundle(
    path: Path, *, family: str, release: Release, root: Path, boot: Path, certificate: Path, key: Path
) -> None:
    """Write and sign a bundle.

    Args:
        path: The file to make.
        family: Of boards that take it.
        release: What it holds.
        root: The file system of the root.
        boot: The file system of the boot partition.
        certificate: Of the signer.
        key: Of the signer.
    """
    path.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as name:
        folder = Path(name)
        (folder / "manifest.raucm").write_text(manifest(family, release))
        _copy_sparse(root, folder / "root.ext4")
        shutil.copyfile(boot, folder / "boot.vfat")
        words = ["rauc", f"--cert={certificate}", f"--key={key}"]
        # gzip: the emulated and the small boards unpack it three times faster than xz.
        run(
            [
                *words,
                "--mksquashfs-args=-comp zstd -Xcompression-level 9 -processors 2",
                "bundle",
                folder,
                path,
            ]
        )


def _copy_sparse(source: Path, target: Path) -> None:
    run(["cp", "--sparse=always", source, target])
