#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tandem::config {

/// Where in the file; both count from 1, columns in characters.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

/// One thing that is wrong, and what to do about it.
struct Problem {
  std::string file;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string message;
};
/// "FILE:LINE:COL: message"
std::string to_string(const Problem& problem);

/// Everything that is wrong with a file, up to a limit.
class Problems {
 public:
  void add(Position at, std::string message);
  [[nodiscard]] bool empty() const { return found_.empty(); }
  /// In the order of the file.
  [[nodiscard]] std::vector<Problem> take(std::string_view file);

 private:
  static constexpr std::size_t kLimit = 200;
  struct Found {
    Position at;
    std::string message;
  };
  std::vector<Found> found_;  ///< in the order of the file
  std::size_t more_ = 0;
};

/// `text` in quotation marks for a message: shortened, control characters replaced.
std::string in_quotes(std::string_view text);

}  // namespace tandem::config
