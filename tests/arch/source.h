#pragma once
// The house read as text: files, their includes, their code without comments and strings.
#include <string>
#include <string_view>
#include <vector>

namespace tandem::arch {

struct File {
  std::string path;  ///< from the top of the house, "sipt/uri.cpp"
  std::string text;
};
using Files = std::vector<File>;
using Complaints = std::vector<std::string>;  ///< "sipt/uri.cpp:12: what is wrong"

/// The C++ files of the house's folders.
Files read_house();
/// Those and scripts, configuration and prose.
Files read_all_text();
/// What lies at the top of the house.
std::vector<std::string> top_level_names();

struct Line {
  std::size_t number = 0;
  std::string text;
};
/// Lines without comments and without the contents of string and character literals.
std::vector<Line> code_lines(std::string_view text);
/// Runs of neighbouring lines that hold a comment, joined without their slashes; the number of the first.
std::vector<Line> comments(std::string_view text);
/// The contents of string literals, each with its line.
std::vector<Line> string_literals(std::string_view text);

struct Include {
  std::size_t line = 0;
  std::string name;
  bool angled = false;
};
std::vector<Include> includes(std::string_view text);

/// "gateway/core" of "gateway/core/a.h", "sipt" of "sipt/rtp/a.h"; the path itself for gateway/main.cpp.
std::string room(std::string_view path);
/// isup, tdm, sipt, dsp, config, gateway/base, core, interwork, media.
bool pure(std::string_view path);

std::string at(const File& file, std::size_t line, std::string_view what);
std::string joined(const Complaints& complaints);

}  // namespace tandem::arch
