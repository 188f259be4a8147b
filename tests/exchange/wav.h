#pragma once
// WAV files of 16 bit, one channel, 8000 samples a second.
#include <cstdint>
#include <cstdio>
#include <expected>
#include <memory>
#include <span>
#include <string>

#include "tests/exchange/audio.h"

namespace exchange {

/// Error: a sentence.
std::expected<Recording, std::string> read_wav(const std::string& path);

/// Written as it comes; the file is whole after each second and at the end.
class WavWriter {
 public:
  static std::expected<std::unique_ptr<WavWriter>, std::string> create(const std::string& path);
  ~WavWriter();
  WavWriter(const WavWriter&) = delete;
  WavWriter& operator=(const WavWriter&) = delete;
  void write(std::span<const std::int16_t> samples);

 private:
  explicit WavWriter(std::FILE* file) : file_(file) {}
  void write_header();

  std::FILE* file_;
  std::uint32_t samples_ = 0;
};

}  // namespace exchange
