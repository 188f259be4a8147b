"""Sends digits as RFC 4733 events: send_events.py FROM_PORT TO_PORT DIGITS.

The packets are those that SIPp's package recorded from a telephone, with its sequence numbers and timestamps, so
digits go up: 1259#. (SIPp's own play_pcap_audio needs a raw socket, that is, root.)
"""
import pathlib
import socket
import struct
import sys
import time

RECORDED = pathlib.Path("/usr/share/sip-tester")
NAMES = {"#": "pound", "*": "star"}
HEADERS = 14 + 20 + 8  # Ethernet, IP, UDP


def packets(digit):
    """(seconds since the first, RTP) of a libpcap file, little-endian with microseconds."""
    data = (RECORDED / f"dtmf_2833_{NAMES.get(digit, digit)}.pcap").read_bytes()
    at, first = 24, None
    while at < len(data):
        seconds, micros, size, _ = struct.unpack_from("<IIII", data, at)
        when = seconds + micros / 1e6
        first = when if first is None else first
        yield when - first, data[at + 16 + HEADERS : at + 16 + size]
        at += 16 + size


def main():
    from_port, to_port, digits = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", from_port))
    start = time.monotonic()
    for digit in digits:
        for offset, rtp in packets(digit):
            time.sleep(max(0.0, start + offset - time.monotonic()))
            line.sendto(rtp, ("127.0.0.1", to_port))
        start += 0.3  # a digit and the pause after it


main()
