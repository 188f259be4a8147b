#include "gateway/io/trace_store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

namespace tandem::io {

void TraceStore::add(core::TraceRecord record) {
  used_ += cost(record);
  records_.push_back(std::move(record));
  while (used_ > limit_) {
    used_ -= cost(records_.front());
    records_.pop_front();
  }
}

std::size_t TraceStore::cost(const core::TraceRecord& record) {
  return sizeof record + record.octets.capacity() + record.text.capacity() + record.party.capacity();
}

std::vector<core::TraceRecord> TraceStore::of(CallId call) const {
  std::vector<core::TraceRecord> found;
  std::copy_if(records_.begin(), records_.end(), std::back_inserter(found),
               [&](const core::TraceRecord& record) { return record.call == call; });
  return found;
}

std::vector<CallId> TraceStore::calls() const {
  std::vector<CallId> calls;
  for (const auto& record : records_)
    if (record.call) calls.push_back(record.call);
  std::sort(calls.begin(), calls.end());
  calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
  return calls;
}

std::string_view kind_name(core::TraceKind kind) {
  switch (kind) {
    case core::TraceKind::sip:
      return "SIP";
    case core::TraceKind::q931:
      return "Q.931";
    case core::TraceKind::isup:
      return "ISUP";
    case core::TraceKind::media:
      return "media";
    case core::TraceKind::note:
      return "note";
  }
  return "";
}

namespace {

constexpr std::size_t kColumn = 46;

std::string arrow(const std::string& text, bool to_the_right) {
  const std::string shown = text.size() > kColumn - 4 ? text.substr(0, kColumn - 7) + "..." : text;
  const std::string line(kColumn - 2 - shown.size() - 1, '-');
  return to_the_right ? shown + " " + line + "> " : "<" + line + " " + shown + " ";
}

/// What the exchange heard from a leg, "-> IAM", and what it told the other, "IAM ->".
std::string inside(const core::TraceRecord& record) {
  if (record.kind != core::TraceKind::isup) return record.text;
  return record.sent ? record.text + " ->" : "-> " + record.text;
}

std::string centred(const std::string& text, std::size_t width) {
  if (text.size() >= width) return text;
  return fmt::format("{:^{}}", text, width);
}

}  // namespace

std::string ladder(const std::vector<core::TraceRecord>& records) {
  if (records.empty()) return {};
  // The first party that spoke stands on the left: the call came from it.
  std::vector<std::string> parties;
  for (const auto& record : records)
    if (!record.party.empty() && std::find(parties.begin(), parties.end(), record.party) == parties.end())
      parties.push_back(record.party);

  const auto start = records.front().at;
  const auto seconds = std::chrono::time_point_cast<std::chrono::seconds>(start);
  std::string text = fmt::format("call {}   {:%Y-%m-%d %H:%M:%S} UTC\n", records.front().call.value, seconds);
  text += fmt::format("{:>9}  {:<5} ", "seconds", "") + centred(parties.empty() ? "" : parties.front(), 10) +
          std::string(kColumn - 10, ' ') + centred("gateway", 9);
  for (std::size_t i = 1; i < parties.size(); ++i)
    text += std::string(kColumn - 10, ' ') + centred(parties[i], 10);
  text += "\n";
  for (const auto& record : records) {
    text += fmt::format("{:9.3f}  {:<5} ", std::chrono::duration<double>(record.at - start).count(),
                        kind_name(record.kind));
    const auto party = std::find(parties.begin(), parties.end(), record.party);
    if (record.party.empty() || party == parties.end()) {
      text += "    |" + std::string(kColumn - 1, ' ') + "  * " + inside(record) + "\n";
    } else if (party == parties.begin()) {
      text += "    | " + arrow(record.text, !record.sent) + "|\n";
    } else {
      text += "    |" + std::string(kColumn + 1, ' ') + "| " + arrow(record.text, record.sent) + "| " +
              (parties.size() > 2 ? record.party : "") + "\n";
    }
  }
  return text;
}

}  // namespace tandem::io
