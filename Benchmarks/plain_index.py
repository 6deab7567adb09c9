"""Indexes a tree as plainly as can be: hashes every file, inserts all rows in one transaction."""

import hashlib
import os
import sqlite3
import stat
import sys


def rows(root):
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode):
                continue
            digest = hashlib.sha256()
            with open(path, "rb") as file:
                while piece := file.read(1 << 18):
                    digest.update(piece)
            kind = os.path.splitext(name)[1][1:].decode("ascii", "replace").lower() or "none"
            relative = os.path.relpath(path, root)
            yield relative, status.st_size, status.st_mtime_ns, kind, digest.digest()


def main(root, database):
    connection = sqlite3.connect(database)
    connection.execute(
        "CREATE TABLE files (path BLOB PRIMARY KEY, size INTEGER, modified_ns INTEGER, kind TEXT,"
        " sha256 BLOB) WITHOUT ROWID"
    )
    with connection:
        connection.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", rows(os.fsencode(root)))
    print(connection.execute("SELECT count(*) FROM files").fetchone()[0], "files")


main(*sys.argv[1:])
