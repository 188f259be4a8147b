#!/usr/bin/env python3
"""Prints a SIPp scenario that is made of steps. Words between @ are put in by sipp_case, as in the .xml files."""
import sys

US = "[local_ip]:[local_port]"


def sdp(formats="8 101", lines="", host="[media_ip]", port="[media_port]", version=1, streams=""):
    maps = "" if "a=rtpmap:" in lines else "a=rtpmap:8 PCMA/8000\na=rtpmap:0 PCMU/8000\n"
    events = "a=rtpmap:101 telephone-event/8000\na=fmtp:101 0-15\n" if "101" in formats.split() else ""
    return (f"v=0\no=sipp 53655765 {version} IN IP[local_ip_type] [local_ip]\ns=-\nc=IN IP[media_ip_type] {host}\nt=0 0\n{streams}"
            f"m=audio {port} RTP/AVP {formats}\n{maps}{events}{lines}")


def message(head, body="", kind="application/sdp"):
    length = "Content-Length: [len]" if body else "Content-Length: 0"
    content = f"Content-Type: {kind}\n" if body else ""
    return f"<![CDATA[\n{head}{content}{length}\n\n{body}\n]]>"


def send(text, again=True):
    return f'<send{" retrans=" + chr(34) + "500" + chr(34) if again else ""}>{text}</send>'


# --- the caller -------------------------------------------------------------------------------------------------

def request(method, cseq, body="", extra="", kind="application/sdp", again=None, branch="", user="@FROM@"):
    first = method in ("INVITE", "CANCEL") and cseq == 1 or method == "ACK!"
    uri = "sip:[service]@[remote_ip]:[remote_port]" if first else "[next_url]"
    tag = "" if first else "[peer_tag_param]"
    method = method.rstrip("!")
    head = (f"{method} {uri} SIP/2.0\nVia: SIP/2.0/[transport] {US};branch=[branch{branch}];rport\n"
            f'From: "SIPp" <sip:@FROM@@{US}>;tag=[pid]t[call_number]\n'
            f"To: <sip:[service]@[remote_ip]:[remote_port]>{tag}\nCall-ID: [call_id]\nCSeq: {cseq} {method}\n"
            f"Contact: <sip:{user}@{US};transport=[transport]>\nMax-Forwards: 70\n{extra}")
    return send(message(head, body, kind), method != "ACK" if again is None else again)


counter = 0


def comes(status, expect="", optional=False):
    """A response; `expect`: a regular expression that it fits."""
    global counter
    option = ' optional="true"' if optional else ""
    if not expect:
        return f'<recv response="{status}" rrs="true"{option}/>'
    counter += 1
    return (f'<recv response="{status}" rrs="true"{option}><action><ereg regexp="{expect}" search_in="msg" '
            f'check_it="true" assign_to="e{counter}"/></action></recv><Reference variables="e{counter}"/>')


def pause(ms):
    return f'<pause milliseconds="{ms}"/>'


RINGING = comes(100, optional=True) + comes(180, optional=True) + comes(183, optional=True)


def called(offer=None, expect="m=audio", extra=""):
    """INVITE until ACK."""
    return request("INVITE", 1, sdp() if offer is None else offer, extra) + RINGING + comes(200, expect) + \
        request("ACK", 1)


def reinvite(cseq, offer, expect):
    return request("INVITE", cseq, offer) + comes(100, optional=True) + comes(200, expect) + \
        request("ACK", cseq) + pause(200)


def bye(cseq):
    return request("BYE", cseq) + comes(200)


def hold(lines, expect, host="[media_ip]"):
    return called() + pause(300) + reinvite(2, sdp(lines=lines, host=host, version=2), expect) + \
        reinvite(3, sdp(version=3), "a=sendrecv") + bye(4)


def clear_octets():
    """The port of the answer, and a program that sends there and listens."""
    return ('<recv response="200" rrs="true"><action><ereg regexp="m=audio ([0-9]+) RTP/AVP 125" search_in="body" '
            'check_it="true" assign_to="line,port"/></action></recv><Reference variables="line"/>' + request("ACK", 1) +
            '<nop><action><exec command="python3 @TOP@/tests/interop/clear_octets.py @EVENTS_PORT@ [$port] 125 @RESULT@"/>'
            '</action></nop>' + pause(4000))


def prack(cseq):
    # Which provisional response it is, its RSeq says.
    return ('<recv response="183" rrs="true"><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" '
            'check_it="true" assign_to="rseq"/></action></recv>' +
            request("PRACK", cseq, extra="RAck: [$rseq] 1 INVITE\n") + comes(200))


# --- the called party -------------------------------------------------------------------------------------------

def invited(expect=()):
    """`expect`: regular expressions that the INVITE fits."""
    wanted = "".join(f'<ereg regexp="{text}" search_in="msg" check_it="true" assign_to="w{i}"/>'
                     for i, text in enumerate(expect))
    names = "".join(f",w{i}" for i, _ in enumerate(expect))
    return ('<recv request="INVITE" rrs="true"><action><ereg regexp=".*" search_in="hdr" header="From:" '
            f'assign_to="caller"/>{wanted}</action></recv><Reference variables="caller{names}"/>')


def answers(status, body="", tag="u", extra="", again=False):
    contact = "" if status.startswith("3") else f"Contact: <sip:{US};transport=[transport]>\n"
    head = (f"SIP/2.0 {status}\n[last_Via:]\n[last_From:]\n[last_To:];tag=[pid]{tag}[call_number]\n[last_Call-ID:]\n"
            f"[last_CSeq:]\n[last_Record-Route:]\n{contact}{extra}")
    return send(message(head, body), again)


def plain(status):
    """To a request in the dialog."""
    return send(message(f"SIP/2.0 {status}\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n"),
                False)


def arrives(method):
    return f'<recv request="{method}"/>'


def in_dialog(method, cseq, body="", tag="u", branch=""):
    head = (f"{method} [next_url] SIP/2.0\nVia: SIP/2.0/[transport] {US};branch=[branch{branch}];rport\n"
            f"From: <sip:2000@{US}>;tag=[pid]{tag}[call_number]\nTo: [$caller]\nCall-ID: [call_id]\n"
            f"CSeq: {cseq} {method}\nContact: <sip:{US};transport=[transport]>\nMax-Forwards: 70\n")
    return send(message(head, body), method != "ACK")


def cancelled(tag="u"):
    to = f"[last_To:];tag=[pid]{tag}[call_number]\n[last_Call-ID:]\n"
    return arrives("CANCEL") + \
        send(message(f"SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n{to}[last_CSeq:]\n"), False) + \
        send(message(f"SIP/2.0 487 Request Terminated\n[last_Via:]\n[last_From:]\n{to}CSeq: [cseq] INVITE\n")) + \
        arrives("ACK")


def accepts_in_dialog(body="", extra=""):
    return send(message("SIP/2.0 200 OK\n[last_Via:]\n[last_From:]\n[last_To:]\n[last_Call-ID:]\n[last_CSeq:]\n"
                        f"Contact: <sip:{US};transport=[transport]>\n{extra}", body), False)


def crossed():
    """A re-INVITE comes, and meets one of ours."""
    kept = ('<recv request="INVITE"><action><ereg regexp=".*" search_in="hdr" header="Via:" assign_to="way"/>'
            '<ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="number"/></action></recv>'
            '<Reference variables="way,number"/>')
    late = send(message("SIP/2.0 491 Request Pending\nVia: [$way]\nFrom: [$caller]\n"
                        f"To: <sip:2000@{US}>;tag=[pid]u[call_number]\nCall-ID: [call_id]\nCSeq: [$number]\n"), False)
    return kept + in_dialog("INVITE", 8, sdp(version=2)) + comes(491) + in_dialog("ACK", 8, branch="-2") + late + \
        arrives("ACK")


def held_at_last(port="[media_port]"):
    """The hold that comes once more."""
    return '<recv request="INVITE"><action><ereg regexp="a=sendonly" search_in="msg" check_it="true" ' \
        'assign_to="held"/></action></recv><Reference variables="held"/>' + \
        accepts_in_dialog(sdp(lines="a=recvonly\n", port=port, version=3)) + arrives("ACK") + pause(200)


def hangs_up(tag="u"):
    return pause(300) + in_dialog("BYE", 9, tag=tag) + comes(200)


FORTY = "".join(f"m=video {5000 + 2 * i} RTP/AVP 31\n" for i in range(39))
CLEAR = "a=rtpmap:125 CLEARMODE/8000\n"

SCENARIOS = {
    # RFC 3264 8.4, RFC 2543 B.5
    "hold_sendonly": lambda: hold("a=sendonly\n", "a=recvonly"),
    "hold_inactive": lambda: hold("a=inactive\n", "a=inactive"),
    "hold_zeros": lambda: hold("", "a=recvonly", "0.0.0.0"),
    # RFC 3311 5.2
    "update": lambda: called() + request("UPDATE", 2, sdp(lines="a=sendonly\n", version=2)) +
    comes(200, "a=recvonly") + request("UPDATE", 3, sdp(version=3)) + comes(200, "a=sendrecv") + bye(4),
    # RFC 3262 3: to a number that announces before it answers
    "prack": lambda: request("INVITE", 1, sdp(), "Require: 100rel\n") + comes(100, optional=True) + prack(2) + prack(3) +
    comes(200, "CSeq: 1 INVITE") + request("ACK", 1) + bye(4),
    "prack_unknown": lambda: request("INVITE", 1, sdp(), "Supported: 100rel\n") + comes(100, optional=True) +
    comes(183, "RSeq") + request("PRACK", 2, extra="RAck: 1 77 INVITE\n") + comes(183, optional=True) + comes(481) +
    request("CANCEL", 1, again=False, branch="-6") + comes(183, optional=True) + comes(200) + comes(487) +
    request("ACK!", 1, branch="-10"),
    "info_digits": lambda: called() + pause(500) + "".join(
        request("INFO", 2 + i, f"Signal={digit}\nDuration=120\n", kind="application/dtmf-relay") + comes(200) +
        pause(300) for i, digit in enumerate("1259#")) + pause(500) + bye(9),
    "info_unknown": lambda: called() + request("INFO", 2, "hello", kind="text/plain") + comes(415, "Accept") + bye(3),
    "codec_change": lambda: called() + reinvite(2, sdp("0", version=2), "PCMU/8000") +
    reinvite(3, sdp("8 101", version=3), "PCMA/8000") + bye(4),
    "address_change": lambda: called() + reinvite(2, sdp(port="[media_port+2]", version=2), "m=audio") + bye(3),
    "refused_change": lambda: called() + request("INVITE", 2, sdp("18", version=2)) + comes(100, optional=True) +
    comes(488, "Warning: 305") + request("ACK", 2) + bye(3),
    # RFC 3311 5.1: an offer before the answer to the INVITE
    "update_early": lambda: request("INVITE", 1, sdp(), "Require: 100rel\n") + comes(100, optional=True) + prack(2) +
    prack(3) + request("UPDATE", 4, sdp("0", version=2)) + comes(200, "PCMU/8000") + comes(200, "CSeq: 1 INVITE") +
    request("ACK", 1) + bye(5),
    # RFC 4028 9, 6
    "timer_gateway": lambda: called(expect="Session-Expires: 90;refresher=uas",
                                    extra="Supported: timer\nAllow: INVITE, ACK, BYE, CANCEL, UPDATE\n"
                                    "Session-Expires: 90;refresher=uas\n") +
    '<recv request="UPDATE"><action><ereg regexp="Session-Expires: 90;refresher=uac" search_in="msg" check_it="true" '
    'assign_to="refresh"/></action></recv><Reference variables="refresh"/>' +
    accepts_in_dialog(extra="Session-Expires: 90;refresher=uac\n") + bye(2),
    "timer_reinvite": lambda: called(expect="Session-Expires: 90;refresher=uas",
                                     extra="Supported: timer\nAllow: INVITE, ACK, BYE, CANCEL\n"
                                     "Session-Expires: 90;refresher=uas\n") +
    arrives("INVITE") + accepts_in_dialog(sdp(), "Session-Expires: 90;refresher=uac\n") + arrives("ACK") + bye(2),
    "timer": lambda: called(expect="Session-Expires: 120;refresher=uac",
                            extra="Supported: timer\nSession-Expires: 120;refresher=uac\n") +
    request("UPDATE", 2, extra="Supported: timer\nSession-Expires: 120;refresher=uac\n") +
    comes(200, "Session-Expires: 120;refresher=uac") + bye(3),
    "timer_small": lambda: request("INVITE", 1, sdp(), "Supported: timer\nSession-Expires: 30\n") +
    comes(100, optional=True) + comes(422, "Min-SE: 90") + request("ACK!", 1, branch="-3"),
    # RFC 4040
    "clearmode": lambda: called(sdp("125", CLEAR), "CLEARMODE/8000") + bye(2),
    "clear_octets": lambda: request("INVITE", 1, sdp("125", CLEAR, port="@EVENTS_PORT@")) + RINGING + clear_octets() +
    bye(2),
    # RFC 3264 8.4; inactive: whoever is held hears this gateway
    "hold_long": lambda: called() + pause(300) + reinvite(2, sdp(lines="a=inactive\n", version=2), "a=inactive") +
    pause(5000) + reinvite(3, sdp(version=3), "a=sendrecv") + bye(4),
    # RFC 7433, RFC 7434: at the end of a call, both ways
    "uui_returned": lambda: called(extra="User-to-User: 0468656c6c6f;encoding=hex\n") +
    '<recv request="BYE"><action><ereg regexp="0468656c6c6f;encoding=hex" search_in="hdr" header="User-to-User:" '
    'check_it="true" assign_to="uui"/></action></recv><Reference variables="uui"/>' + plain("200 OK"),
    "uui_sent": lambda: called(extra="User-to-User: 046869;encoding=hex\n") + pause(200) +
    request("BYE", 2, extra="User-to-User: 04627965;encoding=hex\n") + comes(200),
    # Q.931 5.4.1: DISCONNECT with tones, before an answer
    "tones_cancelled": lambda: request("INVITE", 1, sdp()) + comes(100, optional=True) + comes(183) + comes(183) +
    request("CANCEL", 1, again=False, branch="-4") + comes(200) + comes(487) + request("ACK!", 1, branch="-7"),
    # RFC 3261 20.43
    "no_codec": lambda: request("INVITE", 1, sdp("18")) + comes(100, optional=True) +
    comes(488, "Warning: 305") + request("ACK!", 1, branch="-3"),
    "no_audio": lambda: request("INVITE", 1, sdp(port="0")) + comes(100, optional=True) +
    comes(488, "Warning: 304") + request("ACK!", 1, branch="-3"),
    "forty_streams": lambda: called(sdp(streams=FORTY), "m=video 0 RTP/AVP 31") + bye(2),
    "colliding_types": lambda: called(sdp("8 8 97 97 101", "a=rtpmap:97 PCMA/8000\na=rtpmap:97 telephone-event/8000\n"),
                                      "RTP/AVP 8") + bye(2),
    "bye_before_ack": lambda: request("INVITE", 1, sdp()) + RINGING + comes(200) + request("BYE", 2) + comes(200),
    # RFC 3261 8.2.6.1, 20.17, 20.25
    "timestamp": lambda: request("INVITE", 1, sdp(), "Timestamp: 54.25\n") + comes(100, "Timestamp: 54.25") + RINGING +
    comes(200) + request("ACK", 1) + bye(2),
    "date": lambda: called(expect="Date: [A-Z][a-z]+, [0-9]+ [A-Z][a-z]+ [0-9]+ [0-9:]+ GMT") + bye(2),
    "organization": lambda: called(expect="Organization: Interop") + bye(2),
    # RFC 5009 8
    "early_media_said": lambda: request("INVITE", 1, sdp(), "P-Early-Media: supported\n") + comes(100, optional=True) +
    comes(183) + comes(183, "P-Early-Media: sendonly") + RINGING + comes(200) + request("ACK", 1) + bye(2),
    # RFC 3261 12.2.1.2
    "target_refresh": lambda: called() + request("INVITE", 2, sdp(version=2), user="moved") + comes(100, optional=True) +
    comes(200) + request("ACK", 2) + '<recv request="BYE"><action><ereg regexp="^BYE sip:moved@" search_in="msg" '
    'check_it="true" assign_to="target"/></action></recv><Reference variables="target"/>' + plain("200 OK"),
    # RFC 5806, RFC 7433; who was diverted hears so (RFC 3398 7.2.9)
    "services": lambda: request("INVITE", 1, sdp(), "Diversion: <sip:5557@example.com>;reason=user-busy\n"
                                "User-to-User: 046869;encoding=hex\n") + RINGING + comes(181) + comes(200) +
    request("ACK", 1) + bye(2),
    # RFC 3398 9.1: the far end holds, and retrieves
    "far_end_holds": lambda: called() + held_at_last() + arrives("INVITE") +
    accepts_in_dialog(sdp(version=4)) + arrives("ACK") + pause(200) + bye(2),
    # ... and there is something to hear meanwhile
    "hears_hold": lambda: called(sdp(port="@EVENTS_PORT@")) +
    '<nop><action><exec command="python3 @TOP@/tests/interop/hear.py @EVENTS_PORT@ 6 @RESULT@"/></action></nop>' +
    pause(10) + held_at_last("@EVENTS_PORT@") + arrives("INVITE") + accepts_in_dialog(sdp(port="@EVENTS_PORT@", version=4)) +
    arrives("ACK") + bye(2),
    # RFC 3323 4.2, RFC 5806: who calls is not told; the call was diverted
    "anonymous": lambda: called(extra="Privacy: id\n") + pause(300) + bye(2),
    "diverted_there": lambda: called(extra="Diversion: <sip:5557@example.com>;reason=unconditional\n") + pause(300) +
    bye(2),
    "diverted_twice": lambda: request("INVITE", 1, sdp(), "Diversion: <sip:5557@example.com>;reason=unconditional, "
                                      "<sip:5556@example.com>;reason=user-busy\n") + RINGING +
    comes(181, optional=True) + comes(180, optional=True) + comes(200) + request("ACK", 1) + pause(300) + bye(2),
    # --- called
    "anonymous_comes": lambda: invited(("From: &lt;sip:127",)) + answers("200 OK", sdp(), again=True) +
    arrives("ACK") + hangs_up(),
    "diverted_comes": lambda: invited(("Diversion: .*5550199.*reason=unconditional", "History-Info: .*5550199")) +
    answers("200 OK", sdp(), again=True) + arrives("ACK") + hangs_up(),
    # RFC 3325 9.1
    "answers_as": lambda: invited() + answers("180 Ringing") +
    answers("200 OK", sdp(), extra="P-Asserted-Identity: <sip:5552108@example.com>\n", again=True) + arrives("ACK") +
    hangs_up(),
    "diverted": lambda: invited(("Diversion: .*5557@.*reason=unconditional", "History-Info: .*5557@.*cause=302",
                                 "User-to-User: 046869;encoding=hex")) +
    answers("200 OK", sdp(), again=True) + arrives("ACK") + hangs_up(),
    "tells_much": lambda: invited() + answers("181 Call Is Being Forwarded") + answers("182 Queued") +
    answers("199 Early Dialog Terminated", tag="x") + answers("180 Ringing") +
    answers("200 OK", sdp(), again=True) + arrives("ACK") + hangs_up(),
    # RFC 7044: where the call goes now, and why
    "forwards": lambda: invited() + answers("181 Call Is Being Forwarded", extra="History-Info: <sip:2107@example.com>"
                                            ";index=1, <sip:5552107@example.com;user=phone;cause=486>;index=1.1\n") +
    pause(300) + answers("180 Ringing") + answers("200 OK", sdp(), again=True) + arrives("ACK") + hangs_up(),
    "redirects": lambda: invited() + answers("302 Moved Temporarily", extra="@TARGET@\n", again=True) + arrives("ACK"),
    "accepts": lambda: invited() + answers("200 OK", sdp(), again=True) + arrives("ACK") + hangs_up(),
    "forks": lambda: invited() + answers("183 Session Progress", sdp(), "a") +
    answers("183 Session Progress", sdp("0"), "b") + answers("180 Ringing", tag="c") + pause(200) +
    answers("200 OK", sdp(), "b", again=True) + arrives("ACK") + hangs_up("b"),
    "storms": lambda: invited() + answers("183 Session Progress", sdp()) * 60 +
    answers("200 OK", sdp(), again=True) + arrives("ACK") + hangs_up(),
    "reliable": lambda: invited() + answers("183 Session Progress", sdp(), extra="Require: 100rel\nRSeq: 7\n") +
    '<recv request="PRACK"><action><ereg regexp="7 1 INVITE" search_in="hdr" header="RAck:" check_it="true" '
    'assign_to="rack"/></action></recv><Reference variables="rack"/>' + plain("200 OK") + cancelled(),
    "changes_mind": lambda: invited() + answers("183 Session Progress", sdp("8")) +
    answers("200 OK", sdp("0", version=2), again=True) + arrives("ACK") + hangs_up(),
    "answers_twice": lambda: invited() + answers("200 OK", sdp("8"), again=True) + arrives("ACK") +
    answers("200 OK", sdp("0", version=2)) + hangs_up(),
    # RFC 3261 9.1, 15: the 2xx was on its way when CANCEL came
    "answers_cancelled": lambda: invited() + answers("180 Ringing") + arrives("CANCEL") +
    answers("200 OK") + answers("200 OK", sdp()).replace("[last_CSeq:]", "CSeq: [cseq] INVITE") + arrives("ACK") +
    arrives("BYE") + plain("200 OK"),
    # RFC 3261 14.1, 14.2
    "glare_theirs": lambda: invited() + answers("200 OK", sdp(), again=True) + arrives("ACK") + arrives("INVITE") +
    plain("491 Request Pending") + arrives("ACK") + held_at_last() + hangs_up(),
    "glare_ours": lambda: invited() + answers("200 OK", sdp(), again=True) + arrives("ACK") + crossed() +
    held_at_last() + hangs_up(),
    "asks_again": lambda: invited() + answers("200 OK", sdp(), again=True) + arrives("ACK") + pause(200) +
    in_dialog("INVITE", 8, sdp(lines="a=sendonly\n", version=2)) + comes(100, optional=True) +
    comes(200, "a=recvonly") + in_dialog("ACK", 8) + hangs_up(),
}


def main():
    name = sys.argv[1]
    from sipp_rules import SCENARIOS as rules  # which are made of what stands above
    print(f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="{name}">')
    print((SCENARIOS | rules)[name]().replace("><", ">\n<"))
    print("</scenario>")


if __name__ == "__main__":
    main()
