// The switchboard's commands, and the lines they come in.
#include "tests/exchange/commands.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>
#include <vector>

namespace exchange {

// --- Switchboard ----------------------------------------------------------------------------------------

int Switchboard::free_slot(int wanted, bool outgoing) const {
  const auto is_free = [this, outgoing](int slot) {
    return (outgoing ? signalling_->offers(slot) : signalling_->carries(slot)) &&
           std::ranges::none_of(calls_, [slot](const auto& entry) { return entry.second.slot == slot; });
  };
  if (wanted != 0) return is_free(wanted) ? wanted : 0;
  // From the top, so that the two sides seldom want the same one.
  for (int slot = static_cast<int>(options_.spans.size()) * kSlotsOfSpan; slot > 0; --slot) {
    if (is_free(slot)) return slot;
  }
  return 0;
}

std::expected<int, std::string> Switchboard::dial(DialRequest request) {
  if (!signalling_->ready()) return std::unexpected("the signalling is down");
  const int slot = free_slot(request.setup.slot, true);
  if (slot == 0) return std::unexpected("no free timeslot");
  request.setup.slot = slot;
  const int number = signalling_->setup(request.setup);
  if (number == 0) return std::unexpected("the call was not sent");
  auto& call = calls_[number];
  call.setup = request.setup;
  call.slot = slot;
  call.outgoing = true;
  call.wanted = std::move(request);
  log_call(number, "dial from " + call.setup.from + " to " + call.setup.to + " slot " + std::to_string(slot));
  return number;
}

std::expected<void, std::string> Switchboard::hangup(int number, int cause) {
  if (find(number) == nullptr) return std::unexpected("no such call");
  signalling_->hangup(number, cause);
  return {};
}

std::expected<void, std::string> Switchboard::send_digits(int number, const std::string& digits) {
  Call* call = find(number);
  if (call == nullptr) return std::unexpected("no such call");
  call->digits = make_digits(digits);
  return {};
}

std::expected<void, std::string> Switchboard::record(int number, std::unique_ptr<WavWriter> writer) {
  Call* call = find(number);
  if (call == nullptr) return std::unexpected("no such call");
  call->recorder = std::move(writer);
  return {};
}

std::expected<void, std::string> Switchboard::play(int number, Recording recording) {
  Call* call = find(number);
  if (call == nullptr) return std::unexpected("no such call");
  call->source = make_playback(std::move(recording));
  call->playing = true;
  return {};
}

std::expected<void, std::string> Switchboard::restart(int slot) {
  if (!signalling_->carries(slot)) return std::unexpected("no such timeslot");
  if (!signalling_->ready()) return std::unexpected("the signalling is down");
  std::vector<int> hit;
  for (const auto& [number, call] : calls_) {
    if (call.slot == slot) hit.push_back(number);
  }
  for (const int number : hit) signalling_->drop(number);
  signalling_->restart(slot);
  return {};
}

std::expected<void, std::string> Switchboard::service(int slot, bool in_service) {
  if (!signalling_->carries(slot)) return std::unexpected("no such timeslot");
  if (!signalling_->ready()) return std::unexpected("the signalling is down");
  signalling_->service(slot, in_service);
  return {};
}

std::expected<void, std::string> Switchboard::more_digits(int number, const std::string& digits) {
  if (find(number) == nullptr) return std::unexpected("no such call");
  signalling_->more_digits(number, digits);
  return {};
}

std::expected<void, std::string> Switchboard::notify(int number, bool hold) {
  const Call* call = find(number);
  if (call == nullptr) return std::unexpected("no such call");
  signalling_->notify(number, call->slot, hold ? 0x79 : 0x7a);  // Q.931 4.5.22
  return {};
}

std::expected<void, std::string> Switchboard::change_party(int number, const std::string& party) {
  if (find(number) == nullptr) return std::unexpected("no such call");
  signalling_->party(number, party, "");
  return {};
}

std::expected<std::string, std::string> Switchboard::check_clear(int number) {
  const Call* call = find(number);
  if (call == nullptr || !call->clear) return std::unexpected("no such call with a clear channel");
  return std::to_string(call->clear->good()) + " good, " + std::to_string(call->clear->broken()) + " broken";
}

std::expected<void, std::string> Switchboard::connect_d_channel(int link, bool connected) {
  if (link < 0 || static_cast<std::size_t>(link) >= links_up_.size()) return std::unexpected("no such link");
  signalling_->connect_line(link, connected);
  return {};
}

std::expected<std::string, std::string> Switchboard::maintain(const std::vector<std::string>& words) {
  return signalling_->maintain(words);
}

std::string Switchboard::describe_calls() const {
  std::string text = std::to_string(calls_.size()) + " calls";
  for (const auto& [number, call] : calls_) {
    text += "; call " + std::to_string(number) + (call.outgoing ? " out " : " in ") + call.setup.from +
            " -> " + call.setup.to + " slot " + std::to_string(call.slot) + ' ' + call.state;
  }
  return text;
}

// --- Lines ----------------------------------------------------------------------------------------------

namespace {

using Words = std::vector<std::string>;
using Reply = std::expected<std::string, std::string>;

std::optional<int> number_of(const std::string& word) {
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

Reply reply_of(std::expected<void, std::string> done) {
  if (!done) return std::unexpected(done.error());
  return "";
}

Reply dial(const Words& words, Switchboard& board) {
  DialRequest request;
  request.setup.to = words[1];
  request.setup.from = "201";
  for (std::size_t i = 2; i < words.size(); i += 2) {
    if (i + 1 == words.size()) return std::unexpected(words[i] + " needs a value");
    const auto& value = words[i + 1];
    if (words[i] == "from") {
      request.setup.from = value;
    } else if (words[i] == "name") {
      request.setup.name = value;
    } else if (words[i] == "overlap") {
      request.setup.complete = false;
    } else if (words[i] == "bearer") {
      request.setup.clear = value == "64k";
    } else if (words[i] == "channel") {
      request.setup.no_channel = value == "none";
      request.setup.slot = number_of(value).value_or(0);
    } else if (words[i] == "redirecting") {
      request.setup.redirecting = value;
    } else if (words[i] == "uui") {
      request.setup.user_user = value;
    } else if (words[i] == "subaddress") {
      request.setup.subaddress = value;
    } else if (words[i] == "original") {
      request.setup.original = value;
    } else if (words[i] == "keypad") {
      request.setup.keypad = value;
    } else if (words[i] == "play") {
      auto recording = read_wav(value);
      if (!recording) return std::unexpected(recording.error());
      request.play = *recording;
    } else if (words[i] == "record") {
      auto writer = WavWriter::create(value);
      if (!writer) return std::unexpected(writer.error());
      request.record = std::move(*writer);
    } else {
      return std::unexpected("unknown word " + words[i]);
    }
  }
  const auto number = board.dial(std::move(request));
  if (!number) return std::unexpected(number.error());
  return "call " + std::to_string(*number);
}

/// Commands whose second word is a call.
Reply for_call(const Words& words, int call, Switchboard& board) {
  const std::string argument = words.size() > 2 ? words[2] : "";
  if (words[0] == "hangup") {
    const auto cause = argument.empty() ? 16 : number_of(argument);
    if (!cause || *cause < 1 || *cause > 127) return std::unexpected("a cause is from 1 to 127");
    return reply_of(board.hangup(call, *cause));
  }
  if (words[0] == "check-clear") return board.check_clear(call);
  if (argument.empty()) return std::unexpected(words[0] + " needs a call and a value");
  if (words[0] == "more") return reply_of(board.more_digits(call, argument));
  if (words[0] == "notify") return reply_of(board.notify(call, argument == "hold"));
  if (words[0] == "party") return reply_of(board.change_party(call, argument));
  if (words[0] == "send-dtmf") return reply_of(board.send_digits(call, argument));
  if (words[0] == "record") {
    auto writer = WavWriter::create(argument);
    if (!writer) return std::unexpected(writer.error());
    return reply_of(board.record(call, std::move(*writer)));
  }
  auto recording = read_wav(argument);
  if (!recording) return std::unexpected(recording.error());
  return reply_of(board.play(call, *recording));
}

Reply alarm(const std::string& kind, tandem::hw::CesopsnSpan& span) {
  using tandem::hw::AttachmentCircuit;
  if (kind == "none") {
    span.set_circuit(AttachmentCircuit::normal);
  } else if (kind == "rdi") {
    span.set_circuit(AttachmentCircuit::rdi);
  } else if (kind == "ais") {
    span.set_circuit(AttachmentCircuit::invalid);
  } else {
    return std::unexpected("alarm is ais, rdi or none");
  }
  return "";
}

std::string describe_span(const tandem::hw::CesopsnSpan& span) {
  const auto c = span.counters();
  const std::pair<const char*, std::uint64_t> values[] = {
      {"received", c.received}, {"sent", c.sent},   {"lost", c.lost},           {"reordered", c.reordered},
      {"late", c.late},         {"slips", c.slips}, {"underruns", c.underruns}, {"malformed", c.malformed}};
  std::string text = "span";
  for (const auto& [name, value] : values) text += ' ' + std::string(name) + ' ' + std::to_string(value);
  return text + " ppm " + std::to_string(span.clock_offset_ppm());
}

Reply run(const Words& words, CommandTargets targets) {
  const auto& verb = words[0];
  const std::string argument = words.size() > 1 ? words[1] : "";
  if (verb == "calls") return targets.board.describe_calls();
  // Of which span or D channel.
  const bool of_span = verb == "alarm" || verb == "dchannel";
  const std::string which = verb == "span" ? argument : of_span && words.size() > 2 ? words[2] : "0";
  const auto index = static_cast<std::size_t>(number_of(which).value_or(0));
  if (index >= targets.spans.size()) return std::unexpected("no such span");
  if (verb == "span") return describe_span(*targets.spans[index]);
  if (verb == "quit") {
    targets.quit = true;
    return "";
  }
  if (verb == "alarm") return alarm(argument, *targets.spans[index]);
  if (verb == "dchannel" && (argument == "up" || argument == "down"))
    return reply_of(targets.board.connect_d_channel(static_cast<int>(index), argument == "up"));
  if (verb == "circuits") return targets.board.maintain(words);
  if (argument.empty()) return std::unexpected("unknown or incomplete command: " + verb);
  if (verb == "dial") return dial(words, targets.board);
  static const std::set<std::string> of_signalling{"block",   "unblock",  "reset",    "cgb",     "cgu",
                                                   "ucic",    "lpa",      "link",     "suspend", "resume",
                                                   "traffic", "transfer", "transfers"};
  if (of_signalling.contains(verb)) return targets.board.maintain(words);
  const auto number = number_of(argument);
  if (!number) return std::unexpected("a number is wanted, not " + argument);
  if (verb == "noloop") {
    targets.board.refuse_loops(*number);
    return "";
  }
  if (verb == "restart") return reply_of(targets.board.restart(*number));
  if (verb == "service" && words.size() > 2)
    return reply_of(targets.board.service(*number, words[2] == "in"));
  static const std::set<std::string> of_calls{"hangup", "send-dtmf", "record", "play",
                                              "more",   "notify",    "party",  "check-clear"};
  if (of_calls.contains(verb)) {
    return for_call(words, *number, targets.board);
  }
  return std::unexpected("unknown command: " + verb);
}

}  // namespace

std::string run_command(const std::string& line, CommandTargets targets) {
  std::istringstream in(line);
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  if (words.empty()) return "error an empty line";
  const auto reply = run(words, targets);
  if (!reply) return "error " + reply.error();
  return reply->empty() ? "ok" : "ok " + *reply;
}

}  // namespace exchange
