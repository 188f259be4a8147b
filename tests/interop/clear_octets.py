"""Sends octets as CLEARMODE and wants them back: clear_octets.py PORT TO_PORT TYPE RESULT.

Three seconds of 20 ms packets (RFC 4040) of octets that do not repeat. RESULT gets one line: "N octets in a row", the
longest run of received octets that is a run of those sent, bit by bit.
"""
import random
import select
import socket
import struct
import sys
import time

OCTETS, PACKETS, PTIME, WAIT = 160, 150, 0.02, 0.5
NEEDLE = 32


def longest_run(sent, received):
    best = 0
    for at in range(0, len(received) - NEEDLE, OCTETS):
        here = sent.find(received[at : at + NEEDLE])
        if here < 0:
            continue
        length = NEEDLE
        while at + length < len(received) and received[at + length : at + length + 1] == sent[here + length : here + length + 1]:
            length += 1
        best = max(best, length)
    return best


def exchange(line, to, kind, sent):
    """What came while `sent` went out, and a little longer: payloads by timestamp."""
    came = {}
    start = time.monotonic()
    number = 0
    while (now := time.monotonic() - start) < PACKETS * PTIME + WAIT:
        if number < PACKETS and now >= number * PTIME:
            header = struct.pack("!BBHII", 0x80, kind, number + 1, number * OCTETS, 0x7A4D)
            line.sendto(header + sent[number * OCTETS : (number + 1) * OCTETS], to)
            number += 1
            continue
        left = number * PTIME - now if number < PACKETS else PTIME
        if select.select([line], [], [], max(0.0, left))[0]:
            packet = line.recv(2048)
            if len(packet) > 12 and packet[1] & 0x7F == kind:
                came.setdefault(struct.unpack_from("!I", packet, 4)[0], packet[12:])
    return came


def main():
    port, to_port, kind, result = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    sent = random.Random(port).randbytes(OCTETS * PACKETS)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", port))
        came = exchange(line, ("127.0.0.1", to_port), kind, sent)
    if came:
        first = next(iter(came))  # timestamps wrap (RFC 3550 5.1)
        stamps = sorted(came, key=lambda stamp: (stamp - first + (1 << 31)) & 0xFFFFFFFF)
        received = b"".join(came[stamp] for stamp in stamps)
    else:
        received = b""
    with open(result, "w", encoding="ascii") as file:
        file.write(f"{longest_run(sent, received)} octets in a row\n")


main()
