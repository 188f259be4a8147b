#include "tests/sim/ss7/calls.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tandem::sim {

using namespace std::chrono_literals;
using M = isup::MessageType;

namespace {

constexpr std::size_t kDigits = 8;

std::string digits_of(std::uint32_t tag) {
  auto digits = std::to_string(tag);
  return std::string(kDigits - digits.size(), '0') + digits;
}

isup::UserToUserInformation mark(std::uint32_t tag) {
  Octets octets(4);
  write_be32(octets.data(), tag);
  return {.octets = octets};
}

std::optional<std::uint32_t> tag_of(const isup::Message& message) {
  const auto* mark = message.get<isup::UserToUserInformation>();
  if (mark == nullptr || mark->octets.size() != 4) return std::nullopt;
  return read_be32(mark->octets.data());
}

isup::Message with_cause(std::uint8_t cause) {
  isup::Message m(M::rel);
  m.set(isup::CauseIndicators{.value = cause, .location = isup::Location::user});
  return m;
}

}  // namespace

std::optional<Agenda::What> Agenda::take(Time now) {
  if (entries_.empty() || entries_.top().when > now) return std::nullopt;
  auto what = std::move(entries_.top().what);
  entries_.pop();
  return what;
}

Ss7Calls::Ss7Calls(std::array<Ss7Exchange*, 2> exchanges, isup::Variant variant, std::uint64_t seed)
    : exchanges_(exchanges), variant_(variant), random_(seed) {
  for (std::size_t side = 0; side < 2; ++side) {
    calls_[side].resize(kCics);
    looping_[side].resize(kCics);
    toning_[side].resize(kCics);
    exchanges_[side]->on_output = [this, side](isup::GroupOutput& out) { on_output(side, out); };
  }
}

void Ss7Calls::run_due(Time at) {
  now = at;
  while (const auto what = agenda_.take(now)) {
    (*what)();
    for (auto* exchange : exchanges_) exchange->flush(now);
  }
}

std::size_t Ss7Calls::calls(std::size_t side) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(calls_[side], [](const auto& call) { return call.has_value(); }));
}

bool Ss7Calls::media_quiet() const {
  for (std::size_t side = 0; side < 2; ++side)
    if (std::ranges::find(looping_[side], true) != looping_[side].end() ||
        std::ranges::find(toning_[side], true) != toning_[side].end())
      return false;
  return true;
}

void Ss7Calls::then(std::size_t side, std::uint16_t cic, Duration after, std::function<void()> what) {
  const auto tag = calls_[side][cic]->tag;
  later(after, [this, side, cic, tag, what = std::move(what)] {
    if (const auto& c = calls_[side][cic]; c && c->tag == tag) what();
  });
}

void Ss7Calls::place(std::size_t side, std::uint16_t cic, Call call) {
  if (calls_[side][cic]) ++counts.two_calls;
  calls_[side][cic] = std::move(call);
}

bool Ss7Calls::send(std::size_t side, std::uint16_t cic, isup::Message message) {
  const bool carries = message.type() != M::cot && message.type() != M::olm;
  if (carries) message.set(mark(calls_[side][cic]->tag));
  return exchanges_[side]->group.send(cic, message, now);
}

void Ss7Calls::release(std::size_t side, std::uint16_t cic, std::uint8_t cause) {
  if (send(side, cic, with_cause(cause))) calls_[side][cic].reset();
}

void Ss7Calls::release_all(std::size_t side) {
  for (std::uint16_t cic = 0; cic < kCics; ++cic)
    if (calls_[side][cic]) release(side, cic, 31);
}

// --- the calling side -------------------------------------------------------------------------------------

isup::Message Ss7Calls::iam(const Call& call, bool overlap) {
  isup::Message m(M::iam);
  isup::NatureOfConnection nature;
  if (faults && chance(30)) nature.continuity = 2;
  if (chance(60)) nature.continuity = 1;
  m.set(nature).set(isup::ForwardCallIndicators{}).set(isup::CallingPartysCategory{});
  if (variant_ == isup::Variant::ansi)
    m.set(isup::UserServiceInformation{.bearer = {0x80, 0x90, 0xa2}});
  else
    m.set(isup::TransmissionMedium{0});
  const auto all = digits_of(call.tag);
  m.set(isup::CalledPartyNumber{.digits = overlap ? all.substr(0, 1 + pick(kDigits - 1)) : all});
  return m.set(mark(call.tag));
}

void Ss7Calls::begin(std::size_t side, int attempt, std::optional<std::uint16_t> wanted) {
  Call call{.tag = next_tag_++, .outgoing = true, .attempt = attempt};
  const bool overlap = variant_ != isup::Variant::ansi && chance(250);
  const auto message = iam(call, overlap);
  const auto cic = exchanges_[side]->group.seize(message, {.cic = wanted}, now);
  if (!cic) {
    ++counts.no_circuit;
    return;
  }
  ++counts.begun;
  issued_[call.tag] = {side, *cic};
  const auto tag = call.tag;
  place(side, *cic, std::move(call));
  const auto* nature = message.get<isup::NatureOfConnection>();
  if (nature->continuity == 2)
    then(side, *cic, some(100, 800), [this, side, c = *cic] {
      send(side, c, isup::Message(M::cot).set(isup::ContinuityIndicators{.successful = !chance(100)}));
    });
  const auto* called = message.get<isup::CalledPartyNumber>();
  if (overlap) dial_rest(side, *cic, digits_of(tag).substr(called->digits.size()));
  if (wanted || !chance(120)) return;
  then(side, *cic, some(0, 4000), [this, side, c = *cic] {
    ++counts.abandoned;
    release(side, c, 16);
  });
}

void Ss7Calls::dial_rest(std::size_t side, std::uint16_t cic, std::string rest) {
  if (rest.empty() || (faults && chance(10))) return;  // T35 has patience
  then(side, cic, some(20, 700), [this, side, cic, rest = std::move(rest)] {
    const auto now_dialled = 1 + pick(rest.size());
    if (send(side, cic,
             isup::Message(M::sam).set(isup::SubsequentNumber{.digits = rest.substr(0, now_dialled)})))
      dial_rest(side, cic, rest.substr(now_dialled));
  });
}

// --- the called side --------------------------------------------------------------------------------------

void Ss7Calls::on_iam(std::size_t side, std::uint16_t cic, const isup::Message& message) {
  ++counts.came_in;
  const auto* called = message.get<isup::CalledPartyNumber>();
  Call call{.tag = tag_of(message).value_or(0), .outgoing = false, .digits = called ? called->digits : ""};
  const auto from = issued_.find(call.tag);
  if (from == issued_.end() || from->second != std::pair{1 - side, cic}) ++counts.elsewhere;
  const bool complete = call.digits.size() >= kDigits;
  place(side, cic, std::move(call));
  if (complete) return number_complete(side, cic);
  exchanges_[side]->group.want_digits(cic, now);
}

void Ss7Calls::number_complete(std::size_t side, std::uint16_t cic) {
  static constexpr std::array<std::uint8_t, 12> kCauses = {1, 3, 17, 18, 20, 21, 27, 28, 34, 38, 42, 88};
  if (calls_[side][cic]->digits != digits_of(calls_[side][cic]->tag)) ++counts.foreign;
  const auto dice = pick(1000);
  if (faults && dice < 4) return;  // T7
  if (faults && dice < 7 && variant_ != isup::Variant::ansi) {
    send(side, cic, M::olm);  // T3
    return;
  }
  if (dice < 150)
    return then(side, cic, some(10, 1000), [this, side, cic] {
      ++counts.refused;
      release(side, cic, kCauses[pick(kCauses.size())]);
    });
  if (dice < 180)
    then(side, cic, some(0, 50), [this, side, cic] {
      send(side, cic,
           isup::Message(M::inr).set(isup::InformationRequestIndicators{.calling_party_address = true}));
    });
  if (dice < 200) send(side, cic, M::idr);
  if (dice < 300 && variant_ != isup::Variant::ansi)
    return then(side, cic, some(100, 2500), [this, side, cic] { answer(side, cic, M::con); });
  then(side, cic, some(30, 500), [this, side, cic] { alert(side, cic); });
}

void Ss7Calls::alert(std::size_t side, std::uint16_t cic) {
  if (!send(side, cic, isup::Message(M::acm).set(isup::BackwardCallIndicators{}))) return;
  if (chance(200))
    then(side, cic, some(0, 1500),
         [this, side, cic] { send(side, cic, isup::Message(M::cpg).set(isup::EventInformation{})); });
  if (faults && chance(4)) return;  // T9
  if (chance(80))
    return then(side, cic, some(100, 3000), [this, side, cic] {
      ++counts.refused;
      release(side, cic, 19);
    });
  then(side, cic, some(0, 3000), [this, side, cic] { answer(side, cic, M::anm); });
}

void Ss7Calls::answer(std::size_t side, std::uint16_t cic, M with) {
  isup::Message m(with);
  if (with == M::con) m.set(isup::BackwardCallIndicators{});
  if (!send(side, cic, std::move(m))) return;
  talk(side, cic);
}

// --- both -------------------------------------------------------------------------------------------------

void Ss7Calls::talk(std::size_t side, std::uint16_t cic) {
  auto& call = *calls_[side][cic];
  call.answered = true;
  if (call.outgoing) ++counts.answered;
  static constexpr M kWithin[] = {M::fac, M::apm, M::nrm, M::crg, M::idr};
  if (chance(100))
    then(side, cic, some(0, 2000), [this, side, cic] { send(side, cic, kWithin[pick(std::size(kWithin))]); });
  if (chance(60)) then(side, cic, some(0, 3000), [this, side, cic] { suspend(side, cic); });
  if (call.tag % 8 == 0) {  // both at the same time: their RELs cross
    const auto talking = std::chrono::milliseconds(500 + call.tag * 7919U % 4000);
    if (call.outgoing) ++counts.crossed;
    return then(side, cic, talking, [this, side, cic] { release(side, cic, 16); });
  }
  if (call.outgoing == (call.tag % 2 == 0))
    then(side, cic, some(300, 6000), [this, side, cic] { release(side, cic, 16); });
}

void Ss7Calls::suspend(std::size_t side, std::uint16_t cic) {
  const bool network = !calls_[side][cic]->outgoing && chance(500);
  if (!send(side, cic, isup::Message(M::sus).set(isup::SuspendResume{.network = network}))) return;
  if (faults && chance(100)) return;  // T2, T6, T38
  then(side, cic, some(0, 2000), [this, side, cic, network] {
    send(side, cic, isup::Message(M::res).set(isup::SuspendResume{.network = network}));
  });
}

void Ss7Calls::on_message(std::size_t side, std::uint16_t cic, const isup::Message& message) {
  if (message.type() == M::iam) return on_iam(side, cic, message);
  auto& call = calls_[side][cic];
  if (!call) {
    ++counts.stray;
    return remark(side, cic, message);
  }
  const auto tag = tag_of(message);
  if (tag && *tag != call->tag) {
    ++(message.type() == M::rel ? counts.stale_rel : counts.foreign);
    remark(side, cic, message);
  }
  switch (message.type()) {
    case M::sam:
      if (const auto* more = message.get<isup::SubsequentNumber>()) call->digits += more->digits;
      if (call->digits.size() >= kDigits) return number_complete(side, cic);
      exchanges_[side]->group.want_digits(cic, now);
      return;
    case M::inr:
      if (faults && chance(50)) return;  // T33
      send(side, cic, isup::Message(M::inf).set(isup::InformationIndicators{}));
      return;
    case M::idr:
      if (!faults || !chance(50)) send(side, cic, M::irs);  // else T39
      return;
    case M::con:
    case M::anm:
      return talk(side, cic);
    case M::rel:
      call.reset();
      return;
    default:
      return;
  }
}

void Ss7Calls::on_output(std::size_t side, isup::GroupOutput& out) {
  if (const auto* message = std::get_if<isup::ToCall>(&out))
    return on_message(side, message->cic, message->message);
  if (const auto* media = std::get_if<isup::MediaOrder>(&out)) return on_media(side, *media);
  if (const auto* alert = std::get_if<isup::GroupAlert>(&out))
    ++alerts[side][std::string(to_string(alert->text))];
  const auto* over = std::get_if<isup::CallOver>(&out);
  if (over == nullptr) return;
  auto& call = calls_[side][over->cic];
  ++(call ? counts.cleared : counts.stray);
  if (!call) return;
  if (over->again && call->attempt < 2) {
    ++counts.retried;
    later(Duration{}, [this, side, attempt = call->attempt + 1] { begin(side, attempt); });
  }
  call.reset();
}

void Ss7Calls::remark(std::size_t side, std::uint16_t cic, const isup::Message& message) {
  constexpr std::size_t kMost = 10;
  if (message.type() == M::rel || remarks.size() >= kMost) return;
  const auto at = std::chrono::duration<double>(now.time_since_epoch()).count();
  const auto& call = calls_[side][cic];
  remarks.push_back(std::to_string(at) + " s, side " + std::to_string(side) + ", CIC " + std::to_string(cic) +
                    (call ? " with call " + std::to_string(call->tag) : std::string(" without call")) + ": " +
                    describe(message));
}

// --- media ------------------------------------------------------------------------------------------------

void Ss7Calls::on_media(std::size_t side, const isup::MediaOrder& order) {
  using A = isup::MediaAction;
  const bool on = order.action == A::loop_on || order.action == A::tone_on;
  const bool loop = order.action == A::loop_on || order.action == A::loop_off;
  (loop ? looping_ : toning_)[side][order.cic] = on;
  const bool bad = faults && chance(80);
  if (on && !loop && !bad) later(60ms, [this, side, cic = order.cic] { listen(side, cic); });
}

/// The check tone comes back as soon as the far end loops the circuit.
void Ss7Calls::listen(std::size_t side, std::uint16_t cic) {
  if (!toning_[side][cic]) return;
  if (!looping_[1 - side][cic]) return later(100ms, [this, side, cic] { listen(side, cic); });
  ++counts.checks;
  exchanges_[side]->group.tone_received(cic, now);
}

}  // namespace tandem::sim
