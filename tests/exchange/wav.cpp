#include "tests/exchange/wav.h"

#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <vector>

namespace exchange {
namespace {

static_assert(std::endian::native == std::endian::little, "WAV is little endian, and so is this file");

template <class T>
T value_at(const std::vector<char>& bytes, std::size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

std::expected<Recording, std::string> read_wav(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::unexpected("cannot read " + path);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  const std::string wrong = path + " is not WAV of 16 bit, one channel, 8000 Hz";
  if (bytes.size() < 44 || std::memcmp(bytes.data(), "RIFF", 4) != 0) return std::unexpected(wrong);
  bool format = false;
  std::size_t at = 12;
  while (at + 8 <= bytes.size()) {
    const std::size_t size =
        std::min<std::size_t>(value_at<std::uint32_t>(bytes, at + 4), bytes.size() - at - 8);
    if (std::memcmp(bytes.data() + at, "fmt ", 4) == 0 && size >= 16) {
      format = value_at<std::uint16_t>(bytes, at + 8) == 1 && value_at<std::uint16_t>(bytes, at + 10) == 1 &&
               value_at<std::uint32_t>(bytes, at + 12) == 8000 &&
               value_at<std::uint16_t>(bytes, at + 22) == 16;
    }
    if (std::memcmp(bytes.data() + at, "data", 4) == 0 && format) {
      auto samples = std::make_shared<std::vector<std::int16_t>>(size / 2);
      std::memcpy(samples->data(), bytes.data() + at + 8, size / 2 * 2);
      return Recording(std::move(samples));
    }
    at += 8 + size + size % 2;
  }
  return std::unexpected(wrong);
}

std::expected<std::unique_ptr<WavWriter>, std::string> WavWriter::create(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) return std::unexpected("cannot write " + path + ": " + std::strerror(errno));
  std::unique_ptr<WavWriter> writer(new WavWriter(file));
  writer->write_header();
  return writer;
}

WavWriter::~WavWriter() {
  write_header();
  std::fclose(file_);
}

void WavWriter::write(std::span<const std::int16_t> samples) {
  std::fwrite(samples.data(), sizeof samples[0], samples.size(), file_);
  const auto before = samples_;
  samples_ += static_cast<std::uint32_t>(samples.size());
  if (before / 8000 != samples_ / 8000) write_header();
}

void WavWriter::write_header() {
  const std::uint32_t data = samples_ * 2;
  struct Header {
    char riff[4];
    std::uint32_t size;
    char wave[8];
    std::uint32_t format_size;
    std::uint16_t pcm;
    std::uint16_t channels;
    std::uint32_t rate;
    std::uint32_t octets_a_second;
    std::uint16_t frame;
    std::uint16_t bits;
    char data[4];
    std::uint32_t data_size;
  };
  static_assert(sizeof(Header) == 44);
  const Header header{
      {'R', 'I', 'F', 'F'}, 36 + data, {'W', 'A', 'V', 'E', 'f', 'm', 't', ' '}, 16, 1, 1, 8000, 16000, 2, 16,
      {'d', 'a', 't', 'a'}, data};
  std::fseek(file_, 0, SEEK_SET);
  std::fwrite(&header, sizeof header, 1, file_);
  std::fseek(file_, 0, SEEK_END);
  std::fflush(file_);
}

}  // namespace exchange
