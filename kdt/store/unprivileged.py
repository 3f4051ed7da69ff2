"""Runs a program as an ordinary user, when KDT itself was started by root.

PostgreSQL refuses to run as root. A script of its own, with nothing imported from KDT:
changing user between fork and exec is not safe in a process that has threads.
"""

import ctypes
import os
import sys

_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522


class _Header(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Sets(ctypes.Structure):
    _fields_ = [
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    ]


def become(uid: int, gid: int) -> None:
    """Become that user for good, keeping of root's powers only the reach over files.

    The program and its data may lie under folders that only root may enter, such as a
    fresh `mktemp -d`. Where the kernel has no such thing or does not allow it, only the
    user changes, and what that user cannot reach fails by itself.
    """
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc:
        # Powers then outlive the change of user, and access(2), by which PostgreSQL looks for
        # its own programs, counts them.
        libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)
    if libc:
        bit = 1 << _CAP_DAC_OVERRIDE
        sets = (_Sets * 2)(_Sets(bit, bit, bit), _Sets(0, 0, 0))
        libc.capset(ctypes.byref(_Header(_CAPABILITY_VERSION_3, 0)), sets)
        libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


if __name__ == "__main__":
    user, group, *command = sys.argv[1:]
    become(int(user), int(group))
    os.execv(command[0], command)
