#include "config/document.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace tandem::config {
namespace {

template <class T>
T get(const Entry& entry) {
  const auto* value = std::get_if<T>(&entry.value);
  return value == nullptr ? T{} : *value;
}

}  // namespace

std::string Entry::text() const {
  return get<std::string>(*this);
}
std::int64_t Entry::integer() const {
  return get<std::int64_t>(*this);
}
double Entry::number() const {
  return get<double>(*this);
}
bool Entry::boolean() const {
  return get<bool>(*this);
}
std::vector<std::string> Entry::list() const {
  return get<std::vector<std::string>>(*this);
}
std::vector<std::int64_t> Entry::integers() const {
  return get<std::vector<std::int64_t>>(*this);
}
std::vector<Setting> Entry::settings() const {
  return get<std::vector<Setting>>(*this);
}

const Entry& Table::operator[](std::string_view name) const {
  const auto it = std::ranges::find(entries, name, [](const Entry& e) { return e.key->name; });
  if (it == entries.end()) std::abort();  // a name in our own code
  return *it;
}
Entry& Table::operator[](std::string_view name) {
  return const_cast<Entry&>(std::as_const(*this)[name]);
}

}  // namespace tandem::config
