#pragma once
// A file as the schema sees it: typed values with their places, nothing interpreted yet.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/problem.h"
#include "config/schema.h"

namespace tandem::config {

/// One NAME = VALUE of a table of numbers.
struct Setting {
  std::string name;
  std::int64_t value = 0;
  Position at;  ///< of the value
};

/// The value of one key: from the file, else the schema's default, else empty.
struct Entry {
  const Key* key = nullptr;
  std::variant<std::monostate, std::string, std::int64_t, double, bool, std::vector<std::string>,
               std::vector<std::int64_t>, std::vector<Setting>>
      value;
  Position at;                     ///< of the value; of the table when the key is absent
  std::vector<Position> elements;  ///< of a list
  bool given = false;              ///< stands in the file
  bool bad = false;                ///< a problem was reported: nothing more is to be said about it

  // By the key's type, which the schema fixes; of a bad entry without default: empty or zero.
  [[nodiscard]] std::string text() const;
  [[nodiscard]] std::int64_t integer() const;
  [[nodiscard]] double number() const;
  [[nodiscard]] bool boolean() const;
  [[nodiscard]] std::vector<std::string> list() const;
  [[nodiscard]] std::vector<std::int64_t> integers() const;
  [[nodiscard]] std::vector<Setting> settings() const;
};

struct Table {
  const Section* section = nullptr;
  Position at;
  std::vector<Entry> entries;  ///< one for each key of the section
  bool unusable = false;       ///< says what this build cannot do; only its name was read
  bool given = false;          ///< stands in the file
  std::vector<Table> numbers = {}, announcements = {};  ///< of a trunk or peer
  std::vector<Table> links = {}, circuits = {};         ///< of an ISUP trunk; links of a linkset

  /// The name must be a key of the section.
  [[nodiscard]] Entry& operator[](std::string_view name);
  [[nodiscard]] const Entry& operator[](std::string_view name) const;
};

/// Where a WAV file is named first.
struct RecordingUse {
  std::string key;
  Position at;
};

struct Document {
  Table gateway, sip, rtp, metrics;
  std::vector<Table> spans, trunks, peers, routes;
  std::vector<Table> isup_trunks, linksets;  ///< `trunks` are the others
  std::vector<RecordingUse> recordings;      ///< as media.recordings of the configuration; the builder's
};

inline constexpr std::size_t kMaxFile = 1U << 20U;  ///< octets

/// Size, encoding and nesting are such that the TOML parser can be given the text.
bool fit_to_parse(std::string_view text, Problems& problems);

/// Reads TOML by the schema. What is wrong with syntax, keys, types, ranges and choices goes to `problems`;
/// after a syntax error the document holds defaults only. False: not TOML, so there is nothing to check.
bool read_document(std::string_view text, Document& document, Problems& problems);

}  // namespace tandem::config
