// The switchboard's behaviours for supplementary services, by the number dialled.
#include "tests/exchange/switchboard.h"

namespace exchange {
namespace {

using namespace std::chrono_literals;

constexpr int kNormal = 16;
constexpr int kRejected = 21;
constexpr int kRemoteHold = 0x79, kRemoteRetrieval = 0x7a;  // Q.931 4.5.22, as coded by Q.932
constexpr Millis kPause = 500ms;

}  // namespace

// 1010 answers with a connected number and name; 1011 sends back the octets of a clear channel; 1012 answers
// and clears with the user-user information of SETUP; 1013 clears with a charge of 12 units; 1014 tells of
// hold and retrieval; 1015 clears before the answer by DISCONNECT with tones; 1016 is answered by another
// than called and then transferred to a third; 1017 clears an answered call by DISCONNECT with tones; 1018
// tells of a charge of EUR 0.25 during the call, 1019 of EUR 1.25 at its end; 1020 is free.
bool Switchboard::write_service_script(int number, Call& call, const std::string& behaviour) {
  const auto answer = [&](const std::string& connected = {}, const std::string& name = {}) {
    after(call, 2 * kPause / 5, [this, number, connected, name] {
      if (Call* answered = find(number); answered != nullptr && answered->setup.clear)
        answered->clear = std::make_unique<ClearChannel>(true);
      begin_answer(number, [] { return std::unique_ptr<Source>{}; }, connected, name);
    });
  };
  const auto then = [&](Millis delay, std::function<void()> action) {
    after(call, delay, std::move(action));
  };
  const auto notify = [this, number](int what) {
    return [this, number, what] {
      if (Call* told = find(number)) signalling_->notify(number, told->slot, what);
    };
  };
  const auto clear = [this, number](int cause, bool inband) {
    return [this, number, cause, inband] {
      Call* ended = find(number);
      if (ended == nullptr) return;
      if (inband) ended->source = announcement();
      signalling_->hangup(number, cause, inband);
    };
  };
  const auto charged = [&](const Charge& charge) {
    then(2 * kPause, [this, number, charge] { signalling_->charge(number, charge); });
    then(2 * kPause + 5ms, clear(kNormal, false));
  };
  if (behaviour == "1010") {
    answer("5551010", "Connected Party");
  } else if (behaviour == "1011") {
    answer();
  } else if (behaviour == "1012") {
    answer();
    then(2 * kPause, [this, number, text = call.setup.user_user] { signalling_->user_user(number, text); });
    then(2 * kPause + 5ms, clear(kNormal, false));
  } else if (behaviour == "1013") {
    answer();
    charged({.number = 12});
  } else if (behaviour == "1014") {
    answer();
    then(2 * kPause, notify(kRemoteHold));
    then(4 * kPause, notify(kRemoteRetrieval));
  } else if (behaviour == "1015") {
    then(kPause, clear(kRejected, true));
  } else if (behaviour == "1016") {
    answer("5551016");
    then(2 * kPause, [this, number] { signalling_->party(number, "5551017", "Third Party"); });
  } else if (behaviour == "1017") {
    answer();
    then(2 * kPause, clear(kNormal, true));
  } else if (behaviour == "1018") {
    answer();
    charged({.number = 25, .currency = "EUR", .final = false});
  } else if (behaviour == "1019") {
    answer();
    charged({.number = 125, .currency = "EUR"});
  } else if (behaviour == "1020") {
    answer();
    charged({.free = true});
  } else {
    return false;
  }
  return true;
}

}  // namespace exchange
