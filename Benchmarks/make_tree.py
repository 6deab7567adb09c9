"""Makes a tree of files with many extensions, the same for the same arguments.

Sizes are lognormal, with a mean of their own for every extension; how often extensions occur falls
with their rank, so that some hundred of them occur a few times only. Files are holes: they take no
room on the disk, and reading them costs what reading cached files does.
"""

import math
import os
import random
import sys


def main(root, count, kinds, mean_bytes):
    draw = random.Random(14)
    names = [f"{chr(97 + kind % 26)}{kind}" for kind in range(kinds)]
    means = [mean_bytes * draw.lognormvariate(-0.5, 1) for _ in range(kinds)]
    weights = [1 / (rank + 1) for rank in range(kinds)]
    # Every extension occurs, whatever is drawn.
    drawn = list(range(kinds)) + draw.choices(range(kinds), weights, k=max(0, count - kinds))
    draw.shuffle(drawn)
    total = 0
    for number, kind in enumerate(drawn[:count]):
        folder = os.path.join(root, f"d{number // 2000}", f"e{number // 50 % 40}")
        if number % 50 == 0:
            os.makedirs(folder, exist_ok=True)
        size = int(means[kind] * draw.lognormvariate(-1.125, 1.5))
        with open(os.path.join(folder, f"f{number}.{names[kind]}"), "wb") as file:
            file.truncate(size)
        total += size
    print(f"{count} files, {kinds} extensions, {total / 1e9:.2f} GB")


main(sys.argv[1], *map(int, sys.argv[2:5]))
