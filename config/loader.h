#pragma once
#include <cstdint>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"
#include "gateway/core/config.h"

namespace tandem::config {

/// A configuration in which everything holds, or all that is wrong in the order of the file.
using Loaded = std::expected<core::Config, std::vector<Problem>>;

/// The samples of a WAV file (linear, 8000 Hz, mono), or what is wrong with it.
using ReadRecording =
    std::function<std::expected<std::vector<std::int16_t>, std::string>(const std::string& path)>;

/// Reads and checks a file, and that the directories it names are there or can be made. Without `recordings`
/// the WAV files that it names are not opened.
Loaded load_file(const std::string& path, const ReadRecording& recordings = {});

/// Checks a text; `file` is what problems call it. Touches nothing outside.
Loaded load_text(std::string_view text, std::string_view file);

/// Makes the directories of the records and of the control socket where they are missing (one level: the
/// parent must exist). The error is a sentence with the path.
std::expected<void, std::string> make_directories(const core::Config& config);

}  // namespace tandem::config
