#include "dsp/spandsp.h"

#define SPANDSP_EXPOSE_INTERNAL_STRUCTURES
#include <spandsp.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace tandem::dsp {

namespace spandsp {
struct PlcState {
  plc_state_t state;
};
void free_tone_gen(tone_gen_state_s* state) {
  tone_gen_free(state);
}
void free_descriptor(tone_gen_descriptor_s* descriptor) {
  tone_gen_descriptor_free(descriptor);
}
void free_plc(PlcState* state) {
  plc_release(&state->state);
  delete state;
}
}  // namespace spandsp

namespace {

struct Cadence {
  int frequency1;  ///< Hz
  int level1;      ///< dBm0
  int frequency2;  ///< 0: none
  int level2;
  int on_ms;
  int off_ms;
};

ToneDescriptor describe(const Cadence& c) {
  return ToneDescriptor(tone_gen_descriptor_init(nullptr, c.frequency1, c.level1, c.frequency2, c.level2,
                                                 c.on_ms, c.off_ms, 0, 0, TRUE));
}

// By law and by CallTone.
constexpr std::array<Cadence, 6> kCallTones{{
    {425, -13, 0, 0, 1000, 4000},      // E.180, ETSI: ringing tone
    {425, -13, 0, 0, 500, 500},        // busy tone
    {425, -13, 0, 0, 250, 250},        // congestion tone
    {440, -19, 480, -19, 2000, 4000},  // T1.401: audible ringing
    {480, -24, 620, -24, 500, 500},    // busy tone
    {480, -24, 620, -24, 250, 250},    // reorder tone
}};

constexpr std::string_view kDigits = "123A456B789C*0#D";
constexpr std::array kRows{697, 770, 852, 941};  // Q.23, Hz
constexpr std::array kColumns{1209, 1336, 1477, 1633};
// Each frequency well inside -3 to -24 dBm0 (Q.24 annex A); the high group 2 dB stronger, for the line's
// loss.
constexpr int kLowLevel = -10;
constexpr int kHighLevel = -8;

ToneDescriptor describe_digit(std::size_t index) {
  return describe({kRows[index / 4], kLowLevel, kColumns[index % 4], kHighLevel, 1000, 0});
}

template <std::size_t... I>
std::array<ToneDescriptor, sizeof...(I)> call_tone_list(std::index_sequence<I...>) {
  return {describe(kCallTones[I])...};
}
template <std::size_t... I>
std::array<ToneDescriptor, sizeof...(I)> digit_list(std::index_sequence<I...>) {
  return {describe_digit(I)...};
}

}  // namespace

DtmfDetector::DtmfDetector() {
  static_assert(sizeof(dtmf_rx_state_t) <= sizeof storage_);
  reset();
}

void DtmfDetector::reset() {
  dtmf_rx_init(state(), nullptr, nullptr);
}

DtmfDetector::Status DtmfDetector::process(SampleView samples) {
  dtmf_rx(state(), samples.data(), static_cast<int>(samples.size()));
  const int status = dtmf_rx_status(state());
  if (status == 0) return {};
  if (status == 'x') return {.digit = 0, .suspected = true};
  return {.digit = static_cast<char>(status), .suspected = true};
}

ToneTable::ToneTable()
    : call_tones_(call_tone_list(std::make_index_sequence<6>())),
      dtmf_(digit_list(std::make_index_sequence<16>())) {}

const ToneDescriptor& ToneTable::call_tone(Law law, CallTone tone) const {
  const std::size_t base = law == Law::a ? 0 : 3;
  return call_tones_[base + static_cast<std::size_t>(tone)];
}

const ToneDescriptor* ToneTable::dtmf(char digit) const {
  const auto index = kDigits.find(digit);
  return index == std::string_view::npos || digit == 0 ? nullptr : &dtmf_[index];
}

ToneGenerator::ToneGenerator(const ToneTable& tones)
    : state_(tone_gen_init(nullptr, tones.dtmf('1')->descriptor_.get())) {}

void ToneGenerator::start(const ToneDescriptor& tone) {
  tone_gen_init(state_.get(), tone.descriptor_.get());
}

void ToneGenerator::generate(Samples samples) {
  const int made = tone_gen(state_.get(), samples.data(), static_cast<int>(samples.size()));
  for (auto& sample : samples.subspan(static_cast<std::size_t>(made))) sample = 0;
}

Concealer::Concealer() : state_(new spandsp::PlcState{}) {
  plc_init(&state_->state);
}

void Concealer::begin(SampleView history) {
  plc_init(&state_->state);
  std::array<std::int16_t, kHistory> copy{};  // plc_rx may write what it is given
  const auto count = std::min(history.size(), kHistory);
  const auto recent = history.last(count);
  std::copy(recent.begin(), recent.end(), copy.begin());
  plc_rx(&state_->state, copy.data(), static_cast<int>(count));
}

void Concealer::conceal(Samples samples) {
  plc_fillin(&state_->state, samples.data(), static_cast<int>(samples.size()));
}

void Concealer::resume(Samples samples) {
  plc_rx(&state_->state, samples.data(), static_cast<int>(samples.size()));
}

}  // namespace tandem::dsp
