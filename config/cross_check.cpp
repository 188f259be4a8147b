#include <algorithm>
#include <array>
#include <map>

#include "config/builder.h"

namespace tandem::config {
namespace {

std::string on_line(Position at) {
  return "line " + std::to_string(at.line);
}

class CrossCheck {
 public:
  CrossCheck(const Document& document, const core::Config& config, Problems& problems)
      : document_(document), config_(config), problems_(problems) {}

  void run() {
    names();
    switches();
    tones();
    timeslots();
    ports();
    peer_addresses();
    peer_media();
    for (const auto& table : document_.routes) route(table);
  }

 private:
  void names() {
    std::map<std::string, Position> spans;
    for (const auto& table : document_.spans) once(table["name"], spans);
    for (const auto& table : document_.trunks) once(table["name"], ends_);
    for (const auto& table : document_.isup_trunks) once(table["name"], ends_);
    for (const auto& table : document_.peers) once(table["name"], ends_);
    for (const auto* trunks : {&document_.trunks, &document_.isup_trunks})
      for (const auto& table : *trunks) trunks_.insert({table["name"].text(), table["name"].at});
  }

  void once(const Entry& entry, std::map<std::string, Position>& seen) {
    const auto [it, added] = seen.insert({entry.text(), entry.at});
    if (added || entry.bad) return;
    problems_.add(entry.at, "the name " + in_quotes(entry.text()) + " is taken already on " +
                                on_line(it->second) + ": choose another");
  }

  void switches() {
    for (std::size_t i = 0; i < config_.trunks.size(); ++i) {
      const auto& table = document_.trunks[i];
      const auto& trunk = config_.trunks[i];
      if (table.unusable || table["switch"].bad || table["spans"].bad) continue;
      const auto type_of = [&](std::size_t k) -> const Entry* {
        const auto& span = document_.spans[trunk.spans[k].span];
        return span.unusable || span["type"].bad ? nullptr : &span["type"];
      };
      const auto* first = type_of(0);
      if (first == nullptr) continue;
      for (std::size_t k = 1; k < trunk.spans.size(); ++k) {
        const auto* other = type_of(k);
        if (other == nullptr || other->text() == first->text()) continue;
        problems_.add(table["spans"].elements[k],
                      "span " + in_quotes(config_.spans[trunk.spans[k].span].name) + " is of type " +
                          other->text() + ", the first of the trunk " + first->text() +
                          ": a trunk has spans of one type");
      }
      // ETSI and ECMA have both multiplexes, the North American variants the T1 only.
      const bool both = trunk.type == tdm::pri::Switch::euroisdn || trunk.type == tdm::pri::Switch::qsig;
      if (both || first->text() == "T1") continue;
      problems_.add(table["switch"].at,
                    "switch = " + in_quotes(table["switch"].text()) +
                        " does not run on an E1: write \"euroisdn\" or \"qsig\", or mend the type of span " +
                        in_quotes(config_.spans[trunk.spans[0].span].name));
    }
  }

  /// A span has the tones of one country.
  void tones() {
    std::map<std::uint16_t, std::size_t> trunk_of;
    for (std::size_t i = 0; i < config_.trunks.size(); ++i) {
      const auto& table = document_.trunks[i];
      if (table.unusable || table["spans"].bad || table["tones"].bad) continue;
      for (const auto& span : config_.trunks[i].spans) {
        const auto [it, added] = trunk_of.insert({span.span, i});
        const auto& other = document_.trunks[it->second]["tones"];
        if (added || other.text() == table["tones"].text()) continue;
        const auto& entry = table["tones"].given ? table["tones"] : other;
        problems_.add(entry.at, "tones = " + in_quotes(entry.text()) + ": trunks " +
                                    in_quotes(config_.trunks[it->second].name) + " and " +
                                    in_quotes(config_.trunks[i].name) +
                                    " share a span, so they have the same tones: make them alike");
        break;
      }
    }
  }

  struct Use {
    std::size_t trunk;
    bool d;
  };
  /// False, and said: the timeslot serves already.
  bool take(std::map<Circuit, Use>& uses, Circuit circuit, Use use, Position at) {
    const auto [it, added] = uses.insert({circuit, use});
    if (added) return true;
    problems_.add(at, "timeslot " + std::to_string(circuit.timeslot) + " of span " +
                          in_quotes(config_.spans[circuit.span].name) + " is " +
                          (it->second.d ? "the D channel" : "a timeslot") + " of trunk " +
                          in_quotes(config_.trunks[it->second.trunk].name) +
                          " already: give each trunk timeslots of its own");
    return false;
  }

  /// No timeslot serves twice.
  void timeslots() {
    std::map<Circuit, Use> uses;
    for (std::size_t i = 0; i < config_.trunks.size(); ++i) {
      const auto& table = document_.trunks[i];
      const auto& trunk = config_.trunks[i];
      if (table.unusable || table["spans"].bad || table["d_channel"].bad || table["timeslots"].bad ||
          table["backup_d_channel"].bad)
        continue;
      bool good = true;
      for (std::size_t k = 0; good && k < trunk.d_channels.size(); ++k)
        good =
            take(uses, trunk.d_channels[k], {i, true}, table[k == 0 ? "d_channel" : "backup_d_channel"].at);
      const auto& slots = table[table["timeslots"].given ? "timeslots" : "d_channel"];
      for (const auto& span : trunk.spans)
        for (std::size_t k = 0; good && k < span.timeslots.size(); ++k)
          good = take(uses, {span.span, span.timeslots[k]}, {i, false}, slots.at);
    }
  }

  struct PortUse {
    sip::Transport transport;
    SocketAddress address;
    Position at;
  };

  static bool same_host(const SocketAddress& a, const SocketAddress& b) {
    return a.v6 == b.v6 && (a.ip == b.ip || a.unspecified() || b.unspecified());
  }

  void ports() {
    std::vector<PortUse> uses;
    const auto& listen = document_.sip["listen"];
    for (std::size_t i = 0; !listen.bad && i < config_.sip.listen.size(); ++i) {
      port(uses, {config_.sip.listen[i].transport, config_.sip.listen[i].address, listen.elements[i]});
    }
    if (config_.metrics)
      port(uses, {sip::Transport::tcp, config_.metrics->address, document_.metrics["listen"].at});
    for (std::size_t i = 0; i < config_.spans.size(); ++i) {
      const auto& table = document_.spans[i];
      if (table["local"].bad) continue;
      port(uses, {sip::Transport::udp, config_.spans[i].local, table["local"].at});
    }
    rtp_range(uses);
  }

  void port(std::vector<PortUse>& uses, const PortUse& use) {
    for (const auto& other : uses) {
      if (other.transport != use.transport || other.address.port != use.address.port) continue;
      if (!same_host(other.address, use.address)) continue;
      problems_.add(use.at, "port " + std::to_string(use.address.port) + " is used already on " +
                                on_line(other.at) + ": choose another");
      return;
    }
    uses.push_back(use);
  }

  void rtp_range(const std::vector<PortUse>& uses) {
    const auto& ports = document_.rtp["ports"];
    if (ports.bad || document_.rtp["address"].bad) return;
    for (const auto& use : uses) {
      const auto shared = [&](const SocketAddress& rtp) { return same_host(use.address, rtp); };
      if (use.transport != sip::Transport::udp || std::ranges::none_of(config_.rtp_addresses, shared))
        continue;
      if (use.address.port < config_.rtp_first_port || use.address.port > config_.rtp_last_port) continue;
      problems_.add(use.at, "port " + std::to_string(use.address.port) + " is inside the RTP ports " +
                                ports.text() + (ports.given ? " of " + on_line(ports.at) : " (the default)") +
                                ": choose one outside, or move those");
    }
  }

  void peer_addresses() {
    for (std::size_t i = 0; i < config_.peers.size(); ++i) {
      const auto& entry = document_.peers[i]["address"];
      if (entry.bad) continue;
      const auto& flow = config_.peers[i].destination;
      for (const auto& listen : config_.sip.listen) {
        if (listen.transport != flow.transport || listen.address != flow.remote) continue;
        problems_.add(entry.at, "address = " + in_quotes(entry.text()) +
                                    " is where this gateway itself listens: calls would go round in circles");
      }
      for (std::size_t k = 0; k < i; ++k) {
        if (document_.peers[k]["address"].bad || config_.peers[k].destination != flow) continue;
        problems_.add(entry.at, "address = " + in_quotes(entry.text()) + " is that of peer " +
                                    in_quotes(config_.peers[k].name) +
                                    " already: calls from there could not be told apart");
        break;
      }
    }
  }

  /// Calls with a peer have their audio by the version of IP that its address is of.
  void peer_media() {
    if (document_.rtp["address"].bad) return;
    for (std::size_t i = 0; i < config_.peers.size(); ++i) {
      const auto& entry = document_.peers[i]["address"];
      const bool v6 = config_.peers[i].destination.remote.v6;
      if (entry.bad ||
          std::ranges::find(config_.rtp_addresses, v6, &SocketAddress::v6) != config_.rtp_addresses.end())
        continue;
      const std::string version = v6 ? "IPv6" : "IPv4";
      problems_.add(entry.at, "address = " + in_quotes(entry.text()) + " is " + version +
                                  ", but [gateway.rtp] has no " + version +
                                  " address for its calls: add one, address takes a list");
    }
  }

  void route(const Table& table) {
    const auto& from = table["from"];
    const bool from_known = !from.bad && ends_.contains(from.text());
    if (!from.bad && !from.text().empty() && !from_known) unknown_end(from.text(), from.at);
    const auto& to = table["to"];
    if (to.bad) return;
    const auto names = to.list();
    const bool from_peer = from_known && !trunks_.contains(from.text());
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (!ends_.contains(names[i])) {
        unknown_end(names[i], to.elements[i]);
      } else if (from_peer && !trunks_.contains(names[i])) {
        problems_.add(to.elements[i], "the route joins peer " + in_quotes(from.text()) + " to peer " +
                                          in_quotes(names[i]) +
                                          ": this gateway joins no SIP to SIP, name a trunk");
      }
    }
  }

  void unknown_end(const std::string& name, Position at) {
    std::vector<std::string_view> names;
    for (const auto& [known, where] : ends_) names.push_back(known);
    const auto near = nearest(name, names);
    problems_.add(at, "there is no trunk or peer " + in_quotes(name) +
                          (near.empty() ? ": add a [[trunk]] or [[peer]] with this name, or name another"
                                        : ": did you mean \"" + std::string(near) + "\"?"));
  }

  const Document& document_;
  const core::Config& config_;
  Problems& problems_;
  std::map<std::string, Position> ends_;    ///< trunks and peers
  std::map<std::string, Position> trunks_;  ///< trunks only
};

}  // namespace

void cross_check(const Document& document, const core::Config& config, Problems& problems) {
  CrossCheck(document, config, problems).run();
}

}  // namespace tandem::config
