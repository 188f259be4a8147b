// The one file that knows toml++.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include "config/document.h"

// Nesting is bounded, for both the parser and its tree's destructor are recursive; see also fit_to_parse.
#define TOML_EXCEPTIONS 0
// Its assertions do not hold for every input ("[}"), though the code behind them deals with it; and with NDEBUG
// they turn into assumptions of the optimiser, so this file is compiled without NDEBUG and with none of either.
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#define TOML_MAX_NESTED_VALUES 16
#include <toml++/toml.h>

namespace tandem::config {
namespace {

constexpr std::size_t kMaxString = 1024;

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

/// The default of a key; the schema's own text is TOML.
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
    }
  }
}

Table empty_table(const Section& section, Position at) {
  Table table{.section = &section, .at = at, .entries = {}};
  for (const auto& key : section.keys) {
    auto& entry = table.entries.emplace_back();
    entry.key = &key;
    entry.at = at;
    entry.bad = key.required;  // until it is read
    set_default(entry);
  }
  return table;
}

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

class Reader {
 public:
  Reader(Document& document, Problems& problems) : document_(document), problems_(problems) {}

  void read(const toml::table& root) {
    const auto& gateway = section("gateway");
    top_level(root);
    const auto* node = root.get("gateway");
    const auto* table = node == nullptr ? nullptr : node->as_table();
    if (table == nullptr) {
      if (node == nullptr)
        problems_.add({}, "there is no [gateway]: every file needs one, with cdr, sip and rtp");
    } else {
      read_table(gateway, *table, position(table->source()), document_.gateway);
      child(*table, "sip", document_.sip);
      child(*table, "rtp", document_.rtp);
    }
    read_many(root, "span", document_.spans);
    read_many(root, "trunk", document_.trunks);
    read_many(root, "peer", document_.peers);
    read_many(root, "route", document_.routes);
  }

 private:
  void top_level(const toml::table& root) {
    std::vector<std::string_view> names;
    for (const auto& s : sections()) {
      if (!s.path.contains('.')) names.push_back(s.path);
    }
    for (const auto& [key, node] : root) {
      const auto name = key.str();
      const auto at = position(key.source());
      const auto known = std::ranges::find(names, name);
      if (known == names.end()) {
        std::string message = "unknown key " + in_quotes(name);
        const auto near = nearest(name, names);
        if (!near.empty()) {
          message += ": did you mean " + header(near) + "?";
        } else {
          message += ": at the top level there are [gateway], [[span]], [[trunk]], [[peer]] and [[route]]";
        }
        problems_.add(at, std::move(message));
      } else if (section(*known).many ? !node.is_array() : !node.is_table()) {
        problems_.add(node.is_table() ? position(node.source()) : at,
                      std::string(name) + " is " + std::string(kind(node)) + ": write " + header(name) +
                          " on a line of its own, its keys below");
      }
    }
  }

  static std::string header(std::string_view path) {
    const std::string name(path);
    return section(path).many ? "[[" + name + "]]" : '[' + name + ']';
  }

  void child(const toml::table& parent, std::string_view name, Table& into) {
    const auto& s = section("gateway." + std::string(name));
    const auto* node = parent.get(name);
    if (node == nullptr) {
      problems_.add(into.at, "[gateway] has no " + std::string(name) + ": add " + std::string(name) +
                                 " = { " + std::string(s.keys.front().name) + " = ... }");
    } else if (const auto* table = node->as_table()) {
      read_table(s, *table, position(table->source()), into);
    } else {
      problems_.add(position(node->source()), std::string(name) + " is " + std::string(kind(*node)) +
                                                  ": it is a table, as { key = value, ... }");
    }
  }

  void read_many(const toml::table& root, std::string_view path, std::vector<Table>& into) {
    const auto& s = section(path);
    const auto* node = root.get(path);
    if (node != nullptr && !node->is_array()) {  // said by top_level
      if (const auto* table = node->as_table())
        read_table(s, *table, position(table->source()), into.emplace_back());
      return;
    }
    if (node == nullptr || node->as_array()->empty()) {
      if (s.required) problems_.add({}, "there is no " + header(path) + ": add at least one");
      return;
    }
    for (const auto& element : *node->as_array()) {
      const auto at = position(element.source());
      const auto* table = element.as_table();
      if (table == nullptr) {
        problems_.add(at, std::string(path) + " is a list of " + std::string(kind(element)) + ": write " +
                              header(path) + " on a line of its own, its keys below");
        return;
      }
      if (into.size() == s.limit) {
        problems_.add(at,
                      "more than " + std::to_string(s.limit) + ' ' + header(path) + ": that is the limit");
        return;
      }
      read_table(s, *table, at, into.emplace_back());
    }
  }

  void read_table(const Section& s, const toml::table& from, Position at, Table& into) {
    into = empty_table(s, at);
    for (auto& entry : into.entries) {
      if (entry.key->decides) refuse_later(from, entry, into);
    }
    for (auto& entry : into.entries) {
      if (into.unusable && entry.key->name != "name") {
        entry.bad = true;
        continue;
      }
      if (const auto* node = from.get(entry.key->name)) {
        entry.given = true;
        entry.bad = false;
        entry.at = position(node->source());
        read_value(*node, entry);
      } else if (entry.key->required) {
        problems_.add(at, header(s.path) + " has no " + std::string(entry.key->name) + ": add " +
                              std::string(entry.key->name) + " = ..., a " + describe(*entry.key));
      }
    }
    if (!into.unusable) unknown_keys(s, from);
  }

  /// A driver or signalling that is not built yet: its other keys are not looked at.
  void refuse_later(const toml::table& from, const Entry& entry, Table& into) {
    const auto* node = from.get(entry.key->name);
    const auto value = node == nullptr ? std::nullopt : node->value<std::string_view>();
    if (!value) return;
    const auto later = std::ranges::find(entry.key->later, *value, &Later::value);
    if (later == entry.key->later.end()) return;
    into.unusable = true;
    problems_.add(position(node->source()),
                  std::string(entry.key->name) + " = " + in_quotes(*value) + ": " + std::string(later->why));
  }

  void unknown_keys(const Section& s, const toml::table& from) {
    std::vector<std::string_view> names;
    for (const auto& key : s.keys) names.push_back(key.name);
    const std::string prefix = std::string(s.path) + '.';
    for (const auto& other : sections()) {
      if (other.path.starts_with(prefix)) names.push_back(other.path.substr(prefix.size()));
    }
    for (const auto& [key, node] : from) {
      const auto name = key.str();
      if (std::ranges::find(names, name) != names.end()) continue;
      std::string message = "unknown key " + in_quotes(name) + " in " + header(s.path);
      const auto near = nearest(name, names);
      message += near.empty() ? ": `tandem config-reference` lists what there is"
                              : ": did you mean " + std::string(near) + "?";
      problems_.add(position(key.source()), std::move(message));
    }
  }

  void read_value(const toml::node& node, Entry& entry) {
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
        break;
    }
    wrong_type(node, entry);
  }

  void wrong_type(const toml::node& node, Entry& entry) {
    const auto& key = *entry.key;
    std::string message =
        std::string(key.name) + " takes a " + describe(key) + ", not " + std::string(kind(node));
    if (key.type == Type::boolean)
      message = std::string(key.name) + " is true or false, not " + std::string(kind(node));
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

  Document& document_;
  Problems& problems_;
};

}  // namespace

bool read_document(std::string_view text, Document& document, Problems& problems) {
  document = {};
  document.gateway = empty_table(section("gateway"), {});
  document.sip = empty_table(section("gateway.sip"), {});
  document.rtp = empty_table(section("gateway.rtp"), {});
  if (!fit_to_parse(text, problems)) return false;
  const auto parsed = toml::parse(text);
  if (!parsed) {
    problems.add(position(parsed.error().source()),
                 "not TOML: " + std::string(parsed.error().description()) +
                     " (nothing after this is checked until it is mended)");
    return false;
  }
  Reader(document, problems).read(parsed.table());
  return true;
}

}  // namespace tandem::config
