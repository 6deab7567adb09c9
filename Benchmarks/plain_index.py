"""Indexes a tree as plainly as can be: hashes every file, inserts all rows in one transaction.

Usage: plain_index.py DIR DB [PROCESSES]   (that many hash, one unless given)
"""

import functools
import hashlib
import multiprocessing
import os
import sqlite3
import stat
import sys


def paths(root):
    for folder, _, names in os.walk(root):
        for name in names:
            yield os.path.join(folder, name)


def row(root, path):
    status = os.lstat(path)
    if not stat.S_ISREG(status.st_mode):
        return None
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 18):
            digest.update(piece)
    kind = os.path.splitext(path)[1][1:].decode("ascii", "replace").lower() or "none"
    relative = os.path.relpath(path, root)
    return relative, status.st_size, status.st_mtime_ns, kind, digest.digest()


def insert(connection, rows):
    with connection:
        connection.executemany(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?)", (row for row in rows if row is not None)
        )


def main(root, database, processes=1):
    connection = sqlite3.connect(database)
    connection.execute(
        "CREATE TABLE files (path BLOB PRIMARY KEY, size INTEGER, modified_ns INTEGER, kind TEXT,"
        " sha256 BLOB) WITHOUT ROWID"
    )
    root = os.fsencode(root)
    of_root = functools.partial(row, root)
    if int(processes) > 1:
        with multiprocessing.Pool(int(processes)) as pool:
            insert(connection, pool.imap(of_root, paths(root), chunksize=256))
    else:
        insert(connection, map(of_root, paths(root)))
    print(connection.execute("SELECT count(*) FROM files").fetchone()[0], "files")


main(*sys.argv[1:])
