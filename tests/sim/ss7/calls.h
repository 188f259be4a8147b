#pragma once
// Call control, media and operators of two exchanges: a random script that knows which call is on which
// circuit, and remarks when a circuit has two calls or another one than the far end says.
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <unordered_map>

#include "gateway/base/random.h"
#include "tests/sim/ss7/exchange.h"

namespace tandem::sim {

/// What is to happen, by time and then by order.
class Agenda {
 public:
  using What = std::function<void()>;
  void at(Time when, What what) { entries_.push({when, count_++, std::move(what)}); }
  /// The next that is due.
  std::optional<What> take(Time now);
  [[nodiscard]] bool empty() const { return entries_.empty(); }

 private:
  struct Entry {
    Time when;
    std::uint64_t order = 0;
    mutable What what;
    friend bool operator<(const Entry& a, const Entry& b) {  // the greatest comes first
      return a.when != b.when ? a.when > b.when : a.order > b.order;
    }
  };
  std::priority_queue<Entry> entries_;
  std::uint64_t count_ = 0;
};

struct Ss7CallCounts {
  std::uint64_t begun = 0, no_circuit = 0, came_in = 0, answered = 0, abandoned = 0, refused = 0, retried = 0;
  std::uint64_t crossed = 0;    ///< released by both at once
  std::uint64_t cleared = 0;    ///< CallOver
  std::uint64_t foreign = 0;    ///< a message of another call than the circuit has
  std::uint64_t two_calls = 0;  ///< a second call on a circuit of one side
  std::uint64_t elsewhere = 0;  ///< came in on another circuit than it was begun on
  std::uint64_t stray = 0;      ///< a message of no call
  std::uint64_t stale_rel = 0;  ///< REL of the call before: it was sent again, or overtaken
  std::uint64_t checks = 0;     ///< tones that came back
  friend bool operator==(const Ss7CallCounts&, const Ss7CallCounts&) = default;
};

class Ss7Calls {
 public:
  struct Call {
    std::uint32_t tag = 0;  ///< in its number and in each of its messages
    bool outgoing = false;
    bool answered = false;
    int attempt = 0;
    std::string digits{};
  };

  Ss7Calls(std::array<Ss7Exchange*, 2> exchanges, isup::Variant variant, std::uint64_t seed);

  /// Seizes a circuit; `cic`: this one.
  void begin(std::size_t side, int attempt = 0, std::optional<std::uint16_t> cic = {});
  void run_due(Time now);
  /// Those whom nobody has hung up.
  void release_all(std::size_t side);
  void later(Duration after, Agenda::What what) { agenda_.at(now + after, std::move(what)); }

  [[nodiscard]] const Call* call(std::size_t side, std::uint16_t cic) const {
    return calls_[side][cic] ? &*calls_[side][cic] : nullptr;
  }
  [[nodiscard]] std::size_t calls(std::size_t side) const;
  [[nodiscard]] bool media_quiet() const;
  std::uint64_t pick(std::uint64_t bound) { return (random_.next() >> 16) % bound; }
  bool chance(unsigned of_1000) { return pick(1000) < of_1000; }
  Duration some(int least_ms, int most_ms) {
    return std::chrono::milliseconds(least_ms +
                                     static_cast<int>(pick(static_cast<std::uint64_t>(most_ms - least_ms))));
  }

  Time now{};
  Ss7CallCounts counts;
  std::array<std::map<std::string, std::uint64_t>, 2> alerts;
  std::vector<std::string> remarks;  ///< the first messages of another call or of none
  bool faults = true;                ///< people who never answer, tones that do not come back

 private:
  static constexpr std::size_t kCics = 1024;

  void on_output(std::size_t side, isup::GroupOutput& out);
  void on_message(std::size_t side, std::uint16_t cic, const isup::Message& message);
  void remark(std::size_t side, std::uint16_t cic, const isup::Message& message);
  void on_iam(std::size_t side, std::uint16_t cic, const isup::Message& message);
  void on_media(std::size_t side, const isup::MediaOrder& order);
  void place(std::size_t side, std::uint16_t cic, Call call);
  /// If it is still the same call then.
  void then(std::size_t side, std::uint16_t cic, Duration after, std::function<void()> what);
  bool send(std::size_t side, std::uint16_t cic, isup::Message message);
  bool send(std::size_t side, std::uint16_t cic, isup::MessageType type) {
    return send(side, cic, isup::Message(type));
  }
  void release(std::size_t side, std::uint16_t cic, std::uint8_t cause);
  [[nodiscard]] isup::Message iam(const Call& call, bool overlap);
  void dial_rest(std::size_t side, std::uint16_t cic, std::string rest);
  void number_complete(std::size_t side, std::uint16_t cic);
  void alert(std::size_t side, std::uint16_t cic);
  void answer(std::size_t side, std::uint16_t cic, isup::MessageType with);
  void talk(std::size_t side, std::uint16_t cic);
  void suspend(std::size_t side, std::uint16_t cic);
  void listen(std::size_t side, std::uint16_t cic);

  std::array<Ss7Exchange*, 2> exchanges_;
  isup::Variant variant_;
  SeededRandom random_;
  Agenda agenda_;
  std::uint32_t next_tag_ = 1;
  std::array<std::vector<std::optional<Call>>, 2> calls_;
  std::array<std::vector<bool>, 2> looping_, toning_;
  std::unordered_map<std::uint32_t, std::pair<std::size_t, std::uint16_t>> issued_;  ///< tag: side, CIC
};

}  // namespace tandem::sim
