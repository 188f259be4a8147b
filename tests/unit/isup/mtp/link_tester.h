#pragma once
// A link under test and a tester that sends any signal unit it likes, in virtual time, eight octets a
// millisecond each way. What the link sends and says is written down in order, repetitions once:
//   SIO SIN FISU MSU3 (the tester hears)   !in-service (level 3 hears)
#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <string>

#include "isup/mtp/link.h"

namespace tandem::mtp::test {

using namespace std::chrono_literals;

/// Level 3 of the link under test: writes down.
class Level3 : public LinkSink {
 public:
  explicit Level3(std::string& log) : log_(log) {}
  void received(OctetView msu) override {
    note("!msu" + std::to_string(msu.size() > 1 ? msu[1] : 0));
    msus.emplace_back(msu.begin(), msu.end());
  }
  void in_service() override { note("!in-service"); }
  void out_of_service(Failure reason) override {
    note("!out");
    reasons.push_back(reason);
  }
  void remote_processor_outage(bool begins) override { note(begins ? "!rpo" : "!rpo-over"); }
  void local_processor_outage(bool begins) override { note(begins ? "!lpo" : "!lpo-over"); }
  void backward_sequence(std::uint8_t bsnt) override { note("!bsnt" + std::to_string(bsnt)); }
  void retrieved(OctetView msu) override { note("!retrieved" + std::to_string(msu[1])); }
  void retrieval_complete() override { note("!retrieval-complete"); }
  void congestion(std::uint8_t level) override { note("!congestion" + std::to_string(level)); }

  std::vector<Octets> msus;
  std::vector<Failure> reasons;

 private:
  void note(const std::string& what) { log_ += (log_.empty() ? "" : " ") + what; }
  std::string& log_;
};

/// An MSU of national ISUP whose second octet tells it apart.
inline Octets msu(std::uint8_t tag, std::size_t octets = 10) {
  Octets out(octets, 0x55);
  out[0] = 0x85;
  out[1] = tag;
  return out;
}

class Tester {
 public:
  explicit Tester(LinkConfig config = {})
      : rate(config.rate),
        level3(log_),
        link(config, level3),
        transmitter_(config.rate),
        receiver_(config.rate) {
    say(Status::out_of_service);
  }

  // --- what the tester sends ------------------------------------------------------------------------------
  Sequence backward;  ///< of everything it sends from now on
  Sequence forward;
  void say(Status status) {
    filler_ = [this, status] { return unit({static_cast<Octet>(status)}); };
  }
  void say_fisu() {
    filler_ = [this] { return unit({}); };
  }
  void say_again(const Octets& information) {
    filler_ = [this, information] { return unit(information); };
  }
  /// Nothing at all: the line is dead.
  void fall_silent() { silent_ = true; }
  void say_once(Status status) { queue_.push_back(unit({static_cast<Octet>(status)})); }
  void fisu_once() { queue_.push_back(unit({})); }
  /// With the next FSN.
  void msu_once(const Octets& information) {
    forward.number = next(forward.number);
    queue_.push_back(unit(information));
  }
  void raw_once(Octets without_fcs) { queue_.push_back(std::move(without_fcs)); }
  Octets unit(const Octets& information) const {
    Octets out(kHeaderOctets);
    write_header(
        out, {backward, forward, static_cast<std::uint8_t>(std::min<std::size_t>(information.size(), 63))});
    out.insert(out.end(), information.begin(), information.end());
    return out;
  }
  /// Acknowledges what it hears, as a good peer does.
  bool acknowledges = true;
  /// May change what the tester sends, octet by octet of the line.
  std::function<void(std::span<Octet>)> spoil;
  /// Lines of the link that the tester does not see.
  bool deaf = false;

  // --- time -----------------------------------------------------------------------------------------------
  void run(Duration time) {
    for (const Time end = now + time; now < end; now += 1ms) tick();
  }
  /// Runs until the log ends with `text`. False: not within `limit`.
  bool until(std::string_view text, Duration limit = 60s) {
    for (const Time end = now + limit; now < end; now += 1ms) {
      if (log_.ends_with(text)) return true;
      tick();
    }
    return log_.ends_with(text);
  }
  /// Into service by the normal procedure; the log is emptied.
  void align() {
    link.start(now);
    say(Status::out_of_alignment);
    ASSERT_TRUE(until("SIO") || until("SIN"));
    say(Status::normal);
    ASSERT_TRUE(until("FISU"));
    say_fisu();
    ASSERT_TRUE(until("!in-service"));
    run(20ms);
    clear();
  }

  [[nodiscard]] const std::string& log() const { return log_; }
  void clear() { log_.clear(), last_.clear(); }
  /// The header of what was heard last.
  Header heard;
  std::vector<Octets> units;  ///< all MSUs heard, with their headers
  std::size_t heard_units = 0;
  Time now{};
  LineRate rate;

 private:
  std::string log_;

 public:
  Level3 level3;
  Link link;

 private:
  void tick() {
    std::array<Octet, 8> line{};
    transmitter_.fill(line, [&](std::span<Octet> to) {
      Octets next_unit = queue_.empty() ? filler_() : queue_.front();
      if (!queue_.empty()) queue_.pop_front();
      std::ranges::copy(next_unit, to.begin());
      return next_unit.size();
    });
    if (silent_) line.fill(0xFF);
    if (spoil) spoil(line);
    link.receive(line, now);
    link.transmit(line, now);
    if (deaf) return;
    receiver_.push(line, [&](OctetView unit_heard) { hear(unit_heard); }, [] {});
  }
  void hear(OctetView unit_heard) {
    const auto header = read_header(unit_heard);
    ASSERT_TRUE(header);
    heard = *header;
    ++heard_units;
    const auto rest = unit_heard.subspan(kHeaderOctets);
    std::string name;
    if (rest.empty()) {
      name = "FISU";
    } else if (rest.size() <= 2) {
      name = to_string(*read_status(rest[0]));
    } else {
      name = "MSU" + std::to_string(rest[1]);
      units.emplace_back(unit_heard.begin(), unit_heard.end());
      if (acknowledges && header->forward.number == next(backward.number))
        backward.number = header->forward.number;
    }
    if (name == last_ && !name.starts_with("MSU")) return;
    last_ = name;
    log_ += (log_.empty() ? "" : " ") + name;
  }

  SignalUnitTransmitter transmitter_;
  SignalUnitReceiver receiver_;
  std::function<Octets()> filler_;
  std::deque<Octets> queue_;
  std::string last_;
  bool silent_ = false;
};

}  // namespace tandem::mtp::test
