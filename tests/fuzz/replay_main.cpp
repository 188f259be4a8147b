// Feeds committed inputs to a fuzz target: replay CORPUS CRASHES. The corpus must not be empty.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::size_t replay(const std::filesystem::path& folder) {
  if (!std::filesystem::is_directory(folder)) return 0;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) files.push_back(entry.path());
  std::ranges::sort(files);
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    const std::vector<char> read{std::istreambuf_iterator<char>(in), {}};
    // A block of exactly that size, so that AddressSanitizer sees the first octet read behind it.
    const std::vector<std::uint8_t> input(read.begin(), read.end());
    std::fprintf(stderr, "%s\n", file.c_str());  // the last one named is the one that crashed
    LLVMFuzzerTestOneInput(input.data(), input.size());
  }
  return files.size();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: %s CORPUS CRASHES\n", argv[0]);
    return 2;
  }
  const std::size_t corpus = replay(argv[1]);
  const std::size_t crashes = replay(argv[2]);
  std::printf("%zu corpus inputs, %zu past crashes\n", corpus, crashes);
  return corpus == 0 ? 1 : 0;
}
