#pragma once
#include <string>

#include "gateway/base/result.h"
#include "gateway/media/config.h"

namespace tandem::io {

/// Longest recording that is loaded.
inline constexpr int kLongestRecordingMinutes = 10;

/// Loads a sound file (WAV of 8 or 16 bits, A-law or mu-law, and whatever else libsndfile reads), mixed down
/// to one channel and converted to 8000 Hz. Errors: cannot be opened or read, is no sound file, is empty, too
/// long, or has an absurd rate or number of channels.
Result<media::Recording> load_recording(const std::string& path);

}  // namespace tandem::io
