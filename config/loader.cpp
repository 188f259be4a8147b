#include "config/loader.h"

#include <filesystem>
#include <fstream>

#include "config/builder.h"

namespace tandem::config {
namespace {

namespace fs = std::filesystem;

fs::path directory_of(const std::string& file) {
  auto directory = fs::path(file).parent_path();
  return directory.empty() ? fs::path(".") : directory;
}

void check_directory(const Entry& entry, Problems& problems) {
  if (entry.bad) return;
  const std::string path = entry.text();
  const auto name = std::string(entry.key->name) + " = " + in_quotes(path);
  const auto directory = directory_of(path);
  std::error_code error;
  if (fs::is_directory(fs::path(path), error)) {
    problems.add(entry.at, name + " is a directory: write the path of a file");
  } else if (!fs::is_directory(directory, error) &&
             !fs::is_directory(directory_of(directory.string()), error)) {
    problems.add(entry.at, name + ": there is no directory " +
                               in_quotes(directory_of(directory.string()).string()) +
                               ": make it, or choose another path");
  } else if (fs::exists(directory, error) && !fs::is_directory(directory, error)) {
    problems.add(entry.at, name + ": " + in_quotes(directory.string()) + " is not a directory");
  }
}

/// The whole of a file, or why it cannot be had.
std::expected<std::string, std::string> read_all(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (error) return std::unexpected("cannot be read: " + error.message());
  if (fs::is_directory(status)) return std::unexpected("is a directory: name a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::unexpected("cannot be read: " + std::generic_category().message(errno));
  std::string text(kMaxFile + 1, '\0');  // one more than the reader takes, so that it can tell
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (in.bad()) return std::unexpected("cannot be read: " + std::generic_category().message(errno));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

/// Fills the recordings with what their files hold.
void read_recordings(const Document& document, core::Config& config, const ReadRecording& read,
                     Problems& problems) {
  for (std::size_t i = 0; i < config.media.recordings.size(); ++i) {
    auto& recording = config.media.recordings[i];
    auto samples = read(recording.name);
    if (samples) {
      recording.samples = std::move(*samples);
    } else {
      problems.add(document.recordings[i].at,
                   document.recordings[i].key + " = " + in_quotes(recording.name) + ": " + samples.error());
    }
  }
}

Loaded load(std::string_view text, std::string_view file, bool directories, const ReadRecording& recordings) {
  Problems problems;
  Document document;
  core::Config config;
  if (read_document(text, document, problems)) {
    build(document, config, problems);
    cross_check(document, config, problems);
    if (directories) check_directories(document, problems);
    if (recordings) read_recordings(document, config, recordings, problems);
  }
  if (!problems.empty()) return std::unexpected(problems.take(file));
  return config;
}

}  // namespace

void check_directories(const Document& document, Problems& problems) {
  check_directory(document.gateway["cdr"], problems);
  check_directory(document.gateway["control"], problems);
}

Loaded load_file(const std::string& path, const ReadRecording& recordings) {
  const auto text = read_all(path);
  if (!text) return std::unexpected(std::vector{Problem{path, 1, 1, text.error()}});
  return load(*text, path, true, recordings);
}

Loaded load_text(std::string_view text, std::string_view file) {
  return load(text, file, false, {});
}

std::expected<void, std::string> make_directories(const core::Config& config) {
  for (const auto& file : {config.cdr_path, config.control_path}) {
    std::error_code error;
    const auto directory = directory_of(file);
    if (fs::is_directory(directory, error)) continue;
    error.clear();
    fs::create_directory(directory, error);
    if (error) {
      return std::unexpected("directory " + in_quotes(directory.string()) +
                             " cannot be made: " + error.message());
    }
  }
  return {};
}

}  // namespace tandem::config
