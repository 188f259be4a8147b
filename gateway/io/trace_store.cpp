#include "gateway/io/trace_store.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace tandem::io {

/// Before the party, the text and the octets of a record.
struct TraceStore::Head {
  CallId call;
  WallTime at{};
  sip::Flow flow;
  std::uint32_t rtp_port = 0;
  std::uint32_t party = 0, text = 0, octets = 0;  ///< lengths
  core::TraceKind kind = core::TraceKind::note;
  bool sent = false;
  [[nodiscard]] std::size_t size() const { return sizeof(Head) + party + text + octets; }
};

TraceStore::Head TraceStore::head_at(std::size_t offset) const {
  static_assert(std::is_trivially_copyable_v<Head>);
  Head head;
  std::memcpy(&head, ring_.data() + offset, sizeof head);
  return head;
}

core::TraceRecord TraceStore::record_at(std::size_t offset) const {
  const auto head = head_at(offset);
  const auto* at = ring_.data() + offset + sizeof head;
  const auto text = [&](std::uint32_t size) {
    at += size;
    return std::string(at - size, at);
  };
  core::TraceRecord record;
  record.call = head.call;
  record.at = head.at;
  record.kind = head.kind;
  record.sent = head.sent;
  record.party = text(head.party);
  record.text = text(head.text);
  record.octets.assign(at, at + head.octets);
  record.flow = head.flow;
  record.rtp_port = head.rtp_port;
  return record;
}

void TraceStore::drop_oldest() {
  oldest_ += head_at(oldest_).size();
  --count_;
  if (oldest_ == end_) oldest_ = end_ = 0;
}

std::size_t TraceStore::room_for(std::size_t size) {
  if (next_ + size > ring_.size()) {
    // The rest of the ring is too short: what is oldest lies behind next_ when the ring has begun again.
    while (end_ != 0) drop_oldest();
    end_ = next_;
    next_ = 0;
  }
  while (count_ > 0 && end_ != 0 && oldest_ < next_ + size) drop_oldest();
  return next_;
}

void TraceStore::add(const core::TraceRecord& record) {
  Head head{record.call,
            record.at,
            record.flow,
            record.rtp_port,
            static_cast<std::uint32_t>(record.party.size()),
            static_cast<std::uint32_t>(record.text.size()),
            static_cast<std::uint32_t>(record.octets.size()),
            record.kind,
            record.sent};
  if (head.size() > ring_.size() / 4) head.octets = 0;
  if (head.size() > ring_.size() / 4) return;
  auto* at = ring_.data() + room_for(head.size());
  const auto put = [&](const void* from, std::size_t size) {
    if (size > 0) std::memcpy(at, from, size);
    at += size;
  };
  put(&head, sizeof head);
  put(record.party.data(), head.party);
  put(record.text.data(), head.text);
  put(record.octets.data(), head.octets);
  next_ += head.size();
  ++count_;
}

template <class Visit>
void TraceStore::each(Visit visit) const {
  auto offset = oldest_;
  for (std::size_t i = 0; i < count_; ++i) {
    const auto head = head_at(offset);
    visit(head, offset);
    offset += head.size();
    if (offset == end_) offset = 0;
  }
}

std::vector<core::TraceRecord> TraceStore::of(CallId call) const {
  std::vector<core::TraceRecord> found;
  each([&](const Head& head, std::size_t offset) {
    if (head.call == call) found.push_back(record_at(offset));
  });
  return found;
}

std::vector<core::TraceRecord> TraceStore::all() const {
  std::vector<core::TraceRecord> found;
  found.reserve(count_);
  each([&](const Head&, std::size_t offset) { found.push_back(record_at(offset)); });
  return found;
}

std::vector<CallId> TraceStore::calls() const {
  std::vector<CallId> calls;
  each([&](const Head& head, std::size_t) {
    if (head.call && (calls.empty() || calls.back() != head.call)) calls.push_back(head.call);
  });
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
    case core::TraceKind::mtp:
      return "MTP";
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
