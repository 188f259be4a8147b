#include "config/problem.h"

#include <algorithm>
#include <utility>

namespace tandem::config {
namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

std::string to_string(const Problem& problem) {
  return problem.file + ':' + std::to_string(problem.line) + ':' + std::to_string(problem.column) + ": " +
         problem.message;
}

void Problems::add(Position at, std::string message) {
  // Nothing from the file may reach the terminal as a command, whatever a message quotes.
  std::ranges::replace_if(message, is_control, '?');
  const auto same = [&](const Found& f) { return f.at == at && f.message == message; };
  if (std::ranges::any_of(found_, same)) return;
  if (found_.size() == kLimit) {
    ++more_;
    return;
  }
  found_.insert(std::ranges::upper_bound(found_, at, {}, &Found::at), {at, std::move(message)});
}

std::vector<Problem> Problems::take(std::string_view file) {
  std::vector<Problem> result;
  for (auto& f : found_) {
    result.push_back({std::string(file), f.at.line, f.at.column, std::move(f.message)});
  }
  if (more_ > 0) {
    const auto last = result.back();
    result.push_back({last.file, last.line, last.column,
                      "and " + std::to_string(more_) + " more: mend these first, then check again"});
  }
  found_.clear();
  more_ = 0;
  return result;
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kShown = 60;
  std::string result = "\"";
  for (const char c : text.substr(0, kShown)) result += is_control(c) ? '?' : c;
  if (text.size() > kShown) {
    // Not in the middle of a UTF-8 character.
    while (result.size() > 1 && (static_cast<unsigned char>(result.back()) & 0xC0U) == 0x80U)
      result.pop_back();
    if (static_cast<unsigned char>(result.back()) >= 0xC0U) result.pop_back();
    result += "...";
  }
  return result + '"';
}

}  // namespace tandem::config
