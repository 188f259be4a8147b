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

constexpr std::string_view kDigits = "123A456B789C*0#D";
constexpr std::array kRows{697, 770, 852, 941};  // Q.23, Hz
constexpr std::array kColumns{1209, 1336, 1477, 1633};
// Each frequency well inside -3 to -24 dBm0 (Q.24 annex A); the high group 2 dB stronger, for the line's
// loss.
constexpr int kLowLevel = -10;
constexpr int kHighLevel = -8;

ToneDescriptor describe_digit(std::size_t index) {
  constexpr int kOn = 1000;  // ms, and again without a pause
  return ToneDescriptor(tone_gen_descriptor_init(nullptr, kRows[index / 4], kLowLevel, kColumns[index % 4],
                                                 kHighLevel, kOn, 0, 0, 0, TRUE));
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

ToneTable::ToneTable() : dtmf_(digit_list(std::make_index_sequence<16>())) {}

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
