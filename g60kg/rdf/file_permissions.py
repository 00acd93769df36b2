"""Owner, group, mode and access control lists (ACL) of files, copied from one to another.

The lists are those of POSIX.1e, which Linux keeps in extended attributes of the layout that its
header ``linux/posix_acl_xattr.h`` gives. Elsewhere, files have no lists here.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
from contextlib import suppress
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
_List = dict[tuple[int, int], int]


@dataclass(frozen=True)
class Permissions:
    """Who may do what with a file or folder.

    Attributes:
        owner: number of the user.
        group: number of the group.
        mode: permission bits; with a list, those of the group are its mask.
        access: the list as the system stores it; None without one.
        default: the list that new files of a folder get; None without one.
    """

    owner: int
    group: int
    mode: int
    access: bytes | None
    default: bytes | None

    @classmethod
    def of(cls, place: Path | int) -> Permissions:
        """Read those of a path, to which links are followed, or of a file descriptor."""
        found = _stat(place)
        folder = stat.S_ISDIR(found.st_mode)
        return cls(
            found.st_uid,
            found.st_gid,
            stat.S_IMODE(found.st_mode),
            _attribute(place, _ACCESS),
            _attribute(place, _DEFAULT) if folder else None,
        )

    def for_files(self) -> Permissions:
        """Return what a file in a folder with these permissions gets: no right to execute."""
        known = self.default or self.access
        access = known and _stored({key: right & 6 for key, right in _entries(known).items()})
        return replace(self, mode=self.mode & 0o666, access=access, default=None)

    def _given(self, owner: int, group: int) -> Permissions:
        """Return the same rights for a file that has another owner or group.

        With a list, the former owner and group are named in it. Without, the file's group gets no
        more than everybody has.
        """
        if (owner, group) == (self.owner, self.group):
            return self
        if self.access is None:
            if group == self.group:
                return replace(self, owner=owner)
            return replace(self, owner=owner, group=group, mode=_without_group(self.mode & ~0o2000))
        known, mode = _entries(self.access), self.mode & ~0o070
        mask = known.pop((_MASK, _NOBODY), 7)
        for key in known:
            if key[0] in _MASKED:
                known[key] &= mask
        if owner != self.owner:
            known[_USER, self.owner] = known[_OWNER, _NOBODY]
        if group != self.group:
            known[_GROUP, self.group] = known[_OWNING_GROUP, _NOBODY]
            known[_OWNING_GROUP, _NOBODY] &= known[_OTHERS, _NOBODY]
            mode &= ~0o2000
        mask = 0
        for key, right in known.items():
            mask |= right if key[0] in _MASKED else 0
        known[_MASK, _NOBODY] = mask
        return Permissions(owner, group, mode | mask << 3, _stored(known), self.default)


def copy_permissions(new: Path | int, old: Path) -> None:
    """Give a file, folder or file descriptor the permissions of another file or folder."""
    give_permissions(new, Permissions.of(old))


def give_permissions(new: Path | int, wanted: Permissions) -> None:
    """Give a file, folder or file descriptor an owner, group, mode and lists.

    Lists that it has from the folder in which it was made are removed. If the owner or group
    cannot be set, the former ones keep their rights by a list if there is one. If a list cannot be
    set, the file's group gets no more than everybody has.

    Raises:
        OSError: the file is of another user.
    """
    found = Permissions.of(new)
    if hasattr(os, "chown") and (found.owner, found.group) != (wanted.owner, wanted.group):
        try:
            os.chown(new, wanted.owner, wanted.group)
        except OSError:
            with suppress(OSError):
                os.chown(new, -1, wanted.group)
        found = Permissions.of(new)
        wanted = wanted._given(found.owner, found.group)
    if not stat.S_ISDIR(_stat(new).st_mode):
        wanted = replace(wanted, mode=wanted.mode & ~(stat.S_ISUID | stat.S_ISGID), default=None)
    if found == wanted:
        return
    # Without the list first, the bits of the group would be those of its mask, for all the group.
    _change_mode(new, _without_group(wanted.mode))
    for name, content in ((_ACCESS, wanted.access), (_DEFAULT, wanted.default)):
        _set_attribute(new, name, content)
    if wanted.access is None:
        _change_mode(new, wanted.mode)


def _stat(place: Path | int) -> os.stat_result:
    return place.stat() if isinstance(place, Path) else os.fstat(place)


def _change_mode(place: Path | int, mode: int) -> None:
    if isinstance(place, Path):
        place.chmod(mode)
    else:
        os.fchmod(place, mode)


def _without_group(mode: int) -> int:
    return (mode & ~0o070) | ((mode & 0o007) << 3)


def _attribute(place: Path | int, name: str) -> bytes | None:
    try:
        return os.getxattr(place, name)
    except (OSError, AttributeError):  # no list, or a system without such attributes
        return None


def _set_attribute(place: Path | int, name: str, content: bytes | None) -> None:
    """Set or remove a list, if the system has such lists."""
    try:
        if content is not None:
            os.setxattr(place, name, content)
        elif _attribute(place, name) is not None:
            os.removexattr(place, name)
    except AttributeError:
        return
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.ENODATA):
            raise


def _entries(stored: bytes) -> _List:
    body = stored[len(_HEADER) :]
    return {(tag, who): right for tag, right, who in _ENTRY.iter_unpack(body)}


def _stored(entries: _List) -> bytes:
    ordered = sorted(entries.items())
    return _HEADER + b"".join(_ENTRY.pack(tag, right, who) for (tag, who), right in ordered)
