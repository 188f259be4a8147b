#include "config/value_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tandem::config {
namespace {

constexpr std::size_t kMaxString = 1024;
constexpr std::size_t kMaxName = 40;
constexpr std::size_t kMaxSettings = 128;

/// "500 ms" or "0.5s" where a number of ms is meant: what to write instead.
std::string without_unit(const Key& key, std::string_view text) {
  double value = 0;
  const auto [p, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return {};
  auto unit = text.substr(static_cast<std::size_t>(p - text.data()));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  struct Time {
    std::string_view name;
    double seconds;
  };
  static constexpr auto kTimes =
      std::to_array<Time>({{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"min", 60}, {"h", 3600}});
  const auto from = std::ranges::find(kTimes, unit, &Time::name);
  const auto to = std::ranges::find(kTimes, key.unit, &Time::name);
  double result = value;
  if (!unit.empty() && unit != key.unit) {
    if (from == kTimes.end() || to == kTimes.end()) return {};
    result = value * from->seconds / to->seconds;
  }
  const double whole = std::round(result);
  if (std::abs(result - whole) > 1e-6 * std::max(1.0, whole) || whole < key.min || whole > key.max) return {};
  return std::to_string(static_cast<long long>(whole));
}

class ValueReader {
 public:
  explicit ValueReader(Problems& problems) : problems_(problems) {}

  void read(const toml::node& node, Entry& entry) {
    switch (entry.key->type) {
      case Type::string:
        if (const auto* value = node.as_string()) return read_string(value->get(), entry);
        break;
      case Type::integer:
        if (const auto* value = node.as_integer()) {
          return read_number(static_cast<double>(value->get()), value->get(), entry);
        }
        break;
      case Type::number:
        if (const auto* value = node.as_integer()) {
          return read_number(static_cast<double>(value->get()), static_cast<double>(value->get()), entry);
        }
        if (const auto* value = node.as_floating_point())
          return read_number(value->get(), value->get(), entry);
        break;
      case Type::boolean:
        if (const auto* value = node.as_boolean()) {
          entry.value = value->get();
          return;
        }
        break;
      case Type::strings:
        if (const auto* value = node.as_array()) return read_list(*value, entry);
        if (const auto* value = node.as_string(); value != nullptr && entry.key->bare)
          return read_bare(value->get(), entry);
        break;
      case Type::integers:
        if (const auto* value = node.as_array()) return read_integers(*value, entry);
        break;
      case Type::table:
        if (const auto* value = node.as_table()) return read_settings(*value, entry);
        break;
    }
    wrong_type(node, entry);
  }

 private:
  void wrong_type(const toml::node& node, Entry& entry) {
    const auto& key = *entry.key;
    std::string message =
        std::string(key.name) + " takes a " + describe(key) + ", not " + std::string(kind(node));
    if (key.type == Type::boolean)
      message = std::string(key.name) + " is true or false, not " + std::string(kind(node));
    if (key.type == Type::integers && node.is_integer()) message += ": put it in brackets, [...]";
    if (key.type == Type::table && !node.is_table()) message += ": write { NAME = NUMBER }";
    if (key.type == Type::strings && node.is_string()) message += ": put it in brackets, [\"...\"]";
    if (key.type == Type::string && !node.is_array() && !node.is_table())
      message += ": put it in quotation marks";
    if (key.type == Type::integer && node.is_string()) {
      const auto number = without_unit(key, node.as_string()->get());
      message += number.empty() ? ": write a number without quotation marks or unit" : ": write " + number;
    }
    bad(entry, entry.at, std::move(message));
  }

  void read_string(const std::string& text, Entry& entry) {
    if (!plain_text(text, entry, entry.at) || !allowed(text, entry, entry.at)) return;
    entry.value = text;
  }

  void read_bare(const std::string& text, Entry& entry) {
    if (!plain_text(text, entry, entry.at) || !allowed(text, entry, entry.at)) return;
    entry.value = std::vector<std::string>{text};
    entry.elements.push_back(entry.at);
  }

  template <class T>
  void read_number(double size, T value, Entry& entry) {
    const auto& key = *entry.key;
    if (!key.choices.empty()) {
      if (!allowed(std::to_string(static_cast<long long>(value)), entry, entry.at)) return;
    } else if (!(size >= key.min && size <= key.max)) {  // so that NaN is out of range too
      return bad(entry, entry.at, std::string(key.name) + " is out of range: it takes a " + describe(key));
    }
    entry.value = value;
  }

  void read_list(const toml::array& array, Entry& entry) {
    const auto& key = *entry.key;
    std::vector<std::string> list;
    for (const auto& element : array) {
      const auto at = position(element.source());
      const auto* text = element.as_string();
      if (text == nullptr) {
        return bad(
            entry, at,
            std::string(key.name) + " takes a " + describe(key) + ", not " + std::string(kind(element)));
      }
      if (!plain_text(text->get(), entry, at) || !allowed(text->get(), entry, at)) return;
      if (std::ranges::find(list, text->get()) != list.end()) {
        return bad(entry, at, in_quotes(text->get()) + " is in the list twice: take one out");
      }
      list.push_back(text->get());
      entry.elements.push_back(at);
      if (list.size() > static_cast<std::size_t>(key.max)) {
        return bad(entry, at,
                   std::string(key.name) + " takes at most " + std::to_string(static_cast<int>(key.max)) +
                       ": take this one out");
      }
    }
    if (list.size() < static_cast<std::size_t>(key.min)) {
      return bad(entry, entry.at, std::string(key.name) + " is empty: it takes a " + describe(key));
    }
    entry.value = std::move(list);
  }

  void read_integers(const toml::array& array, Entry& entry) {
    const auto& key = *entry.key;
    std::vector<std::int64_t> list;
    for (const auto& element : array) {
      const auto at = position(element.source());
      const auto* number = element.as_integer();
      if (number == nullptr) {
        return bad(
            entry, at,
            std::string(key.name) + " takes a " + describe(key) + ", not " + std::string(kind(element)));
      }
      if (!in_range(number->get(), key)) {
        return bad(entry, at,
                   std::to_string(number->get()) + " is out of range: " + std::string(key.name) +
                       " takes a " + describe(key));
      }
      if (std::ranges::find(list, number->get()) != list.end()) {
        return bad(entry, at, std::to_string(number->get()) + " is in the list twice: take one out");
      }
      list.push_back(number->get());
      entry.elements.push_back(at);
    }
    if (list.empty())
      return bad(entry, entry.at, std::string(key.name) + " is empty: it takes a " + describe(key));
    entry.value = std::move(list);
  }

  void read_settings(const toml::table& table, Entry& entry) {
    const auto& key = *entry.key;
    std::vector<Setting> settings;
    for (const auto& [name, node] : table) {
      const auto at = position(node.source());
      const auto what = std::string(key.name) + '.' + std::string(name.str().substr(0, kMaxName));
      const auto* number = node.as_integer();
      if (number == nullptr) {
        bad(entry, at, in_quotes(what) + " takes a whole number, not " + std::string(kind(node)));
      } else if (!in_range(number->get(), key)) {
        bad(entry, at,
            in_quotes(what) + " is out of range: " + std::string(key.name) + " takes a " + describe(key));
      } else if (settings.size() == kMaxSettings) {
        return bad(entry, at, std::string(key.name) + " takes at most " + std::to_string(kMaxSettings));
      } else {
        settings.push_back({std::string(name.str()), number->get(), at});
      }
    }
    std::ranges::sort(settings, {}, &Setting::at);  // toml++ gives them in the order of their names
    entry.value = std::move(settings);
  }

  static bool in_range(std::int64_t value, const Key& key) {
    return static_cast<double>(value) >= key.min && static_cast<double>(value) <= key.max;
  }

  bool plain_text(std::string_view text, Entry& entry, Position at) {
    if (text.size() > kMaxString) {
      bad(entry, at,
          std::string(entry.key->name) + " is longer than " + std::to_string(kMaxString) + " octets");
      return false;
    }
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::ranges::any_of(text, control)) {
      bad(entry, at, std::string(entry.key->name) + " holds a line end or control character: take it out");
      return false;
    }
    return true;
  }

  bool allowed(std::string_view text, Entry& entry, Position at) {
    const auto& key = *entry.key;
    if (key.choices.empty() || std::ranges::find(key.choices, text) != key.choices.end()) return true;
    const auto later = std::ranges::find(key.later, text, &Later::value);
    if (later != key.later.end()) {
      bad(entry, at, std::string(key.name) + " = " + in_quotes(text) + ": " + std::string(later->why));
      return false;
    }
    const bool number = key.type == Type::integer || key.type == Type::number;
    std::string message = std::string(key.name) + " = " + (number ? std::string(text) : in_quotes(text)) +
                          ": it takes a " + describe(key);
    if (const auto near = nearest(text, key.choices); !near.empty() && !number) {
      message += "; did you mean \"" + std::string(near) + "\"?";
    }
    bad(entry, at, std::move(message));
    return false;
  }

  void bad(Entry& entry, Position at, std::string message) {
    entry.bad = true;
    problems_.add(at, std::move(message));
  }

  Problems& problems_;
};

}  // namespace

Position position(const toml::source_region& source) {
  return {source.begin.line, source.begin.column};
}

std::string_view kind(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return "a string";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::table:
      return "a table";
    default:
      return "a date or time";
  }
}

void set_default(Entry& entry) {
  if (entry.key->fallback.empty()) return;
  const auto parsed = toml::parse("v = " + std::string(entry.key->fallback));
  if (!parsed) std::abort();  // our own schema
  const auto value = parsed.table()["v"];
  switch (entry.key->type) {
    case Type::string:
      entry.value = *value.value<std::string>();
      break;
    case Type::integer:
      entry.value = *value.value<std::int64_t>();
      break;
    case Type::number:
      entry.value = *value.value<double>();
      break;
    case Type::boolean:
      entry.value = *value.value<bool>();
      break;
    case Type::strings: {
      std::vector<std::string> list;
      for (const auto& element : *value.as_array()) list.push_back(*element.value<std::string>());
      entry.value = std::move(list);
      break;
    }
    case Type::integers:
      entry.value = std::vector<std::int64_t>{};
      break;
    case Type::table:
      entry.value = std::vector<Setting>{};
      break;
  }
}

void read_value(const toml::node& node, Entry& entry, Problems& problems) {
  ValueReader(problems).read(node, entry);
}

}  // namespace tandem::config
