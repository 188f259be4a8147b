#pragma once
// Every key of the configuration, declared once: reading, checking and the reference come from here.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace tandem::config {

enum class Type : std::uint8_t {
  string,
  integer,
  number,
  boolean,
  strings,
  integers,
  table  ///< { NAME = whole number, ... }
};

/// A value that has its place in the schema but is not built yet.
struct Later {
  std::string_view value = {};
  std::string_view why = {};  ///< what to do instead
};

struct Key {
  std::string_view name = {};
  Type type = Type::string;
  std::string_view unit = {};  ///< of numbers, or the form of a string: "UDP:ADDRESS:PORT"
  double min = 0;              ///< of numbers; elements of a list of strings
  double max = 0;
  std::span<const std::string_view> choices = {};  ///< the only values; empty: free
  std::span<const Later> later = {};
  bool decides = false;            ///< what it says decides which other keys the table takes
  std::string_view only = {};      ///< the table takes it when its deciding key says this; empty: always
  bool required = false;           ///< has no default
  bool bare = false;               ///< a list of one string may be without brackets
  std::string_view fallback = {};  ///< the default, as written in TOML; empty: see `derived`
  std::string_view derived = {};   ///< what holds when the key is absent and no one value can be named
  std::string_view help = {};
};

struct Section {
  std::string_view path = {};  ///< "gateway.sip"
  bool many = false;           ///< [[path]] rather than [path]
  std::size_t limit = 1;       ///< tables at most
  bool required = false;
  std::string_view help = {};
  std::span<const Key> keys = {};
  std::string_view only = {};  ///< as Key::only, of the parent
};

/// Parents before their children.
std::span<const Section> sections();
const Section& section(std::string_view path);
const Key* find_key(const Section& section, std::string_view name);

/// The name among `names` that `name` is most likely meant to be; empty when none is near.
std::string_view nearest(std::string_view name, std::span<const std::string_view> names);

/// "whole number of ms, 50 to 5000"
std::string describe(const Key& key);
/// `tandem config-reference`: every key with type, unit, range and default, as Markdown.
std::string reference();

}  // namespace tandem::config
