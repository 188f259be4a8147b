#include "tests/arch/source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace tandem::arch {

namespace fs = std::filesystem;

namespace {

constexpr auto kFolders =
    std::to_array<std::string_view>({"gateway", "tdm", "isup", "sipt", "dsp", "config", "hw", "tests"});
constexpr auto kPure =
    std::to_array<std::string_view>({"isup", "tdm", "sipt", "dsp", "config", "gateway/base", "gateway/core",
                                     "gateway/interwork", "gateway/media"});

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void collect(const fs::path& path, const std::set<std::string>& extensions, Files& files) {
  if (!fs::is_regular_file(path) || !extensions.contains(path.extension().string())) return;
  files.push_back({fs::relative(path, TANDEM_SOURCE_DIR).generic_string(), read(path)});
}

Files read_files(const std::set<std::string>& extensions, bool with_top) {
  Files files;
  const fs::path top = TANDEM_SOURCE_DIR;
  for (const auto folder : kFolders) {
    if (!fs::exists(top / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(top / folder))
      collect(entry.path(), extensions, files);
  }
  if (with_top)
    for (const auto& entry : fs::directory_iterator(top)) collect(entry.path(), extensions, files);
  std::ranges::sort(files, {}, &File::path);
  return files;
}

/// Walks over C++ text and says of each character whether it is code, comment or literal.
class Lexer {
 public:
  enum class Kind { code, comment, literal };
  explicit Lexer(std::string_view text) : text_(text) {}

  template <class Visit>
  void run(Visit&& visit) {
    while (at_ < text_.size()) {
      const auto [kind, length] = next();
      visit(kind, text_.substr(at_, length));
      at_ += length;
    }
  }

 private:
  struct Piece {
    Kind kind;
    std::size_t length;
  };
  Piece next() const {
    const auto rest = text_.substr(at_);
    if (rest.starts_with("//")) return {Kind::comment, std::min(rest.find('\n'), rest.size())};
    if (rest.starts_with("/*")) return {Kind::comment, std::min(rest.find("*/", 2), rest.size() - 2) + 2};
    if (rest.starts_with("R\"")) return {Kind::literal, raw_length(rest)};
    if (rest.starts_with('"')) return {Kind::literal, quoted_length(rest, '"')};
    const bool separator =
        at_ > 0 && std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) != 0;  // 10'000
    if (rest.starts_with('\'') && !separator) return {Kind::literal, quoted_length(rest, '\'')};
    return {Kind::code, 1};
  }
  static std::size_t quoted_length(std::string_view rest, char quote) {
    for (std::size_t i = 1; i < rest.size() && rest[i] != '\n'; ++i) {
      if (rest[i] == '\\') {
        ++i;
      } else if (rest[i] == quote) {
        return i + 1;
      }
    }
    return 1;
  }
  static std::size_t raw_length(std::string_view rest) {
    const auto open = rest.find('(');
    if (open == std::string_view::npos) return 2;
    const auto close = rest.find(")" + std::string(rest.substr(2, open - 2)) + "\"");
    return close == std::string_view::npos ? rest.size() : close + open;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The text with everything but one kind blanked; line ends stay.
std::string only(std::string_view text, Lexer::Kind wanted) {
  std::string out;
  Lexer(text).run([&](Lexer::Kind kind, std::string_view piece) {
    for (const char c : piece) out += kind == wanted || c == '\n' ? c : ' ';
  });
  return out;
}

std::vector<Line> lines(std::string_view text) {
  std::vector<Line> out;
  std::size_t number = 1;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out.push_back({number++, std::string(text.substr(0, end))});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

Files read_house() {
  return read_files({".h", ".cpp"}, false);
}
Files read_all_text() {
  return read_files({".h", ".cpp", ".txt", ".md", ".toml", ".sh", ".json", ".xml", ".py", ".cmake"}, true);
}

std::vector<std::string> top_level_names() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(TANDEM_SOURCE_DIR))
    names.push_back(entry.path().filename());
  std::ranges::sort(names);
  return names;
}

std::vector<Line> code_lines(std::string_view text) {
  return lines(only(text, Lexer::Kind::code));
}

std::vector<Line> comments(std::string_view text) {
  std::vector<Line> out;
  std::size_t previous = 0;
  for (auto& line : lines(only(text, Lexer::Kind::comment))) {
    if (blank(line.text)) continue;
    line.text.erase(0, std::min(line.text.find_first_not_of(" /*<"), line.text.size()));
    if (!out.empty() && line.number == previous + 1)
      out.back().text += " " + line.text;
    else
      out.push_back(line);
    previous = line.number;
  }
  return out;
}

std::vector<Line> string_literals(std::string_view text) {
  std::vector<Line> out;
  std::size_t line = 1;
  Lexer(text).run([&](Lexer::Kind kind, std::string_view piece) {
    if (kind == Lexer::Kind::literal && piece.size() >= 2 && piece[0] == '"')
      out.push_back({line, std::string(piece.substr(1, piece.size() - 2))});
    line += static_cast<std::size_t>(std::ranges::count(piece, '\n'));
  });
  return out;
}

std::vector<Include> includes(std::string_view text) {
  std::vector<Include> out;
  for (const auto& [number, line] : lines(text)) {
    std::string_view rest = line;
    if (!rest.starts_with("#include ")) continue;
    rest.remove_prefix(rest.find_first_not_of(' ', 8));
    const bool angled = rest.starts_with('<');
    if (!angled && !rest.starts_with('"')) continue;  // a macro: Highway's HWY_TARGET_INCLUDE
    const auto end = rest.find(angled ? '>' : '"', 1);
    if (end != std::string_view::npos) out.push_back({number, std::string(rest.substr(1, end - 1)), angled});
  }
  return out;
}

std::string room(std::string_view path) {
  const auto first = path.find('/');
  if (first == std::string_view::npos) return std::string(path);
  if (!path.starts_with("gateway/")) return std::string(path.substr(0, first));
  const auto second = path.find('/', first + 1);
  return std::string(path.substr(0, second));
}

bool pure(std::string_view path) {
  return std::ranges::find(kPure, room(path)) != kPure.end();
}

std::string at(const File& file, std::size_t line, std::string_view what) {
  return file.path + ":" + std::to_string(line) + ": " + std::string(what);
}

std::string joined(const Complaints& complaints) {
  std::string out;
  for (const auto& complaint : complaints) out += complaint + "\n";
  return out;
}

}  // namespace tandem::arch
