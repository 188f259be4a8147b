#include "gateway/media/player.h"

#include <algorithm>

namespace tandem::media {

void Player::begin() {
  // Stopped just now, it has not fallen yet.
  has_tail_ = state_ == State::on || state_ == State::stopping;
  if (has_tail_) generate(tail_);
  state_ = State::starting;
  ended_ = false;
}

void Player::play(const dsp::ToneCadence& tone) {
  begin();
  recording_ = nullptr;
  tone_.start(tone);
}

void Player::play(const Recording& recording, bool repeat) {
  begin();
  recording_ = &recording;
  repeat_ = repeat;
  position_ = 0;
}

void Player::stop() {
  ended_ = false;
  // Nothing of it was heard yet, or it has begun.
  if (state_ == State::starting && !has_tail_) state_ = State::idle;
  if (state_ != State::idle) state_ = State::stopping;
}

void Player::mix(Law law, Block& block) {
  LinearBlock mine;
  generate(mine);
  if (state_ == State::on) {
    dsp::encode(law, mine, block);
    return;
  }
  LinearBlock other;
  if (state_ == State::starting && has_tail_) {
    other = tail_;
  } else {
    dsp::decode(law, block, other);
  }
  LinearBlock out;
  if (state_ == State::starting) {
    cross_fade(other, mine, out);
    state_ = State::on;
    has_tail_ = false;
  } else {
    cross_fade(mine, other, out);
    state_ = State::idle;
  }
  dsp::encode(law, out, block);
}

void Player::generate(LinearBlock& samples) {
  if (recording_ == nullptr) {
    tone_.generate(samples);
    return;
  }
  const auto& all = recording_->samples;
  std::span<std::int16_t> rest = samples;
  while (!rest.empty() && position_ < all.size()) {
    const auto count = std::min<std::size_t>(rest.size(), all.size() - position_);
    std::copy_n(all.begin() + position_, count, rest.begin());
    rest = rest.subspan(count);
    position_ += static_cast<std::uint32_t>(count);
    if (repeat_ && position_ == all.size()) position_ = 0;
  }
  std::fill(rest.begin(), rest.end(), std::int16_t{0});
  if (position_ < all.size() || state_ != State::on) return;
  state_ = State::stopping;  // into what is beneath
  ended_ = true;
}

const dsp::CountryTones& country_tones(std::string_view country, Law law) {
  const auto* known = dsp::find_call_tones(country);
  if (known == nullptr) known = &dsp::call_tones().front();
  // E.180's own tones are not those of the countries that have mu-law.
  const bool recommended = known == &dsp::call_tones().front();
  return recommended && law == Law::mu ? *dsp::find_call_tones("us") : *known;
}

dsp::CallTone call_tone(Tone tone) {
  switch (tone) {
    case Tone::none:
    case Tone::dial:
      break;
    case Tone::ringback:
      return dsp::CallTone::ringback;
    case Tone::busy:
      return dsp::CallTone::busy;
    case Tone::congestion:
      return dsp::CallTone::congestion;
    case Tone::special_information:
      return dsp::CallTone::special_information;
    case Tone::call_waiting:
      return dsp::CallTone::call_waiting;
    case Tone::hold:
      return dsp::CallTone::hold;
  }
  return dsp::CallTone::dial;
}

std::span<const std::string_view> tone_countries() {
  return dsp::tone_countries();
}

}  // namespace tandem::media
