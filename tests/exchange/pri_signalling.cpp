#include "tests/exchange/pri_signalling.h"

#include <sys/time.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "tests/exchange/pri_impl.h"

namespace exchange {
namespace {

int switch_type(const PriSignalling::Kind& kind) {
  static const std::map<std::string, int> types{{"national", PRI_SWITCH_NI2},  {"ni1", PRI_SWITCH_NI1},
                                                {"dms100", PRI_SWITCH_DMS100}, {"4ess", PRI_SWITCH_ATT4ESS},
                                                {"5ess", PRI_SWITCH_LUCENT5E}, {"qsig", PRI_SWITCH_QSIG}};
  const auto found = types.find(kind.type);
  if (found != types.end()) return found->second;
  return kind.t1 ? PRI_SWITCH_EUROISDN_T1 : PRI_SWITCH_EUROISDN_E1;
}

/// Q.931 4.5.23: ITU-T, public network of the local user, in-band information is available.
constexpr std::array<std::uint8_t, 4> kInband = {0x1e, 0x02, 0x82, 0x88};
constexpr std::uint8_t kDisconnect = 0x45;

}  // namespace

PriSignalling::Impl::Impl(Kind wanted, SignallingListener& to) : kind(std::move(wanted)), listener(to) {
  pri_set_message(&Impl::take_message);
  pri_set_error(&Impl::take_message);
  for (int i = 0; i < kind.links; ++i) {
    auto& link = *links.emplace_back(std::make_unique<Link>(*this, i));
    link.pri = pri_new_cb(-1, kind.network ? PRI_NETWORK : PRI_CPE, switch_type(kind), &Impl::read,
                          &Impl::write, &link);
    pri_set_overlapdial(link.pri, 1);  // else "sending complete" is sent whatever the request says
    pri_display_options_send(link.pri, PRI_DISPLAY_OPTION_NAME_INITIAL | PRI_DISPLAY_OPTION_NAME_UPDATE);
    pri_aoc_events_enable(link.pri, 1);
    pri_transfer_enable(link.pri, 1);
    pri_set_inbanddisconnect(link.pri, 1);
    if (kind.service) pri_set_service_message_support(link.pri, 1);
    pri_set_timer(link.pri, PRI_TIMER_T309, 30'000);
    link_slots.push_back(i * kSlotsOfSpan + (kind.t1 ? 24 : 16));
    if (i > 0) pri_enslave(links[0]->pri, link.pri);
  }
}

PriSignalling::Impl::~Impl() {
  // libpri cannot take an instance away; it stays where leak checkers see it.
  static auto& kept = *new std::vector<struct pri*>;
  for (auto& link : links) {
    pri_set_userdata(link->pri, nullptr);
    kept.push_back(link->pri);
  }
}

int PriSignalling::Impl::read(struct pri* pri, void* buffer, int size) {
  auto& frames = static_cast<Link*>(pri_get_userdata(pri))->frames;
  if (frames.empty()) return 0;
  const auto frame = std::move(frames.front());
  frames.pop_front();
  if (frame.size() + 2 > static_cast<std::size_t>(size)) return 0;
  std::memset(buffer, 0, static_cast<std::size_t>(size));
  std::ranges::copy(frame, static_cast<std::uint8_t*>(buffer));
  return static_cast<int>(frame.size()) + 2;
}

int PriSignalling::Impl::write(struct pri* pri, void* buffer, int size) {
  auto& link = *static_cast<Link*>(pri_get_userdata(pri));
  const std::span frame(static_cast<const std::uint8_t*>(buffer), static_cast<std::size_t>(size) - 2);
  if (link.owner.has_tones(frame)) {
    // libpri has no way to say it; the element stands behind the cause, which is all there is.
    std::vector<std::uint8_t> longer(frame.begin(), frame.end());
    longer.insert(longer.end(), kInband.begin(), kInband.end());
    link.hdlc.send(longer);
  } else {
    link.hdlc.send(frame);
  }
  return size;
}

void PriSignalling::Impl::take_message(struct pri* pri, char* text) {
  auto* link = pri == nullptr ? nullptr : static_cast<Link*>(pri_get_userdata(pri));
  std::string line = text;
  while (!line.empty() && line.back() == '\n') line.pop_back();
  if (link != nullptr && !link->owner.quiet && !line.empty())
    link->owner.listener.on_message("libpri " + line);
}

struct pri* PriSignalling::Impl::active() {
  const auto up = std::ranges::find_if(links, [](const auto& link) { return link->up; });
  return up == links.end() ? links[0]->pri : (*up)->pri;
}

int PriSignalling::Impl::encoded(int slot) const {
  if (kind.interfaces.size() < 2 || slot == 0) return slot % kSlotsOfSpan;
  constexpr int kExplicit = 1 << 16;  // libpri: the channel identification says the interface
  return slot % kSlotsOfSpan | kind.interfaces[static_cast<std::size_t>(slot / kSlotsOfSpan)] << 8 |
         kExplicit;
}

int PriSignalling::Impl::slot_of(int channel, const Link& link) const {
  if (channel < 0) return 0;
  const int slot = channel & 0xFF;
  if (slot == 0xFF) return 0;
  int span = link.index;  // Q.931 4.5.13: none said, that of the D channel
  if ((channel & 1 << 16) != 0) {
    const auto found = std::ranges::find(kind.interfaces, channel >> 8 & 0xFF);
    if (found == kind.interfaces.end()) return 0;
    span = static_cast<int>(found - kind.interfaces.begin());
  }
  return slot == 0 ? 0 : span * kSlotsOfSpan + slot;
}

int PriSignalling::Impl::number_of(const q931_call* call) const {
  for (const auto& [number, handle] : calls) {
    if (handle == call) return number;
  }
  return 0;
}

int PriSignalling::Impl::reference_of(q931_call* call) {
  int low = 0;
  quiet = true;  // libpri complains of a dead call
  const int high = pri_get_crv(active(), call, &low);
  quiet = false;
  return high < 0 ? high : high << 3 | low;
}

bool PriSignalling::Impl::has_tones(std::span<const std::uint8_t> frame) const {
  const bool disconnect =
      frame.size() > 9 && (frame[2] & 1) == 0 && frame[4] == 0x08 && frame[5] == 2 && frame[8] == kDisconnect;
  const bool to_caller = disconnect && (frame[6] & 0x80) != 0;
  return to_caller && with_tones.contains((frame[6] & 0x7F) << 8 | frame[7]);
}

q931_call* PriSignalling::Impl::call_of(int number) const {
  const auto found = calls.find(number);
  return found == calls.end() ? nullptr : found->second;
}

void PriSignalling::Impl::over(int number, int cause, const std::string& user_user) {
  std::erase_if(with_tones, [number](const auto& entry) { return entry.second == number; });
  const auto words = last_words.extract(number);
  const bool said = user_user.empty() && !words.empty();
  if (calls.erase(number) != 0) listener.on_released(number, cause, said ? words.mapped() : user_user);
}

void PriSignalling::Impl::on_link(Link& link, bool up) {
  link.up = up;
  listener.on_link(link.index, up);
}

void PriSignalling::Impl::on_parties(int call, const pri_subcommands* subcommands) {
  for (int i = 0; call != 0 && subcommands != nullptr && i < subcommands->counter_subcmd; ++i) {
    const auto& subcommand = subcommands->subcmd[i];
    if (subcommand.cmd == PRI_SUBCMD_TRANSFER_CALL) on_transfer(call, subcommand.u.transfer);
    if (subcommand.cmd == PRI_SUBCMD_REDIRECTING) {
      const auto& to = subcommand.u.redirecting.to.number;
      const std::string number = to.valid != 0 && to.str[0] != 0 ? to.str : "-";
      listener.on_call_notice(
          call, "diverted to " + number + " reason " + std::to_string(subcommand.u.redirecting.reason));
    }
    if (subcommand.cmd != PRI_SUBCMD_CONNECTED_LINE) continue;
    const auto& id = subcommand.u.connected_line.id;
    listener.on_party(call, id.number.valid != 0 ? id.number.str : "", id.name.valid != 0 ? id.name.str : "");
  }
}

void PriSignalling::Impl::on_transfer(int asked, const pri_subcmd_transfer& transfer) {
  const int first = number_of(transfer.call_1), second = number_of(transfer.call_2);
  const bool joined = accepts_transfers && first != 0 && second != 0;
  pri_transfer_rsp(active(), call_of(asked), transfer.invoke_id, joined ? 1 : 0);
  listener.on_call_notice(
      first, (joined ? "is joined with call " : "is not joined with call ") + std::to_string(second));
  if (!joined) return;
  // TR-NWT-002838 2BCT, ETS 300 369-1: the parties are here, so both calls are over for the one that asked.
  for (const int call : {first, second}) {
    causes[call] = 16;
    pri_hangup(active(), call_of(call), 16);
  }
}

void PriSignalling::Impl::on_event(const pri_event& event, Link& link) {
  switch (event.e) {
    case PRI_EVENT_DCHAN_UP:
      return on_link(link, true);
    case PRI_EVENT_DCHAN_DOWN:
      return on_link(link, false);
    case PRI_EVENT_RING:
      return on_ring(event.ring, link);
    case PRI_EVENT_INFO_RECEIVED:
      return on_digits(event.ring);
    case PRI_EVENT_SETUP_ACK:
      return listener.on_setup_ack(number_of(event.setup_ack.call), slot_of(event.setup_ack.channel, link));
    case PRI_EVENT_PROCEEDING:
      return listener.on_proceeding(number_of(event.proceeding.call),
                                    slot_of(event.proceeding.channel, link));
    case PRI_EVENT_RINGING:
      on_parties(number_of(event.ringing.call), event.ringing.subcmds);
      return listener.on_alerting(number_of(event.ringing.call), slot_of(event.ringing.channel, link));
    case PRI_EVENT_PROGRESS:
      return listener.on_progress(number_of(event.proceeding.call), std::max(event.proceeding.cause, 0));
    case PRI_EVENT_ANSWER:
      on_parties(number_of(event.answer.call), event.answer.subcmds);
      return listener.on_answered(number_of(event.answer.call), slot_of(event.answer.channel, link));
    case PRI_EVENT_FACILITY:
      return on_parties(number_of(event.facility.call), event.facility.subcmds);
    case PRI_EVENT_NOTIFY:
      on_parties(number_of(event.notify.call), event.notify.subcmds);
      return listener.on_notify(number_of(event.notify.call), event.notify.info);
    case PRI_EVENT_HANGUP_REQ:
    case PRI_EVENT_HANGUP:
    case PRI_EVENT_HANGUP_ACK:
      return on_hangup(event.hangup);
    case PRI_EVENT_RESTART:
      return listener.on_restart(slot_of(event.restart.channel, link));
    case PRI_EVENT_RESTART_ACK:
      return listener.on_restarted(slot_of(event.restartack.channel, link));
    case PRI_EVENT_SERVICE:
      // Change status 0 is in service (T1.607); libpri acknowledges by itself.
      return listener.on_service(slot_of(event.service.channel, link), event.service.changestatus == 0);
    case PRI_EVENT_CONFIG_ERR:
      return listener.on_message(event.err.err);
    default:
      return;
  }
}

void PriSignalling::Impl::on_ring(const pri_event_ring& ring, const Link& link) {
  const int number = ++last;
  calls[number] = ring.call;
  SetupInfo setup{.from = ring.callingnum, .to = ring.callednum, .name = ring.callingname};
  setup.slot = slot_of(ring.channel, link);
  setup.exclusive = ring.flexible == 0;
  setup.complete = ring.complete != 0;
  setup.clear = ring.ctype == PRI_TRANS_CAP_DIGITAL;
  setup.redirecting = ring.redirectingnum;
  setup.user_user = ring.useruserinfo;
  setup.keypad = ring.keypad_digits;
  if (setup.redirecting != ring.origcallednum) setup.original = ring.origcallednum;
  const auto& subaddress = ring.called_subaddress;
  if (subaddress.valid != 0) setup.subaddress.assign(subaddress.data, subaddress.data + subaddress.length);
  listener.on_setup(number, setup);
}

void PriSignalling::Impl::on_digits(const pri_event_ring& ring) {
  const int number = number_of(ring.call);
  if (number != 0) listener.on_digits(number, ring.callednum, ring.complete != 0);
}

void PriSignalling::Impl::on_hangup(const pri_event_hangup& event) {
  const int number = number_of(event.call);
  if (number == 0) return;
  on_parties(number, event.subcmds);
  const auto remembered = causes.try_emplace(number, event.cause > 0 ? event.cause : 16).first->second;
  if (event.e != PRI_EVENT_HANGUP_ACK) pri_hangup(active(), event.call, remembered);
  if (event.e == PRI_EVENT_HANGUP_REQ) {
    last_words[number] = event.useruserinfo;
    return;
  }
  causes.erase(number);
  over(number, remembered, event.useruserinfo);
}

PriSignalling::PriSignalling(Kind kind, SignallingListener& listener)
    : impl_(std::make_unique<Impl>(std::move(kind), listener)) {}
PriSignalling::~PriSignalling() = default;

const std::vector<int>& PriSignalling::link_slots() const {
  return impl_->link_slots;
}

bool PriSignalling::ready() const {
  return std::ranges::any_of(impl_->links, [](const auto& link) { return link->up; });
}

bool PriSignalling::carries(int slot) const {
  const int span = slot / kSlotsOfSpan, timeslot = slot % kSlotsOfSpan;
  return slot >= 1 && span < static_cast<int>(impl_->kind.interfaces.size()) && timeslot >= 1 &&
         timeslot <= (impl_->kind.t1 ? 24 : 31) &&
         std::ranges::find(impl_->link_slots, slot) == impl_->link_slots.end();
}

std::expected<std::string, std::string> PriSignalling::maintain(const std::vector<std::string>& words) {
  if (words[0] == "transfers" && words.size() == 2) {
    impl_->accepts_transfers = words[1] == "accepted";
    return "";
  }
  if (words[0] != "transfer" || words.size() != 3) return std::unexpected("unknown command: " + words[0]);
  auto* first = impl_->call_of(std::atoi(words[1].c_str()));
  auto* second = impl_->call_of(std::atoi(words[2].c_str()));
  if (first == nullptr || second == nullptr) return std::unexpected("no such call");
  if (pri_channel_bridge(first, second) != 0) return std::unexpected("libpri has no transfer of these");
  return "";
}

void PriSignalling::receive(int link, std::span<const std::uint8_t> line) {
  auto& own = *impl_->links[static_cast<std::size_t>(link)];
  if (!own.connected) return;
  own.hdlc.receive(line);
  while (!own.frames.empty()) {
    if (const pri_event* event = pri_check_event(own.pri)) impl_->on_event(*event, own);
  }
}

void PriSignalling::transmit(int link, std::span<std::uint8_t> line) {
  auto& own = *impl_->links[static_cast<std::size_t>(link)];
  own.hdlc.transmit(line);
  if (!own.connected) std::ranges::fill(line, std::uint8_t{0xFF});
}

void PriSignalling::run_timers() {
  for (auto& link : impl_->links) {
    timeval now{};
    gettimeofday(&now, nullptr);
    const timeval* next = pri_schedule_next(link->pri);
    if (next == nullptr || timercmp(next, &now, >)) continue;
    while (const pri_event* event = pri_schedule_run(link->pri)) impl_->on_event(*event, *link);
  }
}

void PriSignalling::connect_line(int link, bool connected) {
  impl_->links[static_cast<std::size_t>(link)]->connected = connected;
}

}  // namespace exchange
