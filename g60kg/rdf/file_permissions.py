"""Owner, group, mode and access control lists (ACL) of files, copied from one to another.

The ACLs are POSIX.1e ACLs, which Linux keeps in extended attributes of the layout that its header
``linux/posix_acl_xattr.h`` gives. On other systems, files are treated as without ACLs.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

_ACCESS: Final = "system.posix_acl_access"
#: The list that new files of a folder get.
_DEFAULT: Final = "system.posix_acl_default"
_HEADER: Final = struct.pack("<I", 2)
_ENTRY: Final = struct.Struct("<HHI")
# Tags of entries, in the order that a list must have.
_OWNER, _USER, _OWNING_GROUP, _GROUP, _MASK, _OTHERS = 1, 2, 4, 8, 16, 32
#: Tags of entries that get no more than the mask.
_MASKED: Final = (_USER, _OWNING_GROUP, _GROUP)
#: The identifier of an entry that is not for a named user or group.
_NOBODY: Final = 0xFFFFFFFF

#: Permissions of tags and identifiers.
_AclEntries = dict[tuple[int, int], int]


@dataclass(frozen=True)
class Permissions:
    """Who may do what with a file or folder.

    Attributes:
        owner: the number of the user.
        group: the number of the group.
        mode: permission bits; with ``access``, without those of the group, which are its mask.
        access: the ACL as the system stores it; None without one.
        default: the ACL that new files of a folder get; None without one.
    """

    owner: int
    group: int
    mode: int
    access: bytes | None
    default: bytes | None

    @classmethod
    def of(cls, place: Path | int) -> Permissions:
        """Read the permissions of a path, of which links are followed, or of a file descriptor."""
        found = place.stat() if isinstance(place, Path) else os.fstat(place)
        access = _attribute(place, _ACCESS)
        default = _attribute(place, _DEFAULT) if stat.S_ISDIR(found.st_mode) else None
        mode = stat.S_IMODE(found.st_mode) & (~0o070 if access else ~0)
        return cls(found.st_uid, found.st_gid, mode, access, default)

    def for_files(self) -> Permissions:
        """Return a folder's permissions for its files, without the right to execute.

        The ACL is the default ACL, else that of the folder. The umask does not count.
        """
        access = None
        if known := self.default or self.access:
            access = _acl_bytes({key: right & 6 for key, right in _entries(known).items()})
        mode = self.mode & (0o606 if access else 0o666)
        return replace(self, mode=mode, access=access, default=None)

    def _given(self, owner: int, group: int) -> Permissions:
        """Return the same rights for a file that has another owner or group.

        With an ACL, the former owner and group get entries in it. Without an ACL, another
        group and all other users get only what the former group and all others both have.
        """
        mode = self.mode if group == self.group else self.mode & ~0o2000
        if self.access is None:
            if group != self.group:
                # Nor do others: members of the former group are now among them.
                others = mode & 0o007 & mode >> 3
                mode = mode & ~0o077 | others << 3 | others
            return replace(self, owner=owner, group=group, mode=mode)
        known = _entries(self.access)
        if owner != self.owner:
            known[_USER, self.owner] = known[_OWNER, _NOBODY]
        if group != self.group:
            former = (_GROUP, self.group)
            known[former] = known.get(former, 0) | known[_OWNING_GROUP, _NOBODY]
            right = known.pop((_GROUP, group), known[_OTHERS, _NOBODY])
            known[_OWNING_GROUP, _NOBODY] = right
        return Permissions(owner, group, mode, _acl_bytes(known), self.default)


def give_permissions(new: int, wanted: Permissions) -> None:
    """Give an open file or folder an owner, group, mode and ACLs.

    Its former ACLs are replaced or removed. If the wanted owner or group cannot be set, entries of
    the wanted ACL, if there is one, give them the same rights. If an ACL cannot be set, the file's
    group gets no more than all other users have.

    Raises:
        OSError: the file belongs to another user.
    """
    found = Permissions.of(new)
    if hasattr(os, "chown") and (found.owner, found.group) != (wanted.owner, wanted.group):
        try:
            os.chown(new, wanted.owner, wanted.group)
        except OSError:
            with suppress(OSError):
                os.chown(new, -1, wanted.group)
        found = Permissions.of(new)
        if (found.owner, found.group) != (wanted.owner, wanted.group):
            wanted = wanted._given(found.owner, found.group)
    if not stat.S_ISDIR(os.fstat(new).st_mode):
        wanted = replace(wanted, mode=wanted.mode & ~(stat.S_ISUID | stat.S_ISGID), default=None)
    if found == wanted:
        return
    # With a list, the bits of the group are its mask. Nobody gets more than wanted in between.
    _change_mode(new, wanted.mode & ~0o077)
    is_set = _set_attribute(new, _ACCESS, wanted.access)
    _set_attribute(new, _DEFAULT, wanted.default)
    if wanted.access is None:
        _change_mode(new, wanted.mode)
    elif not is_set:
        _change_mode(new, wanted.mode | (wanted.mode & 0o007) << 3)


def give_new_permissions(new: int, folder: Path) -> None:
    """Give an open file the permissions of a new file in a folder, by default ACL or umask."""
    found = Permissions.of(new)
    if known := Permissions.of(folder).default:
        give_permissions(new, replace(found, mode=0o666, access=known, default=None).for_files())
        return
    umask = os.umask(0)
    os.umask(umask)
    _change_mode(new, 0o666 & ~umask)


@contextmanager
def opened_folder(path: Path, *, follow: bool) -> Iterator[int]:
    """Yield the descriptor of a folder, which names the same folder if its path is moved.

    A link raises OSError without ``follow``.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY
    descriptor = os.open(path, flags if follow else flags | os.O_NOFOLLOW)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def give_file_permissions(folder: int, name: str, wanted: Permissions, most_links: int = 1) -> None:
    """Give permissions to a regular file of an open folder; skip it if it has too many links.

    A folder or a pipe is skipped too; a symbolic link or a socket raises OSError. The folder is
    open because a path could lead to another user's file by the time that it is used.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    descriptor = os.open(name, flags, dir_fd=folder)
    try:
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_nlink <= most_links:
            give_permissions(descriptor, wanted)
    finally:
        os.close(descriptor)


def _change_mode(descriptor: int, mode: int) -> None:
    if hasattr(os, "fchmod"):  # not in Python 3.12 on Windows
        os.fchmod(descriptor, mode)


def _attribute(place: Path | int, name: str) -> bytes | None:
    try:
        return os.getxattr(place, name)
    except (OSError, AttributeError):  # no list, or a system without such attributes
        return None


def _set_attribute(place: int, name: str, content: bytes | None) -> bool:
    """Set an ACL, or remove it if ``content`` is None; return False if ACLs are unsupported."""
    try:
        if content is not None:
            os.setxattr(place, name, content)
        elif _attribute(place, name) is not None:
            os.removexattr(place, name)
    except AttributeError:
        return False
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENODATA):
            raise
        return False
    return True


def _entries(stored: bytes) -> _AclEntries:
    """Return the rights in a stored ACL within its mask, by tag and user or group number."""
    body = stored[len(_HEADER) :]
    known = {(tag, who): right for tag, right, who in _ENTRY.iter_unpack(body)}
    mask = known.pop((_MASK, _NOBODY), 7)
    return {key: right & mask if key[0] in _MASKED else right for key, right in known.items()}


def _acl_bytes(entries: _AclEntries) -> bytes:
    """Return an ACL, as the system stores it, with a mask that limits no entry."""
    # Linux ignores a list whose mask is 0, and with it the names that are denied what others have.
    mask = entries[_OTHERS, _NOBODY]
    for (tag, _), right in entries.items():
        mask |= right if tag in _MASKED else 0
    ordered = sorted((entries | {(_MASK, _NOBODY): mask}).items())
    return _HEADER + b"".join(_ENTRY.pack(tag, right, who) for (tag, who), right in ordered)
