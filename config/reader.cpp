#include <algorithm>
#include <iterator>
#include <optional>

#include "config/document.h"
#include "config/value_reader.h"

namespace tandem::config {
namespace {

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
      child(*table, "metrics", document_.metrics);
    }
    read_many(root, "span", document_.spans);
    read_many(root, "trunk", document_.trunks);
    const auto isup = std::ranges::stable_partition(
        document_.trunks, [](const Table& trunk) { return trunk["signalling"].text() != "isup"; });
    std::ranges::move(isup, std::back_inserter(document_.isup_trunks));
    document_.trunks.erase(isup.begin(), isup.end());
    read_many(root, "linkset", document_.linksets);
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
          message +=
              ": at the top level there are [gateway], [[span]], [[linkset]], [[trunk]], [[peer]] and "
              "[[route]]";
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
      if (!s.required) return;
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
    read_list(s, *node->as_array(), into);
  }

  void read_list(const Section& s, const toml::array& array, std::vector<Table>& into) {
    for (const auto& element : array) {
      const auto at = position(element.source());
      const auto* table = element.as_table();
      if (table == nullptr) {
        problems_.add(at, std::string(s.path) + " is a list of " + std::string(kind(element)) + ": write " +
                              header(s.path) + " on a line of its own, its keys below");
        return;
      }
      if (into.size() == s.limit) {
        problems_.add(at,
                      "more than " + std::to_string(s.limit) + ' ' + header(s.path) + ": that is the limit");
        return;
      }
      read_table(s, *table, at, into.emplace_back());
    }
  }

  void read_table(const Section& s, const toml::table& from, Position at, Table& into) {
    into = empty_table(s, at);
    into.given = true;
    for (auto& entry : into.entries) {
      if (entry.key->decides) refuse_later(from, entry, into);
    }
    const auto decided = decision(from, into);
    for (auto& entry : into.entries) {
      if (!takes(entry.key->only, decided)) {
        entry.bad = false;
        if (const auto* node = from.get(entry.key->name))
          misplaced(entry.key->name, entry.key->only, position(node->source()), into);
        continue;
      }
      if (into.unusable && entry.key->name != "name") {
        entry.bad = true;
        continue;
      }
      if (const auto* node = from.get(entry.key->name)) {
        entry.given = true;
        entry.bad = false;
        entry.at = position(node->source());
        read_value(*node, entry, problems_);
      } else if (entry.key->required) {
        problems_.add(at, header(s.path) + " has no " + std::string(entry.key->name) + ": add " +
                              std::string(entry.key->name) + " = ..., a " + describe(*entry.key));
      }
    }
    if (into.unusable) return;
    unknown_keys(s, from);
    if (s.path == "trunk" || s.path == "peer") {
      nested(from, s, "number", into.numbers);
      nested(from, s, "announcement", into.announcements);
    }
    if (s.path == "linkset" || (s.path == "trunk" && fits(from, into, "trunk.links")))
      nested(from, s, "links", into.links);
    if (s.path == "trunk" && fits(from, into, "trunk.circuits")) nested(from, s, "circuits", into.circuits);
  }

  /// What the deciding key of a table says; empty: there is none, or none that is known.
  static std::string_view decision(const toml::table& from, const Table& table) {
    for (const auto& entry : table.entries) {
      if (!entry.key->decides) continue;
      const auto* node = from.get(entry.key->name);
      const auto value = node == nullptr ? std::nullopt : node->value<std::string_view>();
      const auto& choices = entry.key->choices;
      if (value && std::ranges::find(choices, *value) != choices.end()) return *value;
    }
    return {};
  }
  static bool takes(std::string_view only, std::string_view decided) {
    return only.empty() || decided.empty() || only == decided;
  }
  void misplaced(std::string_view name, std::string_view only, Position at, const Table& table) {
    const auto decides =
        std::ranges::find_if(table.entries, [](const Entry& entry) { return entry.key->decides; });
    problems_.add(at, std::string(name) + " is only for " + std::string(decides->key->name) + " = \"" +
                          std::string(only) + "\": take it out");
  }
  /// Whether a table inside this one may be there; says so if it is and may not.
  bool fits(const toml::table& from, const Table& table, std::string_view path) {
    const auto only = section(path).only;
    if (takes(only, decision(from, table))) return true;
    const auto name = path.substr(path.find('.') + 1);
    if (const auto* node = from.get(name)) misplaced(name, only, position(node->source()), table);
    return false;
  }

  /// [[trunk.number]]: the tables of one trunk.
  void nested(const toml::table& from, const Section& parent, std::string_view name,
              std::vector<Table>& into) {
    const auto path = std::string(parent.path) + '.' + std::string(name);
    const auto* node = from.get(name);
    if (node == nullptr) return;
    if (!node->is_array()) {
      return problems_.add(position(node->source()), std::string(name) + " is " + std::string(kind(*node)) +
                                                         ": write " + header(path) +
                                                         " on a line of its own, its keys below");
    }
    read_list(section(path), *node->as_array(), into);
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

  Document& document_;
  Problems& problems_;
};

}  // namespace

bool read_document(std::string_view text, Document& document, Problems& problems) {
  document = {};
  document.gateway = empty_table(section("gateway"), {});
  document.sip = empty_table(section("gateway.sip"), {});
  document.rtp = empty_table(section("gateway.rtp"), {});
  document.metrics = empty_table(section("gateway.metrics"), {});
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
