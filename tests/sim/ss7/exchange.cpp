#include "tests/sim/ss7/exchange.h"

#include <cstdio>
#include <utility>

#include "isup/codec.h"

namespace tandem::sim {
namespace {

mtp::Variant mtp_variant(isup::Variant v) {
  return v == isup::Variant::ansi ? mtp::Variant::ansi : mtp::Variant::itu;
}

isup::GroupConfig group_config(const Ss7Setup& setup) {
  isup::GroupConfig c;
  c.own = setup.own;
  c.destination = setup.other;
  c.variant = setup.variant;
  c.hunting = setup.hunting;
  c.continuity_every = setup.continuity_every;
  for (unsigned span = 0; span < setup.spans; ++span) {
    isup::CicRange range{.first_cic = static_cast<std::uint16_t>(span * 32 + 1), .circuits = {}};
    for (unsigned slot = 1; slot <= 31; ++slot)
      if (slot != 16)
        range.circuits.push_back({static_cast<std::uint16_t>(span), static_cast<std::uint8_t>(slot)});
    c.circuits.push_back(std::move(range));
  }
  return c;
}

mtp::NetworkConfig network_config(const Ss7Setup& setup) {
  mtp::NetworkConfig c;
  c.variant = mtp_variant(setup.variant);
  c.own = {setup.own};
  mtp::LinksetConfig set;
  set.own = setup.own;
  set.adjacent = setup.other;
  for (std::size_t i = 0; i < setup.links.size(); ++i)
    set.links.push_back({static_cast<std::uint8_t>(i), setup.links[i]});
  c.linksets.push_back(std::move(set));
  return c;
}

std::size_t key_of(OctetView octets) {
  return std::hash<std::string_view>{}(as_text(octets));
}

}  // namespace

std::vector<std::uint16_t> cics_of(const Ss7Setup& setup) {
  std::vector<std::uint16_t> out;
  for (const auto& range : group_config(setup).circuits)
    for (std::size_t i = 0; i < range.circuits.size(); ++i)
      out.push_back(static_cast<std::uint16_t>(range.first_cic + i));
  return out;
}

/// A link's words wait in a queue, as between the media and the core.
struct Ss7Exchange::End final : mtp::LinkSink {
  End(Ss7Exchange& exchange, std::size_t at, const mtp::LinkConfig& config)
      : of(exchange), index(at), link(config, *this) {}
  void say(Word word) { of.said_.push_back(std::move(word)); }
  void received(OctetView msu) override {
    say([this, m = Octets(msu.begin(), msu.end())] { of.network.received(index, m, of.now_); });
  }
  void in_service() override {
    say([this] { of.network.in_service(index, of.now_); });
  }
  void out_of_service(mtp::Failure) override {
    say([this] { of.network.out_of_service(index, of.now_); });
  }
  void remote_processor_outage(bool begins) override {
    say([this, begins] { of.network.remote_processor_outage(index, begins, of.now_); });
  }
  void local_processor_outage(bool begins) override {
    say([this, begins] { of.network.local_processor_outage(index, begins, of.now_); });
  }
  void backward_sequence(std::uint8_t bsnt) override {
    say([this, bsnt] { of.network.backward_sequence(index, bsnt, of.now_); });
  }
  void retrieved(OctetView msu) override {
    say([this, m = Octets(msu.begin(), msu.end())] { of.network.retrieved(index, m, of.now_); });
  }
  void retrieval_complete() override {
    say([this] { of.network.retrieval_complete(index, of.now_); });
  }
  void congestion(std::uint8_t level) override {
    say([this, level] { of.network.congestion(index, level, of.now_); });
  }
  Ss7Exchange& of;
  std::size_t index;
  mtp::Link link;
};

Ss7Exchange::Ss7Exchange(const Ss7Setup& setup)
    : group(group_config(setup)),
      network(network_config(setup)),
      own_point_(setup.own),
      other_point_(setup.other),
      variant_(setup.variant) {
  for (std::size_t i = 0; i < setup.links.size(); ++i)
    ends_.push_back(std::make_unique<End>(*this, i, setup.links[i]));
}

Ss7Exchange::~Ss7Exchange() = default;

mtp::Link& Ss7Exchange::link(std::size_t index) {
  return ends_[index]->link;
}

void Ss7Exchange::start(Time now) {
  group.pause(now);  // until MTP says that there is a way
  network.activate_all(now);
  work(now);
}

void Ss7Exchange::work(Time now) {
  now_ = now;
  network.expire(now);
  group.handle_timers(now);
  flush(now);
}

void Ss7Exchange::flush(Time now) {
  now_ = now;
  for (bool again = true; std::exchange(again, false);) {
    while (!said_.empty()) {
      const auto word = std::move(said_.front());
      said_.pop_front();
      word();
    }
    while (auto out = network.poll_output()) {
      again = true;
      from_network(*out);
    }
    while (auto out = group.poll_output()) {
      again = true;
      from_group(*out);
    }
  }
}

void Ss7Exchange::show(std::string_view what, OctetView from_cic) const {
  if (!watched_) return;
  const auto m = isup::decode_with_cic(from_cic, variant_);
  if (!m) return;
  const auto* range = m->message.get<isup::RangeAndStatus>();
  const unsigned circuits = range == nullptr ? 1 : range->circuits();
  if (*watched_ < m->cic || *watched_ >= m->cic + circuits) return;
  const auto state = group.status(*watched_)->call;
  const auto at = std::chrono::duration<double>(now_.time_since_epoch()).count();
  std::printf("%.2f %x %s %u %s (%s)\n", at, own_point_, std::string(what).c_str(), m->cic,
              describe(m->message).c_str(), std::string(to_string(state)).c_str());
}

void Ss7Exchange::command(const mtp::ToLink& to) {
  mtp::Link& l = link(to.link);
  switch (to.action) {
    case mtp::LinkAction::start:
      return l.start(now_);
    case mtp::LinkAction::stop:
      return l.stop(now_);
    case mtp::LinkAction::emergency:
      return l.emergency(true, now_);
    case mtp::LinkAction::emergency_ceases:
      return l.emergency(false, now_);
    case mtp::LinkAction::send:
      l.send(to.msu, now_);
      return;
    case mtp::LinkAction::backward_sequence:
      return l.retrieve_backward_sequence();
    case mtp::LinkAction::retrieve:
      return l.retrieve(to.confirmed);
  }
}

void Ss7Exchange::from_network(mtp::NetworkOutput& out) {
  if (const auto* to = std::get_if<mtp::ToLink>(&out)) return command(*to);
  mix(out.index());
  if (const auto* message = std::get_if<mtp::UserMessage>(&out)) {
    mix(message->data);
    if (other_ != nullptr && !other_->sent_.contains(key_of(message->data))) ++spoilt;
    show("receives", message->data);
    group.receive(message->data, now_);
  } else if (std::holds_alternative<mtp::Pause>(out)) {
    ++pauses;
    group.pause(now_);
  } else if (std::holds_alternative<mtp::Resume>(out)) {
    group.resume(now_);
    if (!std::exchange(started_, true)) group.start(now_);
  } else if (const auto* congested = std::get_if<mtp::Congested>(&out)) {
    if (congested->level != 0) group.congestion(now_);
  } else if (const auto* unavailable = std::get_if<mtp::UserUnavailable>(&out)) {
    if (unavailable->user == mtp::service::kIsup) group.user_part_unavailable(unavailable->cause, now_);
  }
}

void Ss7Exchange::from_group(isup::GroupOutput& out) {
  mix(out.index());
  mix(static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  auto* transmit = std::get_if<isup::Transmit>(&out);
  if (transmit == nullptr) {
    if (on_output) on_output(out);
    return;
  }
  mix(transmit->octets);
  sent_.insert(key_of(transmit->octets));
  show(network.accessible(other_point_) ? "sends" : "cannot send", transmit->octets);
  mtp::UserMessage message{.priority = transmit->priority,
                           .label = {.dpc = other_point_, .opc = 0, .sls = transmit->sls},
                           .data = std::move(transmit->octets)};
  if (network.send(std::move(message), now_)) return;
  ++not_sent;
}

}  // namespace tandem::sim
