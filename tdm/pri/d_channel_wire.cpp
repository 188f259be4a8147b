// DChannel: libpri's callbacks, and what is changed in the messages that it sends.
#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "tdm/pri/d_channel_impl.h"
#include "tdm/pri/q931_elements.h"

namespace tandem::tdm::pri {
namespace {

constexpr std::size_t kLongestNote = 256;
constexpr std::size_t kHeader = 4;  // of an I frame
/// libpri's queue of I frames that wait for layer 2 has no limit. A trunk's worth of calls stays far below
/// this.
constexpr std::size_t kLongestQueue = 512;
constexpr unsigned kLookEvery = 64;
/// Of one call, while layer 2 takes no messages.
constexpr std::size_t kMaxEdits = 64;

}  // namespace

int DChannel::Impl::read_frame(struct pri* pri, void* buffer, int size) {
  auto* link = static_cast<Link*>(pri_get_userdata(pri));
  const auto capacity = static_cast<std::size_t>(size);
  std::memset(buffer, 0, capacity);  // what libpri reads beyond a frame is at least always the same
  if (link == nullptr || link->incoming.empty() || link->incoming.size() + 2 > capacity) return 0;
  std::ranges::copy(link->incoming, static_cast<Octet*>(buffer));
  const auto length = static_cast<int>(link->incoming.size()) + 2;  // libpri takes two octets off for the FCS
  link->incoming.clear();
  return length;
}

int DChannel::Impl::write_frame(struct pri* pri, void* buffer, int size) {
  auto* link = static_cast<Link*>(pri_get_userdata(pri));
  if (link == nullptr || size < 5) return size;
  link->owner->write({static_cast<const Octet*>(buffer), static_cast<std::size_t>(size) - 2}, *link);
  return size;
}

void DChannel::Impl::write(OctetView octets, Link& link) {
  const auto frame = parse_frame(octets);
  if (!frame || frame->kind != FrameKind::i) {
    // Q.921 5.5.1: numbering starts anew.
    if (frame && frame->kind == FrameKind::sabme) on_link_reset(link);
    if (frame && (frame->kind == FrameKind::sabme || frame->kind == FrameKind::ua)) {
      link.sent.reset();
      std::erase_if(global_edits, [](const Edit& edit) { return edit.lasting == Edit::Lasting::in_turn; });
    }
    put(FrameOut{Octets(octets.begin(), octets.end()), link.index});
    return;
  }
  if (const Octets* before = link.sent.repeated(frame->ns, frame->information)) {
    Octets again(octets.begin(), octets.begin() + kHeader);
    again.insert(again.end(), before->begin(), before->end());
    put(FrameOut{std::move(again), link.index});
    return;
  }
  watch_sent(octets);
  auto amended = amend(
      octets, [this](WireReference reference, MessageType type) { return amendments(reference, type); });
  link.sent.sent(frame->ns, frame->information, Octets(amended.begin() + kHeader, amended.end()));
  put(FrameOut{std::move(amended), link.index});
}

Amendments DChannel::Impl::amendments(WireReference reference, MessageType type) {
  Amendments result{.location = own_location, .remove = {}, .insert = {}};
  Call* call = by_reference(reference);
  if (call != nullptr && call->location) result.location = call->location;
  const bool global = (reference & ~kOurs) == 0;
  if (call == nullptr && !global) return result;
  auto& edits = global ? global_edits : call->edits;
  bool turn_taken = false;
  std::erase_if(edits, [&](const Edit& edit) {
    if (std::ranges::find(edit.types, type) == edit.types.end()) return false;
    const bool in_turn = edit.lasting == Edit::Lasting::in_turn;
    if (in_turn && std::exchange(turn_taken, true)) return false;
    result.remove.insert(result.remove.end(), edit.remove.begin(), edit.remove.end());
    result.insert.insert(result.insert.end(), edit.insert.begin(), edit.insert.end());
    return edit.lasting != Edit::Lasting::always;
  });
  return result;
}

void DChannel::Impl::attach(Call& call, MessageType type, const std::vector<Progress>& progress,
                            const std::optional<UserUser>& user_user, bool replace_progress) {
  if ((progress.empty() && !user_user) || call.edits.size() >= kMaxEdits) return;
  Edit edit{.types = {type}, .remove = {}, .insert = {}, .lasting = Edit::Lasting::in_turn};
  if (replace_progress) edit.remove.push_back(ie::kProgressIndicator);
  for (const auto& indicator : progress) edit.insert.push_back(encode_progress(indicator));
  if (user_user) edit.insert.push_back(encode_user_user(*user_user));
  call.edits.push_back(std::move(edit));
}

void DChannel::Impl::watch_sent(OctetView octets) {
  const auto frame = parse_frame(octets);
  if (!frame || frame->kind != FrameKind::i) return;
  const auto message = parse_message(frame->information);
  if (!message || message->type != MessageType::release_complete || message->call_reference == 0) return;
  const auto flag = message->from_destination ? WireReference{0} : kOurs;
  Call* call = by_reference(static_cast<WireReference>(message->call_reference | flag));
  if (call != nullptr && call->abandoned) call->over = any_over = true;
}

void DChannel::Impl::take_note(struct pri* pri, char* text) {
  auto* link = pri == nullptr ? nullptr : static_cast<Link*>(pri_get_userdata(pri));
  if (link != nullptr && !link->owner->quiet) link->owner->note(text);
}

void DChannel::Impl::note(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  if (text.empty()) return;
  text.resize(std::min(text.size(), kLongestNote));
  put(Notice{std::move(text)});
}

std::size_t DChannel::Impl::reported(const Link& link, std::string_view key) {
  const std::unique_ptr<char, void (*)(void*)> dump(pri_dump_info_str(link.pri), &std::free);
  const std::string_view info = dump ? dump.get() : "";
  const auto at = info.find(key);
  return at == std::string_view::npos ? 0 : std::strtoul(info.data() + at + key.size(), nullptr, 10);
}

bool DChannel::Impl::choked(Link& link) {
  if (!link.choking && ++link.since_looked < kLookEvery) return false;
  link.since_looked = 0;
  link.choking = reported(link, "Q921 Outstanding: ") > kLongestQueue;
  return link.choking;
}

}  // namespace tandem::tdm::pri
