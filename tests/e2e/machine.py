# SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause
"""A guest: an initial RAM disk, QEMU, and the file of its trace."""

import pathlib
import subprocess
import tempfile

NEST = 1 << 26  # ECAP.NEST
LIBRARIES = ("lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu")

EDU = ["-device", "edu,addr=3", "-device", "edu,addr=4"]
ATS = ["-device", "pcie-root-port,id=root,bus=pcie.0,addr=5,chassis=1,slot=1",
       "-device", "virtio-net-pci,bus=root,ats=on,iommu_platform=on,"
       "disable-legacy=on,romfile="]
EDU_BDF = ("0000:00:03.0", "0000:00:04.0")
ATS_BDF = "0000:01:00.0"


class Failed(Exception):
    """The machine did not do what it must: text for people."""


def archive(files):
    """A cpio archive (newc) of {name: (mode, bytes)}."""
    out = bytearray()

    def member(number, name, mode, data):
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0,
                  len(name) + 1, 0)
        out.extend(b"070701" + b"".join(b"%08x" % f for f in fields))
        out.extend(name.encode() + b"\0")
        out.extend(b"\0" * (-len(out) % 4))
        out.extend(data)
        out.extend(b"\0" * (-len(out) % 4))

    member(1, "dev", 0o040755, b"")
    for number, (name, (mode, data)) in enumerate(files.items(), 2):
        member(number, name, 0o100000 | mode, data)
    member(0, "TRAILER!!!", 0, b"")
    return bytes(out)


class Machine:
    """What to boot, and how."""

    def __init__(self, kernel, emulator, ats=False, cpus=1, memory=512,
                 icount=False, append=""):
        self.kernel = pathlib.Path(kernel)
        self.emulator = pathlib.Path(emulator)
        self.ats = ats
        self.cpus = cpus
        self.memory = memory
        self.icount = icount
        self.append = append

    def qemu(self):
        """QEMU by its own dynamic loader, with its own libraries."""
        folders = [self.emulator / place for place in LIBRARIES]
        loader = next(folder / "ld-linux-x86-64.so.2" for folder in folders
                      if (folder / "ld-linux-x86-64.so.2").exists())
        return [str(loader), "--library-path",
                ":".join(str(folder) for folder in folders),
                str(self.emulator / "usr/bin/qemu-system-x86_64"),
                "-L", str(self.emulator / "usr/share/qemu"),
                "-L", str(self.emulator / "usr/share/seabios")]

    def command(self, folder):
        """The whole command line; files in folder."""
        tcg = "tcg,thread=" + ("multi" if self.cpus > 1 else "single")
        iommu = "intel-iommu,x-scalable-mode=on"
        if self.ats:
            iommu += ",device-iotlb=on"
        # The guest maps at fixed addresses: no heap may come to lie there.
        append = ("console=ttyS0 panic=-1 norandmaps no_timer_check "
                  "kunit.enable=0 "
                  "intel_iommu=on,sm_on "
                  "test_ecap=%#x " % NEST + self.append)
        return self.qemu() + [
            # With 5-level paging an interrupt in the moment in which a kernel
            # identifies its CPU is a false alarm of KASAN.
            "-accel", tcg, "-M", "q35", "-cpu", "max,la57=off",
            "-smp", str(self.cpus), "-m", str(self.memory),
            "-nodefaults", "-no-user-config", "-display", "none",
            "-no-reboot", "-device", iommu,
            *(ATS if self.ats else EDU),
            *(["-icount", "shift=0,sleep=off"] if self.icount else []),
            "-chardev", "file,id=trace,path=%s/trace,append=on" % folder,
            "-device", "isa-debugcon,iobase=0xe9,chardev=trace",
            "-serial", "file:%s/console" % folder,
            "-trace", "vtd_inv_desc", "-trace", "vtd_inv_qi_tail",
            "-kernel", str(self.kernel),
            "-initrd", "%s/initrd" % folder, "-append", append]

    def run(self, files, folder, timeout=600):
        """Boot with these files until the guest powers off."""
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "initrd").write_bytes(archive(files))
        for name in ("trace", "console"):
            (folder / name).write_bytes(b"")
        with open(folder / "trace", "ab") as trace:
            try:
                done = subprocess.run(
                    self.command(folder), stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL, stderr=trace,
                    timeout=timeout, check=False)
            except subprocess.TimeoutExpired:
                raise Failed("no end after %d s, see %s" % (
                    timeout, folder)) from None
        if done.returncode:
            raise Failed("QEMU ended with status %d, see %s/trace" % (
                done.returncode, folder))
        return ((folder / "trace").read_bytes(),
                (folder / "console").read_text("utf-8", "replace"))


def compile_init(headers, folder):
    """The guest's program, against a kernel's own headers."""
    source = pathlib.Path(__file__).resolve().parent / "guest/init.c"
    out = pathlib.Path(folder, "init")
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-static",
                    "-isystem", str(headers), "-o", str(out), str(source)],
                   check=True)
    return out.read_bytes()


def scratch():
    """A folder for one run."""
    return tempfile.mkdtemp(prefix="s1inv-e2e-")
