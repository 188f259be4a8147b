#include "tests/exchange/switchboard.h"

#include <algorithm>

#include "tests/exchange/pri_signalling.h"
#include "tests/exchange/ss7_signalling.h"

namespace exchange {
namespace {

using namespace std::chrono_literals;

/// Between CALL PROCEEDING and ALERTING, and between ALERTING and CONNECT.
constexpr Millis kRouting = 100ms;
constexpr Millis kRinging = 400ms;

constexpr std::size_t kDigits = 4;  ///< of a test number

constexpr int kUnallocated = 1;
constexpr int kNormal = 16;
constexpr int kBusy = 17;
constexpr int kCongestion = 34;
constexpr int kChannelTaken = 44;

std::string test_number(const std::string& dialled) {
  // The gateway may send more digits than the four that matter here.
  return dialled.size() > kDigits ? dialled.substr(dialled.size() - kDigits) : dialled;
}

std::unique_ptr<Signalling> make_signalling(const Options& options, SignallingListener& listener) {
  if (const auto& ss7 = options.ss7)
    return std::make_unique<Ss7Signalling>(Ss7Signalling::Kind{.ansi = ss7->ansi,
                                                               .opc = ss7->opc,
                                                               .dpc = ss7->dpc,
                                                               .national = ss7->national,
                                                               .links = ss7->links,
                                                               .cics = ss7->cics,
                                                               .debug = ss7->debug},
                                           listener);
  const bool t1 = options.spans[0].type == tandem::tdm::SpanType::t1;
  return std::make_unique<PriSignalling>(PriSignalling::Kind{.type = options.switch_type,
                                                             .network = options.network,
                                                             .t1 = t1,
                                                             .links = options.d_channels,
                                                             .interfaces = options.interfaces,
                                                             .service = options.service},
                                         listener);
}

}  // namespace

Switchboard::Switchboard(const Options& options, Recording announcement, Log log)
    : options_(options),
      announcement_(std::move(announcement)),
      log_(std::move(log)),
      slots_(static_cast<std::size_t>(tandem::tdm::timeslot_count(options.spans[0].type))),
      law_(options.spans[0].type == tandem::tdm::SpanType::t1),
      links_up_(options.ss7 ? options.ss7->links.size() : static_cast<std::size_t>(options.d_channels)),
      signalling_(make_signalling(options, *this)) {}

void Switchboard::tick(std::span<const Line> lines) {
  now_ += 5ms;
  const auto& links = signalling_->link_slots();
  const auto line_of = [&](int slot) -> const Line& {
    return lines[static_cast<std::size_t>(slot / kSlotsOfSpan)];
  };
  const auto column_of = [](int slot) { return static_cast<std::size_t>(slot % kSlotsOfSpan) - 1; };
  std::array<std::uint8_t, kBlock> octets{};
  signalling_->run_timers();
  for (std::size_t link = 0; link < links.size(); ++link) {
    const auto& in = line_of(links[link]).in;
    for (std::size_t i = 0; i < kBlock; ++i) octets[i] = in[i * slots_ + column_of(links[link])];
    signalling_->receive(static_cast<int>(link), octets);
  }
  run_scripts();
  for (const auto& line : lines) std::ranges::fill(line.out, law_.silence());
  for (auto& [number, call] : calls_) {
    if (call.slot > 0) media(call, number, line_of(call.slot));
  }
  for (const int slot : loops_) {
    const auto& line = line_of(slot);
    for (std::size_t at = column_of(slot); at < line.out.size(); at += slots_) line.out[at] = line.in[at];
  }
  for (std::size_t link = 0; link < links.size(); ++link) {
    signalling_->transmit(static_cast<int>(link), octets);
    const auto& out = line_of(links[link]).out;
    for (std::size_t i = 0; i < kBlock; ++i) out[i * slots_ + column_of(links[link])] = octets[i];
  }
}

void Switchboard::media(Call& call, int number, const Line& line) {
  const auto column = static_cast<std::size_t>(call.slot % kSlotsOfSpan) - 1;
  if (call.clear) {
    for (std::size_t i = 0; i < kBlock; ++i)
      line.out[i * slots_ + column] = call.clear->step(line.in[i * slots_ + column]);
    return;
  }
  Block heard;
  for (std::size_t i = 0; i < kBlock; ++i) heard[i] = law_.decode(line.in[i * slots_ + column]);
  if (call.recorder) call.recorder->write(heard);
  if (call.collector) collect_digits(call, number, heard);
  Block said{};
  if (call.digits && !call.digits->next(heard, said)) call.digits.reset();
  if (!call.digits && call.source && !call.source->next(heard, said)) {
    call.source.reset();
    if (std::exchange(call.playing, false)) log_call(number, "played");
  }
  for (std::size_t i = 0; i < kBlock; ++i) line.out[i * slots_ + column] = law_.encode(said[i]);
}

void Switchboard::collect_digits(Call& call, int number, const Block& heard) {
  const auto digits = call.collector->feed(heard);
  if (!digits.empty()) {
    call.collected += digits;
    call.last_digit = now_;
  }
  if (call.collected.empty()) return;
  const bool complete = call.collected.back() == '#' || now_ - call.last_digit > 2s;
  if (complete) log_call(number, "digits " + std::exchange(call.collected, {}));
}

void Switchboard::after(Call& call, Millis delay, std::function<void()> action) {
  call.script.emplace(now_ + delay, std::move(action));
}

void Switchboard::run_scripts() {
  std::vector<std::function<void()>> due;
  for (auto& [number, call] : calls_) {
    while (!call.script.empty() && call.script.begin()->first <= now_) {
      due.push_back(std::move(call.script.begin()->second));
      call.script.erase(call.script.begin());
    }
  }
  for (const auto& action : due) action();  // these may end calls
}

Switchboard::Call* Switchboard::find(int call) {
  const auto found = calls_.find(call);
  return found == calls_.end() ? nullptr : &found->second;
}

std::unique_ptr<Source> Switchboard::announcement() {
  return announcement_ ? make_playback(announcement_) : make_special_information_tone(2);
}

void Switchboard::begin_answer(int number, std::function<std::unique_ptr<Source>()> source,
                               const std::string& connected, const std::string& name) {
  Call* call = find(number);
  if (call == nullptr) return;
  signalling_->answer(number, call->slot, connected, name);
  call->source = source();
  note_answer(number, *call);
}

void Switchboard::note_answer(int number, Call& call) {
  call.state = "answered";
  log_call(number, "answered");
}

void Switchboard::write_script(int number, Call& call, const std::string& behaviour) {
  const auto ring = [this, number] {
    if (Call* ringing = find(number)) {
      ringing->state = "ringing";
      signalling_->alerting(number, ringing->slot);
    }
  };
  const auto answer_with = [this, number](std::function<std::unique_ptr<Source>()> source) {
    return [this, number, source] { begin_answer(number, source); };
  };
  const auto clear = [this, number](int cause) {
    return [this, number, cause] { signalling_->hangup(number, cause); };
  };
  const auto announce = [this, number](int cause) {
    return [this, number, cause] {
      if (Call* announced = find(number)) {
        signalling_->progress(number, announced->slot, cause);
        announced->source = announcement();
      }
    };
  };
  const Millis announced = announcement_ ? Millis(announcement_->size() / 8) : 3000ms;
  const auto nothing = [] { return std::unique_ptr<Source>{}; };

  if (behaviour == "1008") {
    signalling_->hangup(number, kCongestion);
    return;
  }
  signalling_->proceeding(number, call.slot);
  if (behaviour == "1002") {
    after(call, kRouting, clear(kBusy));
  } else if (behaviour == "1003") {
    after(call, kRouting, ring);
  } else if (behaviour == "1004") {
    after(call, kRouting, announce(kUnallocated));
    after(call, kRouting + announced, clear(kUnallocated));
  } else if (behaviour == "1005") {
    after(call, kRouting, announce(0));
    after(call, kRouting + announced, answer_with(&make_echo));
  } else if (behaviour == "1009") {
    after(call, kRouting, ring);
    after(call, 3000ms, answer_with(&make_hybrid));
  } else if (behaviour == "1000" || behaviour == "1001" || behaviour == "1006" || behaviour == "1007") {
    after(call, kRouting, ring);
    std::function<std::unique_ptr<Source>()> source = nothing;
    if (behaviour == "1000") source = &make_echo;
    if (behaviour == "1001") source = &make_milliwatt;
    after(call, kRouting + kRinging, answer_with(source));
    if (behaviour == "1006") call.collector = std::make_unique<DigitCollector>();
    if (behaviour == "1007") after(call, kRouting + kRinging + 2000ms, clear(kNormal));
  } else if (write_service_script(number, call, behaviour)) {
    return;
  } else if (!options_.other.empty() && options_.other != behaviour) {
    write_script(number, call, options_.other);
  } else {
    after(call, kRouting, clear(kUnallocated));
  }
}

void Switchboard::on_setup(int number, const SetupInfo& setup) {
  int slot = free_slot(setup.slot, false);
  if (slot == 0 && !setup.exclusive) slot = free_slot(0, false);  // Q.931 5.1.2: told by the first answer
  if (slot == 0) {
    log_call(number, "refused: timeslot " + std::to_string(setup.slot) + " is taken");
    signalling_->hangup(number, kChannelTaken);
    return;
  }
  auto& call = calls_[number];
  call.setup = setup;
  call.slot = slot;
  std::string text = "setup from " + (setup.from.empty() ? "anonymous" : setup.from) + " to " + setup.to +
                     " slot " + std::to_string(slot);
  if (!setup.name.empty()) text += " name " + setup.name;
  if (!setup.redirecting.empty()) text += " redirecting " + setup.redirecting;
  if (!setup.subaddress.empty()) text += " subaddress " + setup.subaddress;
  if (!setup.user_user.empty()) text += " uui " + setup.user_user;
  if (setup.clear) text += " 64k";
  if (!setup.original.empty()) text += " original " + setup.original;
  if (!setup.keypad.empty()) text += " keypad " + setup.keypad;
  if (!options_.ss7 && !setup.exclusive) text += " preferred";
  log_call(number, text);
  if (options_.overlap && !setup.complete && setup.to.size() < kDigits) {
    call.state = "digits";
    return signalling_->setup_ack(number, slot);
  }
  write_script(number, call, test_number(setup.to));
}

void Switchboard::on_setup_ack(int number, int slot) {
  Call* call = find(number);
  if (call == nullptr) return;
  if (slot > 0) call->slot = slot;
  call->state = "digits";
  log_call(number, "wants digits slot " + std::to_string(call->slot));
}

void Switchboard::on_digits(int number, const std::string& digits, bool complete) {
  Call* call = find(number);
  if (call == nullptr || call->state != "digits") return;
  call->setup.to += digits;
  log_call(number, "more digits: " + call->setup.to);
  if (!complete && call->setup.to.size() < kDigits) return;
  call->state = "setup";
  write_script(number, *call, test_number(call->setup.to));
}

void Switchboard::on_proceeding(int number, int slot) {
  Call* call = find(number);
  if (call == nullptr) return;
  if (slot > 0) call->slot = slot;
  call->state = "proceeding";
  log_call(number, "proceeding slot " + std::to_string(call->slot));
}

void Switchboard::on_alerting(int number, int slot) {
  Call* call = find(number);
  if (call == nullptr) return;
  if (slot > 0) call->slot = slot;
  call->state = "ringing";
  log_call(number, "ringing");
}

void Switchboard::on_progress(int number, int cause) {
  log_call(number, cause > 0 ? "progress cause " + std::to_string(cause) : "progress");
}

void Switchboard::on_answered(int number, int slot) {
  Call* call = find(number);
  if (call == nullptr) return;
  if (slot > 0) call->slot = slot;
  if (call->setup.clear) {
    call->clear = std::make_unique<ClearChannel>(false);
  } else if (call->wanted.play) {
    call->source = make_playback(call->wanted.play);
    call->playing = true;
  }
  if (call->wanted.record) call->recorder = std::move(call->wanted.record);
  note_answer(number, *call);
}

void Switchboard::on_party(int number, const std::string& party, const std::string& name) {
  log_call(number, "party " + (party.empty() ? "-" : party) + (name.empty() ? "" : " name " + name));
}

void Switchboard::on_notify(int number, int notification) {
  log_call(number, "notify " + std::to_string(notification));
}

void Switchboard::on_released(int number, int cause, const std::string& user_user) {
  Call* call = find(number);
  if (call != nullptr && !call->collected.empty()) log_call(number, "digits " + call->collected);
  calls_.erase(number);  // a recording is complete before the line below says so
  log_call(number,
           "released cause " + std::to_string(cause) + (user_user.empty() ? "" : " uui " + user_user));
}

void Switchboard::on_restart(int slot) {
  log_("restart slot " + std::to_string(slot));
  std::vector<int> hit;
  for (const auto& [number, call] : calls_) {
    if (slot == 0 || call.slot == slot) hit.push_back(number);
  }
  for (const int number : hit) signalling_->drop(number);
}

void Switchboard::on_restarted(int slot) {
  log_("restarted slot " + std::to_string(slot));
}

void Switchboard::on_service(int slot, bool in_service) {
  log_("service slot " + std::to_string(slot) + (in_service ? " in" : " out"));
}

void Switchboard::on_link(int link, bool up) {
  const auto index = static_cast<std::size_t>(link);
  if (up == links_up_[index]) return;
  links_up_[index] = up;
  if (options_.ss7) return log_("link " + std::to_string(link) + (up ? " up" : " down"));
  log_((link == 0 ? "d-channel " : "backup d-channel ") + std::string(up ? "up" : "down"));
}

void Switchboard::on_loop(int slot, bool looped) {
  if (looped && refused_loops_ > 0) {
    --refused_loops_;
    return log_("no loop on slot " + std::to_string(slot));
  }
  if (looped) loops_.insert(slot);
  if (!looped && loops_.erase(slot) == 0) return;
  log_((looped ? "loop on slot " : "loop off slot ") + std::to_string(slot));
}

void Switchboard::on_call_notice(int call, const std::string& text) {
  log_call(call, text);
}

void Switchboard::on_message(const std::string& text) {
  log_(text);
}

void Switchboard::log_call(int number, const std::string& text) {
  log_("call " + std::to_string(number) + ' ' + text);
}

}  // namespace exchange
