#!/usr/bin/env python3
"""Writes a CSV file of rows of 100 bytes, sorted by id. Usage: rows.py COUNT FILE [SHIFT]

With SHIFT every tenth row has another name and every hundredth is left out, another hundredth each time.
"""
import hashlib
import sys

count, path = int(sys.argv[1]), sys.argv[2]
shift = int(sys.argv[3]) if len(sys.argv) > 3 else None
with open(path, "w", encoding="ascii") as file:
    file.write("id,name,amount,note\n")
    for number in range(count):
        if shift is not None and number % 100 == shift % 100:
            continue
        digest = hashlib.md5(str(number).encode()).hexdigest()
        name = digest if shift is None or number % 10 else digest[::-1]
        file.write(f"{number},{name},{number * 7 % 100003},{digest[:28]}{digest[::-1][:24]}\n")
