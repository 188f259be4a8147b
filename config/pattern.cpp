#include "config/pattern.h"

#include <algorithm>
#include <charconv>
#include <regex>
#include <vector>

namespace tandem::config {
namespace {

constexpr std::size_t kMaxLength = 200;
constexpr std::size_t kMaxDepth = 8;
constexpr int kMaxRepeat = 40;        // longer than any number
constexpr double kMaxWays = 200'000;  // ways to match, as estimated below

/// How often something is repeated.
struct Repeat {
  int least = 1;
  int most = 1;  ///< -1: without end
  [[nodiscard]] bool several() const { return most < 0 || most > 1; }
};

/// Reads a pattern to estimate in how many ways the matcher may have to try a number of kMaxRepeat digits:
/// the product of the choices that each repetition and each set of alternatives leaves.
class Estimate {
 public:
  explicit Estimate(std::string_view text) : text_(text) {}

  /// Empty when the pattern is harmless.
  std::string run() {
    open_.push_back({});
    while (at_ < text_.size()) {
      if (auto wrong = step(); !wrong.empty()) return wrong;
    }
    ways_ *= open_.back().alternatives;
    if (ways_ > kMaxWays)
      return "has too many repetitions and alternatives to be matched quickly: write it simpler";
    return {};
  }

 private:
  struct Group {
    int alternatives = 1;
    bool varies = false;  ///< holds a repetition or alternatives
  };

  std::string step() {
    const char c = text_[at_++];
    if (c == '\\') {
      if (at_ < text_.size() && text_[at_] >= '1' && text_[at_] <= '9')
        return "refers back to a group, which is not allowed";
      if (at_ < text_.size()) ++at_;
      return quantifier(false);
    }
    if (c == '[') {
      skip_set();
      return quantifier(false);
    }
    if (c == '(') {
      if (open_.size() > kMaxDepth) return "has groups nested too deeply";
      open_.push_back({});
      if (at_ < text_.size() && text_[at_] == '?') at_ = std::min(at_ + 2, text_.size());  // (?: (?= (?!
      return {};
    }
    if (c == ')') return close();
    if (c == '|') {
      open_.back().alternatives += 1;
      open_.back().varies = true;
      return {};
    }
    if (c == '*' || c == '+' || c == '?' || c == '{') {
      return "has a *, +, ? or { with nothing before it to repeat: write \\\\+ for a real plus";
    }
    if (c == '^' || c == '$') return {};  // not repeatable
    return quantifier(false);
  }

  std::string close() {
    if (open_.size() == 1) return {};  // unbalanced: the compiler says so
    const Group group = open_.back();
    open_.pop_back();
    ways_ *= group.alternatives;
    if (group.varies) open_.back().varies = true;
    return quantifier(group.varies);
  }

  void skip_set() {
    while (at_ < text_.size() && text_[at_] != ']') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
  }

  /// What follows an atom; `varies`: the atom is a group that can match in several ways.
  std::string quantifier(bool varies) {
    if (at_ >= text_.size()) return {};
    Repeat repeat;
    const char c = text_[at_];
    if (c == '*' || c == '+') {
      repeat = {c == '*' ? 0 : 1, -1};
      ++at_;
    } else if (c == '?') {
      repeat = {0, 1};
      ++at_;
    } else if (c == '{') {
      if (!read_counts(repeat)) return "has a repetition {...} that is not of the form {2}, {2,} or {2,4}";
      if (repeat.least > kMaxRepeat || repeat.most > kMaxRepeat) {
        return "repeats more than " + std::to_string(kMaxRepeat) + " times, which is longer than any number";
      }
    } else {
      return {};
    }
    if (at_ < text_.size() && text_[at_] == '?') ++at_;  // not greedy
    if (varies && repeat.several()) {
      return "repeats a group that itself holds a repetition or alternatives, which can take for ever to "
             "match: "
             "write the repetition once, or the alternatives as a set such as [12]";
    }
    const int choices = (repeat.most < 0 ? kMaxRepeat : repeat.most) - repeat.least + 1;
    if (choices > 1) open_.back().varies = true;
    ways_ *= std::max(1, choices);
    return {};
  }

  bool read_counts(Repeat& repeat) {
    const auto end = text_.find('}', at_);
    if (end == std::string_view::npos) return false;
    const auto inside = text_.substr(at_ + 1, end - at_ - 1);
    const auto comma = inside.find(',');
    const auto number = [](std::string_view digits, int& value) {
      const auto [p, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      return error == std::errc{} && p == digits.data() + digits.size() && value >= 0;
    };
    if (!number(inside.substr(0, comma), repeat.least)) return false;
    repeat.most = repeat.least;
    if (comma != std::string_view::npos) {
      repeat.most = -1;
      if (comma + 1 < inside.size() && !number(inside.substr(comma + 1), repeat.most)) return false;
    }
    at_ = end + 1;
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Group> open_;
  double ways_ = 1;
};

std::string reason(const std::regex_error& error) {
  using namespace std::regex_constants;
  const auto code = error.code();
  if (code == error_paren) return "has a parenthesis without its partner: write \\\\( for a real one";
  if (code == error_brack) return "has a bracket [ without its ]";
  if (code == error_brace) return "has a brace { without its }";
  if (code == error_badbrace) return "has a wrong count in {...}";
  if (code == error_badrepeat)
    return "has a *, +, ? or { with nothing before it to repeat: write \\\\+ for a real plus";
  if (code == error_escape) return "has an unknown escape or ends in a backslash";
  if (code == error_range) return "has a range in [...] that runs backwards";
  if (code == error_ctype || code == error_collate) return "has an unknown class in [[:...:]]";
  if (code == error_backref) return "refers back to a group that does not exist";
  return "is not a regular expression";
}

}  // namespace

std::expected<int, std::string> check_pattern(std::string_view pattern) {
  if (pattern.size() > kMaxLength) {
    return std::unexpected("is longer than " + std::to_string(kMaxLength) +
                           " characters: use several routes");
  }
  if (auto wrong = Estimate(pattern).run(); !wrong.empty()) return std::unexpected(std::move(wrong));
  try {
    const std::regex compiled(pattern.begin(), pattern.end(), std::regex::ECMAScript);
    return static_cast<int>(compiled.mark_count());
  } catch (const std::regex_error& error) {
    return std::unexpected(reason(error));
  }
}

std::string check_rewrite(std::string_view rewrite, int groups) {
  const auto digit = [&](std::size_t i) {
    return i < rewrite.size() && rewrite[i] >= '0' && rewrite[i] <= '9';
  };
  for (std::size_t i = 0; i < rewrite.size(); ++i) {
    if (rewrite[i] != '$') continue;
    ++i;
    if (i < rewrite.size() && (rewrite[i] == '$' || rewrite[i] == '&')) continue;
    if (!digit(i)) return "has a $ without a group number: write $1, or $$ for a real one";
    // Two digits are one number: "$10" is group ten.
    int group = rewrite[i] - '0';
    if (digit(i + 1)) group = group * 10 + (rewrite[++i] - '0');
    if (group < 1 || group > groups) {
      std::string text = "refers to group $" + std::to_string(group) + ", but match has ";
      text += groups == 0 ? "no group: put ( ) around the part that is to be kept" : std::to_string(groups);
      if (group >= 10 && group / 10 <= groups) {
        text += ": write $0" + std::to_string(group / 10) + std::to_string(group % 10) + " for group " +
                std::to_string(group / 10) + " followed by " + std::to_string(group % 10);
      }
      return text;
    }
  }
  return {};
}

}  // namespace tandem::config
