#!/usr/bin/env python3
"""Passes connections on to a server, and cuts some. Usage: proxy.py PORT SHARE SEED [DELAY_S [BYTES_PER_S]]

Each message of a client, which is about a statement or a piece of a COPY, cuts its connection with the
probability SHARE: half of them before it is passed on, half of them after, with the answer lost. Each is passed on
late, as by a server far away: by DELAY_S, and by its length over BYTES_PER_S. Prints its own port first, and counts
on standard error when it is ended.
"""
import math
import random
import signal
import socket
import sys
import threading
import time

port, share, seed = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
delay_s = float(sys.argv[4]) if len(sys.argv) > 4 else 0
bytes_per_s = float(sys.argv[5]) if len(sys.argv) > 5 else math.inf
is_late = delay_s > 0 or bytes_per_s < math.inf
chance = random.Random(seed)
lock = threading.Lock()
counts = {"messages": 0, "cuts": 0}


def close(*ends):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def answers(server, client):
    try:
        while data := server.recv(1 << 16):
            client.sendall(data)
    except OSError:
        pass
    close(client, server)


def statements(client, server):
    is_first = True
    try:
        while data := client.recv(1 << 20):
            with lock:
                # The start of a session is no statement.
                counts["messages"] += not is_first
                is_cut = not is_first and chance.random() < share
                is_lost = chance.random() < 0.5
                counts["cuts"] += is_cut
            is_first = False
            if is_cut:
                if is_lost:
                    close(client)
                    server.sendall(data)
                    server.shutdown(socket.SHUT_WR)
                    return
                break
            if is_late:
                time.sleep(delay_s + len(data) / bytes_per_s)
            server.sendall(data)
    except OSError:
        pass
    close(client, server)


def finish(*_):
    print(f"proxy: cut {counts['cuts']} of {counts['messages']} messages", file=sys.stderr, flush=True)
    # Threads are at work; nothing is to be kept.
    import os

    os._exit(0)


signal.signal(signal.SIGTERM, finish)
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    server = socket.create_connection(("127.0.0.1", port))
    for end in (client, server):
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=answers, args=(server, client), daemon=True).start()
    threading.Thread(target=statements, args=(client, server), daemon=True).start()
