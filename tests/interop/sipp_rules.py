"""Scenarios of sipp_rules.sh, of the steps of sipp_scenario.py."""
from sipp_scenario import (RINGING, US, accepts_in_dialog, answers, arrives, bye, called, comes, hangs_up, in_dialog,
                           invited, message, pause, request, sdp, send)

RELIABLE = "Require: 100rel\n"
MAY_UPDATE = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE\n"


def acknowledged(cseq, body="", told="", expect=""):
    """A reliable 183, which fits `told`; PRACK with `body`; its 200, which fits `expect`."""
    fits = f'<ereg regexp="{told}" search_in="msg" check_it="true" assign_to="told{cseq}"/>' if told else ""
    kept = f'<Reference variables="told{cseq}"/>' if told else ""
    return ('<recv response="183" rrs="true"><action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" '
            f'check_it="true" assign_to="rseq"/>{fits}</action></recv>{kept}' +
            request("PRACK", cseq, body, extra="RAck: [$rseq] 1 INVITE\n") + comes(200, expect))


def numbered(number, cseq, method="INVITE", branch="", body="", to=""):
    """A request of a call whose number grows: all but number and CSeq stays (RFC 3578 3.1)."""
    head = (f"{method} sip:{number}@[remote_ip]:[remote_port] SIP/2.0\n"
            f"Via: SIP/2.0/[transport] {US};branch=[branch{branch}];rport\n"
            f'From: "SIPp" <sip:@FROM@@{US}>;tag=[pid]t[call_number]\n'
            f"To: <sip:{number}@[remote_ip]:[remote_port]>{to}\nCall-ID: [call_id]\nCSeq: {cseq} {method}\n"
            f"Contact: <sip:@FROM@@{US};transport=[transport]>\nMax-Forwards: 70\n")
    return send(message(head, body), method != "ACK")


def answered(expect=()):
    return invited(expect) + answers("200 OK", sdp(), again=True) + arrives("ACK")


SCENARIOS = {
    # RFC 6337 2.1, table 1 row 4: no offer in INVITE; the first reliable response has it, its PRACK the answer
    "offer_in_18x": lambda: request("INVITE", 1, extra=RELIABLE) + comes(100, optional=True) +
    acknowledged(2, sdp("0"), "m=audio [1-9][0-9]* RTP/AVP") + acknowledged(3) + comes(200, "Content-Length: 0") +
    request("ACK", 1) + bye(4),
    # ... row 5: a further offer in PRACK, its answer in the 200
    "offer_in_prack": lambda: request("INVITE", 1, sdp("8"), RELIABLE) + comes(100, optional=True) +
    acknowledged(2) + acknowledged(3, sdp("0", version=2), "PCMA/8000", "PCMU/8000") + comes(200) + request("ACK", 1) +
    bye(4),
    # RFC 3261 8.2.2.2: the same request by two ways
    "merged": lambda: request("INVITE", 1, sdp()) + comes(100, optional=True) + comes(183) +
    comes(180) + request("INVITE", 1, sdp()) + comes(482) + request("ACK!", 1, branch="-2") +
    request("CANCEL", 1, again=False, branch="-7") + comes(200) + comes(487) + request("ACK!", 1, branch="-10"),
    # RFC 3578 3.5: the earlier INVITE ends with 484 when the later one has come
    "grows": lambda: numbered("10", 1, body=sdp()) + comes(100) + pause(300) + numbered("1007", 2, body=sdp()) +
    comes(100, optional=True) + comes(484, "CSeq: 1 INVITE") + numbered("10", 1, "ACK", "-6", to="[peer_tag_param]") +
    RINGING + comes(200, "CSeq: 2 INVITE") + request("ACK", 2) + arrives("BYE") + accepts_in_dialog(),
    # RFC 3578 3.2: 484 is no end while digits may follow
    "wants_more": lambda: invited(("^INVITE sip:210@",)) + answers("484 Address Incomplete", again=True) +
    arrives("ACK") + answered(("^INVITE sip:2101@",)) + hangs_up(),
    # RFC 4028 7.3
    "wants_longer": lambda: invited(("Session-Expires: 90",)) +
    answers("422 Session Interval Too Small", extra="Min-SE: 1800\n", again=True) + arrives("ACK") +
    invited(("Session-Expires: 1800", "Min-SE: 1800", "CSeq: 2 INVITE")) +
    answers("200 OK", sdp(), extra="Require: timer\nSession-Expires: 1800;refresher=uas\n", again=True) + arrives("ACK") +
    hangs_up(),
    "too_busy": lambda: invited() + answers("503 Service Unavailable", extra="Retry-After: @AFTER@\n", again=True) +
    arrives("ACK"),
    "takes": lambda: answered() + hangs_up(),
    # RFC 3261 18.1.1
    "takes_tcp": lambda: answered(("Via: SIP/2.0/TCP",)) + hangs_up(),
    "takes_udp": lambda: answered(("Via: SIP/2.0/UDP",)) + hangs_up(),
    # RFC 4916 4.3, 4.4: someone else is there now
    "party_told": lambda: called(extra=MAY_UPDATE + "Supported: from-change\n") +
    '<recv request="UPDATE"><action><ereg regexp="5551017" search_in="hdr" header="P-Asserted-Identity:" check_it="true" '
    'assign_to="who"/></action></recv><Reference variables="who"/>' + accepts_in_dialog() + bye(2),
    "party_changes": lambda: invited() + answers("180 Ringing") + answers("200 OK", sdp(), extra=MAY_UPDATE, again=True) +
    arrives("ACK") + pause(300) +
    in_dialog("UPDATE", 8).replace("Max-Forwards: 70\n", "Max-Forwards: 70\n"
                                   "P-Asserted-Identity: <sip:5558888@127.0.0.1>\n").replace("<sip:2000@", "<sip:5558888@") +
    comes(200) + hangs_up(),
}
