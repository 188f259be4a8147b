// audio-verdict REFERENCE.wav RECORDING.wav: finds the reference in the recording and says how it arrived.
// Prints "delay 45 ms, level -0.3 dB, loss 0.0 %: good"; exit 0 when the speech is intelligible, 1 when not.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace {

constexpr int kRate = 8000;
constexpr int kEnvelope = 80;    // samples of an envelope point: 10 ms
constexpr int kSegment = 240;    // samples of a judged piece: 30 ms, so that one fault spoils two at most
constexpr int kSlack = 480;      // how far a piece may have moved against its neighbours, in samples
constexpr double kActive = 200;  // RMS below which a piece of the reference is a pause

using Samples = std::vector<float>;

std::uint32_t le(const char* p, int octets) {
  std::uint32_t value = 0;
  for (int i = 0; i < octets; ++i) value |= std::uint32_t{static_cast<unsigned char>(p[i])} << (8 * i);
  return value;
}

/// 16-bit mono PCM at 8 kHz; a data chunk that a killed recorder left open runs to the end of the file.
std::optional<Samples> read_wav(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string data{std::istreambuf_iterator<char>(file), {}};
  if (data.size() < 44 || data.compare(0, 4, "RIFF") != 0 || data.compare(8, 4, "WAVE") != 0) {
    std::fprintf(stderr, "%s: not a WAV file\n", path);
    return std::nullopt;
  }
  for (std::size_t at = 12; at + 8 <= data.size();) {
    const std::size_t size = le(&data[at + 4], 4);
    if (data.compare(at, 4, "fmt ") == 0 && at + 24 <= data.size() &&
        (le(&data[at + 10], 2) != 1 || le(&data[at + 12], 4) != kRate || le(&data[at + 22], 2) != 16)) {
      std::fprintf(stderr, "%s: not 16-bit mono at 8000 Hz\n", path);
      return std::nullopt;
    }
    if (data.compare(at, 4, "data") == 0) {
      const auto octets = std::min(size == 0 ? data.size() : size, data.size() - at - 8);
      Samples samples(octets / 2);
      for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = static_cast<float>(static_cast<std::int16_t>(le(&data[at + 8 + 2 * i], 2)));
      return samples;
    }
    at += 8 + size + (size & 1);
  }
  std::fprintf(stderr, "%s: no data\n", path);
  return std::nullopt;
}

double energy(std::span<const float> x) {
  double sum = 0;
  for (const float v : x) sum += double{v} * v;
  return sum;
}

/// Normalised correlation, -1 to 1.
double correlation(std::span<const float> a, std::span<const float> b) {
  float dot = 0;
  for (std::size_t i = 0; i < a.size(); ++i) dot += a[i] * b[i];
  const double norm = std::sqrt(energy(a) * energy(b));
  return norm > 0 ? dot / norm : 0;
}

Samples envelope(const Samples& x) {
  Samples points(x.size() / kEnvelope);
  for (std::size_t i = 0; i < points.size(); ++i)
    points[i] =
        static_cast<float>(std::sqrt(energy(std::span(x).subspan(i * kEnvelope, kEnvelope)) / kEnvelope));
  return points;
}

/// Where the envelope of the reference fits best, in samples.
std::ptrdiff_t coarse_delay(const Samples& reference, const Samples& recording) {
  const auto a = envelope(reference), b = envelope(recording);
  double best = -2;
  std::ptrdiff_t best_lag = 0;
  for (std::size_t lag = 0; lag < b.size(); ++lag) {
    const auto overlap = std::min(a.size(), b.size() - lag);
    if (overlap < std::min<std::size_t>(a.size() / 2, 100)) break;
    const double fit = correlation(std::span(a).first(overlap), std::span(b).subspan(lag, overlap)) *
                       std::sqrt(static_cast<double>(overlap) / static_cast<double>(a.size()));
    if (fit > best) {
      best = fit;
      best_lag = static_cast<std::ptrdiff_t>(lag);
    }
  }
  return best_lag * kEnvelope;
}

struct Piece {
  double fit = 0;
  std::ptrdiff_t lag = 0;
  double level_db = 0;
};

/// The best place of one piece of the reference near `expected`.
Piece place(std::span<const float> piece, std::ptrdiff_t at, std::ptrdiff_t expected,
            const Samples& recording) {
  Piece best;
  for (std::ptrdiff_t lag = expected - kSlack; lag <= expected + kSlack; ++lag) {
    const auto start = at + lag;
    if (start < 0 || start + kSegment > static_cast<std::ptrdiff_t>(recording.size())) continue;
    const auto heard = std::span(recording).subspan(static_cast<std::size_t>(start), kSegment);
    const double fit = correlation(piece, heard);
    if (fit > best.fit) best = {fit, lag, 10 * std::log10((energy(heard) + 1) / (energy(piece) + 1))};
  }
  return best;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: audio-verdict REFERENCE.wav RECORDING.wav\n");
    return 2;
  }
  const auto reference = read_wav(argv[1]), recording = read_wav(argv[2]);
  if (!reference || !recording) return 2;
  const auto expected = coarse_delay(*reference, *recording);
  std::vector<double> lags, levels;
  std::size_t active = 0, lost = 0;
  for (std::size_t at = 0; at + kSegment <= reference->size(); at += kSegment) {
    const auto piece = std::span(*reference).subspan(at, kSegment);
    if (std::sqrt(energy(piece) / kSegment) < kActive) continue;
    ++active;
    const auto found = place(piece, static_cast<std::ptrdiff_t>(at), expected, *recording);
    if (found.fit < 0.9) {
      ++lost;
      continue;
    }
    lags.push_back(static_cast<double>(found.lag));
    levels.push_back(found.level_db);
  }
  if (active == 0) {
    std::fprintf(stderr, "%s: no speech in it\n", argv[1]);
    return 2;
  }
  const double loss = 100.0 * static_cast<double>(lost) / static_cast<double>(active);
  const double level = median(levels);
  const bool good = loss <= 5 && std::abs(level) <= 3;
  std::printf("delay %.0f ms, level %+.1f dB, loss %.1f %%: %s\n", median(lags) * 1000 / kRate, level, loss,
              good ? "good" : "BAD");
  return good ? 0 : 1;
}
