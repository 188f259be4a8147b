// Any octets on a D channel: the decoder, and a whole DChannel with libpri in it, at many kinds of end.
#include <cstdlib>
#include <memory>
#include <vector>

#include "tdm/pri/d_channel.h"
#include "tdm/pri/q931.h"

namespace {

using namespace tandem;
using namespace tandem::tdm::pri;
using namespace std::chrono_literals;

/// A far end that keeps layer 2 up, so that what the fuzzer sends gets as far as Q.931.
class FarEnd {
 public:
  explicit FarEnd(DChannelConfig config) : config_(config), end_(config, now_) {}

  void run(OctetView input) {
    establish();
    while (!input.empty()) input = step(input);
    // Nobody answers any more: everything must come to its end by timers alone.
    for (int i = 0; i < 4; ++i) {
      for (const auto call : calls_) end_.disconnect(call, 16, now_);
      pass(100s);
    }
    if (end_.calls() != 0 || end_.call_records() != 0) std::abort();
    calls_.clear();
  }

 private:
  /// One step: what it does, how many octets it takes, the octets.
  OctetView step(OctetView input) {
    const Octet what = input[0];
    input = input.subspan(1);
    const auto take = [&] {
      const std::size_t length = input.empty() ? 0 : std::min<std::size_t>(input[0], input.size() - 1);
      const auto taken = input.empty() ? input : input.subspan(1, length);
      input = input.empty() ? input : input.subspan(1 + length);
      return taken;
    };
    switch (what % 8) {
      case 0:
        give(take());
        break;
      case 1:
      case 2:
      case 3: {
        const auto payload = take();
        Octets frame{Octet(from_network() ? 0x02 : 0x00), 0x01, Octet(ns_ << 1), Octet(nr_ << 1)};
        frame.insert(frame.end(), payload.begin(), payload.end());
        ns_ = (ns_ + 1) & 0x7F;
        give(frame);
        break;
      }
      case 4:
        pass(100ms * (what >> 3));
        break;
      case 5:
        act(what >> 3);
        break;
      case 6: {
        Setup setup;
        setup.channel.timeslot = what >> 3;
        setup.called.digits = as_text(take());
        setup.calling_name = as_text(take());
        setup.sending_complete = (what & 0x80) != 0;
        if ((what & 0x40) != 0) setup.redirection = Redirection{.redirecting = setup.called};
        if (auto call = end_.setup(setup, now_)) calls_.push_back(*call);
        drain();
        break;
      }
      default:
        establish();
        break;
    }
    return input;
  }

  void act(int how) {
    if (calls_.empty()) return;
    const auto call = calls_[static_cast<std::size_t>(how) % calls_.size()];
    const Channel channel{.timeslot = 2, .exclusive = true, .span = 0};
    switch (how % 16) {
      case 0:
        end_.proceeding(call, channel, now_);
        break;
      case 1:
        end_.alerting(call, channel, true, now_);
        break;
      case 2:
        end_.progress(call, channel, Cause{}, true, now_);
        break;
      case 3:
        end_.connect(call, channel, now_, {.number = Number{.digits = "77"}, .name = "A"}, UserUser{0, {0}});
        break;
      case 4:
        end_.restart(2, now_);
        break;
      case 5:
        end_.setup_ack(call, channel, true, now_);
        break;
      case 6:
        end_.information(call, "12", true, now_);
        break;
      case 7:
        end_.notify(call, Notification::remote_hold, now_);
        break;
      case 8:
        end_.connected_line(call, {.number = Number{.digits = "78"}}, now_);
        break;
      case 9:
        end_.user_user(call, {0x04, {'x'}}, now_);
        break;
      case 10:
        end_.transfer(call, calls_.front(), now_);
        break;
      case 11:
        end_.hold(call, now_);
        break;
      case 12:
        end_.retrieve(call, channel, now_);
        break;
      case 13:
        end_.service(channel, false, now_);
        break;
      case 14:
        end_.restart(0, now_);
        break;
      default:
        end_.disconnect(call, Cause{static_cast<std::uint8_t>(how * 5), Location::user}, now_, true);
        break;
    }
    drain();
  }

  [[nodiscard]] bool from_network() const { return config_.side == Side::user; }

  void establish() {
    ns_ = nr_ = 0;
    const Octet command = from_network() ? 0x02 : 0x00;
    const Octet response = from_network() ? 0x00 : 0x02;
    give(Octets{response, 0x01, 0x73});  // UA to its SABME
    give(Octets{command, 0x01, 0x7F});   // and one of our own
    ns_ = nr_ = 0;
  }
  void give(OctetView frame) {
    end_.handle_frame(frame, now_);
    drain();
  }
  void pass(Duration duration) {
    const auto until = now_ + duration;
    for (int i = 0; i < 1000; ++i) {
      const auto next = end_.next_deadline();
      if (!next || *next > until) break;
      now_ = std::max(now_, *next);
      end_.handle_timers(now_);
      drain();
    }
    now_ = until;
  }
  void drain() {
    while (auto output = end_.poll_output()) {
      if (const auto* sent = std::get_if<FrameOut>(&*output)) {
        (void)summarize(sent->octets);
        const auto frame = parse_frame(sent->octets);
        if (!frame) std::abort();
        if (frame->kind == FrameKind::i) {
          if (!parse_message(frame->information)) std::abort();
          nr_ = (frame->ns + 1) & 0x7F;
        }
      } else if (const auto* setup = std::get_if<SetupInd>(&*output)) {
        calls_.push_back(setup->call);
      }
    }
  }

  DChannelConfig config_;
  Time now_{1s};
  DChannel end_;
  int ns_ = 0;
  int nr_ = 0;
  std::vector<CallRef> calls_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // libpri's instances live as long as the process, so they are used again for each input.
  static std::vector<std::unique_ptr<FarEnd>> ends;
  if (ends.empty()) {
    for (const auto type : {Switch::euroisdn, Switch::national, Switch::qsig, Switch::dms100, Switch::att4ess,
                            Switch::lucent5ess}) {
      for (const auto side : {Side::user, Side::network}) {
        DChannelConfig config;
        config.type = type;
        config.side = side;
        config.t1 = type != Switch::euroisdn && type != Switch::qsig;
        config.overlap_receiving = config.overlap_sending = true;
        config.hold = config.transfer = config.service_messages = true;
        ends.push_back(std::make_unique<FarEnd>(config));
      }
    }
    DChannelConfig plain;
    ends.push_back(std::make_unique<FarEnd>(plain));
    plain.type = Switch::national;
    plain.side = Side::network;
    ends.push_back(std::make_unique<FarEnd>(plain));
    plain.links = 2;
    plain.interfaces = {0, 1};
    ends.push_back(std::make_unique<FarEnd>(plain));
  }
  const OctetView input(data, size);
  if (input.empty()) return 0;
  (void)decode_q931(input.subspan(1));
  (void)summarize(input.subspan(1));
  ends[input[0] % ends.size()]->run(input.subspan(1));
  return 0;
}
