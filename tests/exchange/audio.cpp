#include "tests/exchange/audio.h"

#include <spandsp.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <numbers>

namespace exchange {
namespace {

constexpr double kRate = 8000;
/// 0 dBm0 is 3.14 dB below the largest sine (G.711).
const double kZeroDbm0 = 32767 * std::pow(10.0, -3.14 / 20);

std::int16_t clip(double sample) {
  return static_cast<std::int16_t>(std::lround(std::clamp(sample, -32768.0, 32767.0)));
}

class Echo final : public Source {
 public:
  bool next(const Block& heard, Block& out) override {
    out = heard;
    return true;
  }
};

/// Tones one after the other, then again, `times` times; 0: for ever.
class Tones final : public Source {
 public:
  struct Step {
    double hertz;  ///< 0: pause
    double dbm0;
    int samples;
  };
  Tones(std::vector<Step> steps, int times) : steps_(std::move(steps)), left_(times) {}

  bool next(const Block&, Block& out) override {
    for (auto& sample : out) sample = done_ ? std::int16_t{0} : sample_at();
    return !done_;
  }

 private:
  std::int16_t sample_at() {
    const Step& step = steps_[step_];
    const double amplitude = step.hertz > 0 ? kZeroDbm0 * std::pow(10.0, step.dbm0 / 20) : 0;
    const double value = amplitude * std::sin(phase_);
    phase_ = std::fmod(phase_ + 2 * std::numbers::pi * step.hertz / kRate, 2 * std::numbers::pi);
    if (++at_ == step.samples) advance();
    return clip(value);
  }
  void advance() {
    at_ = 0;
    if (++step_ < steps_.size()) return;
    step_ = 0;
    done_ = left_ > 0 && --left_ == 0;
  }

  std::vector<Step> steps_;
  std::size_t step_ = 0;
  int at_ = 0;
  int left_;
  bool done_ = false;
  double phase_ = 0;
};

class Playback final : public Source {
 public:
  explicit Playback(Recording recording) : recording_(std::move(recording)) {}
  bool next(const Block&, Block& out) override {
    const bool more = at_ < recording_->size();
    for (auto& sample : out) sample = at_ < recording_->size() ? (*recording_)[at_++] : std::int16_t{0};
    return more;
  }

 private:
  Recording recording_;
  std::size_t at_ = 0;
};

/// An echo path in the manner of G.168 annex D: a pure delay, then a band-limited response that rises within
/// a millisecond and rings down over some milliseconds, as two-wire loops behind a hybrid do. Echo return
/// loss 12 dB for white noise; this response is our own.
std::vector<double> hybrid_response() {
  constexpr int kDelay = 44;  // 5.5 ms to the hybrid and back
  constexpr int kTaps = 72;
  constexpr double kErlDb = 12;
  std::vector<double> taps(kDelay + kTaps, 0.0);
  double energy = 0;
  for (int n = 0; n < kTaps; ++n) {
    const double t = n / kRate;
    const double rise = 1 - std::exp(-t / 0.0002);
    const double slow = std::exp(-t / 0.0011) * std::cos(2 * std::numbers::pi * 760 * t + 0.4);
    const double fast = std::exp(-t / 0.0006) * std::cos(2 * std::numbers::pi * 2300 * t - 0.9);
    const double tap = rise * (slow - 0.6 * fast);
    taps[static_cast<std::size_t>(kDelay + n)] = tap;
    energy += tap * tap;
  }
  const double gain = std::pow(10.0, -kErlDb / 20) / std::sqrt(energy);
  for (auto& tap : taps) tap *= gain;
  return taps;
}

class Hybrid final : public Source {
 public:
  Hybrid() : taps_(hybrid_response()), past_(taps_.size() + kBlock, 0.0) {}
  bool next(const Block& heard, Block& out) override {
    std::shift_left(past_.begin(), past_.end(), kBlock);
    std::ranges::copy(heard, past_.end() - kBlock);
    for (std::size_t i = 0; i < kBlock; ++i) {
      double sum = 0;
      const double* newest = past_.data() + taps_.size() + i;
      for (std::size_t k = 0; k < taps_.size(); ++k) sum += taps_[k] * *(newest - k);
      out[i] = clip(sum);
    }
    return true;
  }

 private:
  std::vector<double> taps_;
  std::vector<double> past_;
};

class Digits final : public Source {
 public:
  explicit Digits(const std::string& digits) : state_(dtmf_tx_init(nullptr)) {
    dtmf_tx_set_timing(state_, 100, 100);
    dtmf_tx_set_level(state_, -8, 0);
    dtmf_tx_put(state_, digits.data(), static_cast<int>(digits.size()));
  }
  ~Digits() override { dtmf_tx_free(state_); }
  Digits(const Digits&) = delete;
  Digits& operator=(const Digits&) = delete;
  bool next(const Block&, Block& out) override {
    out.fill(0);
    return dtmf_tx(state_, out.data(), static_cast<int>(out.size())) > 0;
  }

 private:
  dtmf_tx_state_t* state_;
};

}  // namespace

std::unique_ptr<Source> make_echo() {
  return std::make_unique<Echo>();
}

std::unique_ptr<Source> make_milliwatt() {
  return std::make_unique<Tones>(std::vector<Tones::Step>{{1004, 0, 8000}}, 0);
}

std::unique_ptr<Source> make_special_information_tone(int times) {
  const std::vector<Tones::Step> steps{{950, -12, 2640}, {1400, -12, 2640}, {1800, -12, 2640}, {0, 0, 4000}};
  return std::make_unique<Tones>(steps, times);
}

std::unique_ptr<Source> make_playback(Recording recording) {
  return std::make_unique<Playback>(std::move(recording));
}

std::unique_ptr<Source> make_hybrid() {
  return std::make_unique<Hybrid>();
}

std::unique_ptr<Source> make_digits(const std::string& digits) {
  return std::make_unique<Digits>(digits);
}

struct DigitCollector::State {
  dtmf_rx_state_t* receiver = dtmf_rx_init(nullptr, nullptr, nullptr);
};

DigitCollector::DigitCollector() : state_(std::make_unique<State>()) {}

DigitCollector::~DigitCollector() {
  dtmf_rx_free(state_->receiver);
}

std::string DigitCollector::feed(const Block& heard) {
  dtmf_rx(state_->receiver, heard.data(), static_cast<int>(heard.size()));
  char digits[32];
  const auto count = dtmf_rx_get(state_->receiver, digits, static_cast<int>(sizeof digits) - 1);
  return {digits, count};
}

std::int16_t Law::decode(std::uint8_t octet) const {
  return mu_ ? ulaw_to_linear(octet) : alaw_to_linear(octet);
}

std::uint8_t Law::encode(std::int16_t sample) const {
  return mu_ ? linear_to_ulaw(sample) : linear_to_alaw(sample);
}

}  // namespace exchange
