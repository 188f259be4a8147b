// DChannel: SETUP, overlap sending and receiving, and the commands of supplementary services.
#include <algorithm>

#include "tdm/pri/clock.h"
#include "tdm/pri/d_channel_impl.h"
#include "tdm/pri/party.h"
#include "tdm/pri/q931_elements.h"
#include "tdm/pri/timers.h"

namespace tandem::tdm::pri {
namespace {

constexpr int kInService = 0;  // T1.607 change status, new status
constexpr int kOutOfService = 2;
/// Pieces of a number that wait for layer 2: a number has no more digits than that.
constexpr std::size_t kMaxPieces = 64;

/// For the signature of libpri's setters, which take char* and do not write.
char* text(const std::string& value) {
  return const_cast<char*>(value.c_str());  // NOLINT(cppcoreguidelines-pro-type-const-cast): see above
}

using SetupRequest = std::unique_ptr<pri_sr, void (*)(pri_sr*)>;

SetupRequest make_request(const Setup& setup, int channel, Switch type) {
  SetupRequest request(pri_sr_new(), &pri_sr_free);
  if (!request) return request;
  pri_sr_set_channel(request.get(), channel, setup.channel.exclusive ? 1 : 0, 0);
  pri_sr_set_bearer(request.get(), static_cast<int>(setup.bearer.transfer),
                    static_cast<int>(setup.bearer.layer1));
  pri_sr_set_called(request.get(), text(setup.called.digits), type_and_plan(setup.called),
                    setup.sending_complete ? 1 : 0);
  if (setup.calling || !setup.calling_name.empty() || setup.calling_subaddress) {
    const auto party =
        calling_to_libpri(Party{setup.calling, setup.calling_name, setup.calling_subaddress}, type);
    pri_sr_set_caller_party(request.get(), &party);
  }
  if (setup.called_subaddress) {
    const auto subaddress = to_libpri(*setup.called_subaddress);
    pri_sr_set_called_subaddress(request.get(), &subaddress);
  }
  if (setup.redirection) {
    const auto redirecting = to_libpri(*setup.redirection, type);
    pri_sr_set_redirecting_parties(request.get(), &redirecting);
  }
  if (!setup.keypad.empty()) pri_sr_set_keypad_digits(request.get(), text(setup.keypad));
  return request;
}

}  // namespace

std::optional<CallRef> DChannel::setup(const Setup& setup, Time now) {
  auto& impl = *impl_;
  const auto spans = impl.config.interfaces.size();
  // With layer 2 down libpri would keep the SETUP back and count T303 all the same.
  if (!impl.up || impl.calls.size() >= kMaxCalls * spans || setup.channel.span >= spans) return std::nullopt;
  const LibpriClock clock(now);
  auto& link = impl.active();
  q931_call* handle = pri_new_call(link.pri);
  if (handle == nullptr) return std::nullopt;
  int low = 0;
  const int high = pri_get_crv(link.pri, handle, &low);
  auto& call = impl.adopt(handle, static_cast<WireReference>(high << 3 | low | kOurs), true, link.index);
  call.channel = setup.channel;
  // T303 may have it sent twice.
  Edit edit{.types = {MessageType::setup}, .remove = {}, .insert = {}, .lasting = Edit::Lasting::always};
  for (const auto& progress : setup.progress) edit.insert.push_back(encode_progress(progress));
  if (setup.user_user) edit.insert.push_back(encode_user_user(*setup.user_user));
  // libpri has no transit network selection.
  if (!setup.transit_network.empty()) edit.insert.push_back(encode_transit_network(setup.transit_network));
  call.edits.push_back(std::move(edit));
  constexpr int kAnyChannel = 0xFF;
  const int channel = setup.channel.timeslot == 0 ? kAnyChannel : impl.encoded(setup.channel);
  const auto request = make_request(setup, channel, impl.config.type);
  if (!request || pri_setup(link.pri, handle, request.get()) != 0) {
    pri_destroycall(link.pri, handle);
    impl.forget(call);
    return std::nullopt;
  }
  return call.id;
}

void DChannel::setup_ack(CallRef ref, const Channel& channel, bool inband, Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->outgoing || call->clearing || call->stage != Stage::present) return;
  if (!impl_->config.overlap_receiving) return;
  const LibpriClock clock(now);
  call->stage = Stage::overlap;
  call->channel = channel;
  pri_setup_ack(impl_->pri_of(*call), call->handle, impl_->encoded(channel), 0, inband ? 1 : 0);
}

void DChannel::information(CallRef ref, const std::string& digits, bool complete, Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || !call->overlap_sending || call->clearing) return;
  const auto dialled = digits_of(digits);
  if ((dialled.empty() && !complete) || call->edits.size() >= kMaxPieces) return;
  const LibpriClock clock(now);
  // libpri sends one digit in a message, and never "sending complete": what it sends is replaced.
  Edit edit{.types = {MessageType::information},
            .remove = {ie::kCalledNumber},
            .insert = {},
            .lasting = Edit::Lasting::in_turn};
  if (!dialled.empty()) edit.insert.push_back(encode_called_digits(dialled));
  if (complete) edit.insert.push_back(encode_sending_complete());
  call->edits.push_back(std::move(edit));
  call->guard = now + timer_duration(impl_->config, "T304");  // Q.931 5.1.3
  pri_information(impl_->pri_of(*call), call->handle, dialled.empty() ? '#' : dialled[0]);
}

void DChannel::notify(CallRef ref, Notification notification, Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->clearing || call->stage == Stage::present) {
    if (call == nullptr || !call->outgoing || call->clearing) return;
  }
  const LibpriClock clock(now);
  pri_notify(impl_->pri_of(*call), call->handle, 0, static_cast<int>(notification));
}

void DChannel::connected_line(CallRef ref, const Party& party, Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->clearing) return;
  const LibpriClock clock(now);
  const pri_party_connected_line line{.id = to_libpri(party, impl_->config.type)};
  pri_connected_line_update(impl_->pri_of(*call), call->handle, &line);
}

bool DChannel::diverted(CallRef ref, const Party& to, RedirectionReason reason, Time now) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->clearing || call->outgoing || !to.number) return false;
  const auto type = impl_->config.type;
  if (type != Switch::euroisdn && type != Switch::qsig) return false;
  // libpri has it for calls that were answered by some message, and are not connected.
  if (call->stage == Stage::present || call->stage == Stage::connected) return false;
  const LibpriClock clock(now);
  auto redirecting = to_libpri(Redirection{.reason = reason}, impl_->config.type);
  redirecting.to = to_libpri(to, impl_->config.type);
  return pri_redirecting_update(impl_->pri_of(*call), call->handle, &redirecting) == 0;
}

void DChannel::user_user(CallRef ref, const UserUser& value, Time /*now*/) {
  Call* call = impl_->find(ref);
  if (call == nullptr || call->clearing) return;
  const std::vector<MessageType> types{MessageType::disconnect, MessageType::release,
                                       MessageType::release_complete};
  std::erase_if(call->edits, [&](const Edit& edit) { return edit.types == types; });
  call->edits.push_back(
      {.types = types, .remove = {}, .insert = {encode_user_user(value)}, .lasting = Edit::Lasting::once});
}

bool DChannel::transfer(CallRef a, CallRef b, Time now) {
  Call* first = impl_->find(a);
  Call* second = impl_->find(b);
  if (!impl_->config.transfer || first == nullptr || second == nullptr || first == second) return false;
  if (first->clearing || second->clearing || !impl_->alive(*first) || !impl_->alive(*second)) return false;
  const LibpriClock clock(now);
  return pri_channel_bridge(first->handle, second->handle) == 0;
}

void DChannel::transfer_result(const TransferInd& asked, bool joined, Time now) {
  Call* call = impl_->find(asked.asking);
  if (call == nullptr || call->clearing) return;
  const LibpriClock clock(now);
  pri_transfer_rsp(impl_->pri_of(*call), call->handle, asked.invoke_id, joined ? 1 : 0);
}

bool DChannel::hold(CallRef ref, Time now) {
  Call* call = impl_->find(ref);
  if (!impl_->config.hold || call == nullptr || call->clearing || call->held) return false;
  const LibpriClock clock(now);
  return pri_hold(impl_->pri_of(*call), call->handle) == 0;
}

bool DChannel::retrieve(CallRef ref, const Channel& channel, Time now) {
  Call* call = impl_->find(ref);
  if (!impl_->config.hold || call == nullptr || call->clearing || !call->held) return false;
  const LibpriClock clock(now);
  return pri_retrieve(impl_->pri_of(*call), call->handle, impl_->encoded(channel)) == 0;
}

bool DChannel::service(const Channel& channel, bool in_service, Time now) {
  auto& impl = *impl_;
  const bool possible = impl.config.service_messages && has_service_messages(impl.config.type) && impl.up &&
                        channel.timeslot != 0 && channel.span < impl.config.interfaces.size();
  if (!possible) return false;
  const LibpriClock clock(now);
  if (impl.several_spans()) {
    // libpri has no interface identifier in SERVICE. Its types are other Q.931 messages' by their number,
    // which never have the global call reference.
    Channel exact = channel;
    exact.exclusive = true;
    impl.global_edits.push_back({.types = {MessageType{kService}, MessageType{kServiceAcknowledge}},
                                 .remove = {ie::kChannelIdentification},
                                 .insert = {encode_channel(exact, impl.interface_of(channel))},
                                 .lasting = Edit::Lasting::in_turn});
  }
  const int status = in_service ? kInService : kOutOfService;
  return pri_maintenance_service(impl.active().pri, 0, channel.timeslot, status) == 0;
}

}  // namespace tandem::tdm::pri
