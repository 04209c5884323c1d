# SPDX-License-Identifier: BSD-3-Clause
# Copyright(c) 2026 eswitch contributors
"""The kinds of memory and users that the NIC works with; each carries some frames."""
import os
import pwd
import shutil
import tempfile

from testpmd import PF, HugeDir, Skip, Testpmd, equal, has_hugepages, main, wait_for

VDEVS = ["--vdev", f"{PF},vfs=2,representor=vf0", "--vdev", "net_eswitch_vf0,pf=net_eswitch_pf0,vf=0"]


def carries_frames(t):
    t.do("set portlist 2", "set fwd txonly", "start")
    wait_for(lambda: t.xstats(2)["tx_forwarded"] > 0, "VF 0 sends")
    t.do("stop")
    t.do("set portlist 1", "set fwd rxonly", "start")
    wait_for(lambda: t.xstats(1)["rep_rx_delivered"] > 0, "the representor receives")
    t.do("stop")
    equal(t.quit(), 0, "exit status")


def test_no_huge(so):
    carries_frames(Testpmd(so, VDEVS, memory=("--no-huge", "-m", "192")))


def test_no_shared_files(so):
    carries_frames(Testpmd(so, VDEVS, memory=("--no-huge", "--no-shconf", "-m", "192")))


def test_in_memory(so):
    if os.geteuid() != 0 or not has_hugepages(100):
        raise Skip("needs root and 100 free hugepages")
    carries_frames(Testpmd(so, VDEVS, memory=("--in-memory", "-m", "192")))


def test_hugepages(so):
    with HugeDir() as path:
        carries_frames(Testpmd(so, VDEVS, memory=("--huge-dir", path, "-m", "128")))


def test_ordinary_user(so):
    """Without privileges and hugepages."""
    folder = tempfile.mkdtemp(prefix="esw-user-")
    popen = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        popen = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        place = so
        while place != "/":
            if os.stat(place).st_mode & (0o005 if os.path.isfile(place) else 0o001) == 0:
                raise Skip(f"{place} is not for everybody to read")
            place = os.path.dirname(place)
    popen["env"] = {**os.environ, "XDG_RUNTIME_DIR": folder, "HOME": folder}
    popen["cwd"] = folder
    try:
        carries_frames(Testpmd(so, VDEVS, **popen))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(globals())
