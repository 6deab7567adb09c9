"""Compares two lists of keys with dictionaries and sets, as co3 0.6.3's Differ does.

Usage: plain_diff.py COUNT   prints seconds and the megabytes needed beside the keys.
"""

import resource
import sys
import time


def keys(start, count):
    return [f"speech/session-{number:010d}/audio.wav" for number in range(start, start + count)]


def by_key(items):
    groups = {}
    for item in items:
        groups.setdefault(item, []).append(item)
    return groups


def diff(left_items, right_items):
    left, right = by_key(left_items), by_key(right_items)
    left_keys, right_keys = set(left), set(right)
    return (
        {key: left[key] for key in left_keys - right_keys},
        {key: right[key] for key in right_keys - left_keys},
        {key: (left[key], right[key]) for key in left_keys & right_keys},
    )


count = int(sys.argv[1])
left, right = keys(0, count), keys(count // 2, count)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.process_time()
sets = diff(left, right)
seconds = time.process_time() - start
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert sum(map(len, sets)) == count + count // 2
print(f"{seconds:.3f} {(after - before) / 1024:.0f}")
