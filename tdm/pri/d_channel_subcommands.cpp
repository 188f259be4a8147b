// DChannel: what libpri says of supplementary services, hold and digits.
#include <algorithm>

#include "tdm/pri/d_channel_impl.h"
#include "tdm/pri/party.h"

namespace tandem::tdm::pri {
namespace {

const pri_subcommands* subcommands_of(const pri_event& event) {
  switch (event.e) {
    case PRI_EVENT_SETUP_ACK:
      return event.setup_ack.subcmds;
    case PRI_EVENT_PROCEEDING:
    case PRI_EVENT_PROGRESS:
      return event.proceeding.subcmds;
    case PRI_EVENT_RINGING:
      return event.ringing.subcmds;
    case PRI_EVENT_ANSWER:
      return event.answer.subcmds;
    case PRI_EVENT_FACILITY:
      return event.facility.subcmds;
    case PRI_EVENT_NOTIFY:
      return event.notify.subcmds;
    case PRI_EVENT_INFO_RECEIVED:
      return event.ring.subcmds;
    case PRI_EVENT_KEYPAD_DIGIT:
      return event.digit.subcmds;
    case PRI_EVENT_HANGUP_REQ:
    case PRI_EVENT_HANGUP:
    case PRI_EVENT_HANGUP_ACK:
      return event.hangup.subcmds;
    default:
      return nullptr;
  }
}

/// Thousandths of the currency.
std::uint64_t amount_of(const pri_aoc_amount& amount) {
  std::uint64_t factor = 1;
  for (int i = PRI_AOC_MULTIPLIER_THOUSANDTH; i < amount.multiplier && i < PRI_AOC_MULTIPLIER_THOUSAND; ++i) {
    factor *= 10;
  }
  return static_cast<std::uint64_t>(std::clamp(amount.cost, 0L, 0xFFFFFFFFL)) * factor;
}

std::uint32_t units_of(const pri_aoc_recorded_units& units) {
  std::uint64_t sum = 0;
  const int count = std::clamp(units.num_items, 0, static_cast<int>(std::size(units.item)));
  for (int i = 0; i < count; ++i) {
    sum += static_cast<std::uint64_t>(std::clamp(units.item[i].number, 0L, 0xFFFFFFFFL));
  }
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(sum, 0xFFFFFFFFU));
}

/// ETS 300 182: of AOC-D and AOC-E alike.
template <class Charge>
std::optional<AdviceOfCharge> charge_of(const Charge& charge, bool final) {
  AdviceOfCharge advice{.final = final, .free = false, .units = 0, .currency = {}, .amount = 0};
  switch (charge.charge) {
    case PRI_AOC_DE_CHARGE_FREE:
      advice.free = true;
      return advice;
    case PRI_AOC_DE_CHARGE_CURRENCY:
      for (const char c : std::string_view(charge.recorded.money.currency)) {
        if (c > 0x20 && c < 0x7F) advice.currency.push_back(c);
      }
      if (advice.currency.empty()) advice.currency = "?";
      advice.amount = amount_of(charge.recorded.money.amount);
      return advice;
    case PRI_AOC_DE_CHARGE_UNITS:
      advice.units = units_of(charge.recorded.unit);
      return advice;
    default:
      return std::nullopt;
  }
}

/// AOC-S lists rates; that a call costs nothing is all that a record of its cost can take from it.
std::optional<AdviceOfCharge> free_by(const pri_subcmd_aoc_s& rates) {
  for (int i = 0; i < std::clamp(rates.num_items, 0, static_cast<int>(std::size(rates.item))); ++i) {
    const auto& item = rates.item[i];
    if (item.chargeable != PRI_AOC_CHARGED_ITEM_BASIC_COMMUNICATION) continue;
    const bool free =
        item.rate_type == PRI_AOC_RATE_TYPE_FREE || item.rate_type == PRI_AOC_RATE_TYPE_FREE_FROM_BEGINNING;
    if (free) return AdviceOfCharge{.final = false, .free = true, .units = 0, .currency = {}, .amount = 0};
  }
  return std::nullopt;
}

}  // namespace

void DChannel::Impl::on_subcommands(const pri_event& event, Call& call) {
  const auto* commands = subcommands_of(event);
  if (commands == nullptr) return;
  const int count = std::clamp(commands->counter_subcmd, 0, PRI_MAX_SUBCOMMANDS);
  const auto charge = [&](const std::optional<AdviceOfCharge>& advice) {
    if (advice) put(ChargeInd{call.id, *advice});
  };
  for (int i = 0; i < count; ++i) {
    const auto& command = commands->subcmd[i];
    switch (command.cmd) {
      case PRI_SUBCMD_REDIRECTING:
        put(RedirectingInd{call.id, redirection_of(command.u.redirecting),
                           party_of(command.u.redirecting.to)});
        break;
      case PRI_SUBCMD_CONNECTED_LINE:
        on_party(call, party_of(command.u.connected_line.id), event.e);
        break;
      case PRI_SUBCMD_AOC_S:
        charge(free_by(command.u.aoc_s));
        break;
      case PRI_SUBCMD_AOC_D:
        charge(charge_of(command.u.aoc_d, false));
        break;
      case PRI_SUBCMD_AOC_E:
        charge(charge_of(command.u.aoc_e, true));
        break;
      case PRI_SUBCMD_AOC_CHARGING_REQ:
        pri_aoc_de_request_response_send(pri_of(call), call.handle, PRI_AOC_REQ_RSP_ERROR_NOT_AVAILABLE,
                                         command.u.aoc_request.invoke_id);
        break;
      case PRI_SUBCMD_TRANSFER_CALL:
        on_transfer(command.u.transfer, call.handle);
        break;
      default:
        break;  // call completion, malicious call identification, rerouting: not offered, so never asked for
    }
  }
}

void DChannel::Impl::on_party(Call& call, const Party& party, int event) {
  const bool changed = party != call.remote;
  call.remote = party;
  // ALERTING and CONNECT tell of it themselves.
  if (event == PRI_EVENT_RINGING || event == PRI_EVENT_ANSWER) return;
  if (changed && !call.clearing) put(ConnectedLineInd{call.id, party});
}

void DChannel::Impl::on_transfer(const pri_subcmd_transfer& transfer, q931_call* asked) {
  const Call* first = find(transfer.call_1);
  const Call* second = find(transfer.call_2);
  const bool possible =
      first != nullptr && second != nullptr && first != second && !first->clearing && !second->clearing;
  Call* asking = find(asked);
  if (asking == nullptr) return;
  if (possible) return put(TransferInd{first->id, second->id, asking->id, transfer.invoke_id});
  pri_transfer_rsp(pri_of(*asking), asked, transfer.invoke_id, 0);
}

void DChannel::Impl::on_information(Call& call) {
  if (!received) return;
  if (!received->keypad.empty()) {
    put(InformationInd{.call = call.id, .digits = received->keypad, .keypad = true});
    return;
  }
  // Q.931 5.2.4: digits come until the call is proceeding.
  if (call.outgoing || call.stage != Stage::overlap) return;
  if (received->digits.empty() && !received->sending_complete) return;
  put(InformationInd{call.id, received->digits, received->sending_complete, false});
}

void DChannel::Impl::on_notify(const pri_event_notify& /*event*/, Call& call) {
  if (!received || !received->notification) return;
  const auto notification = static_cast<Notification>(*received->notification);
  switch (notification) {
    case Notification::user_suspended:
    case Notification::user_resumed:
    case Notification::bearer_change:
    case Notification::call_diverting:
    case Notification::remote_hold:
    case Notification::remote_retrieval:
      put(NotifyInd{call.id, notification});
      break;
  }
}

void DChannel::Impl::on_hold_event(const pri_event& event) {
  const auto with = [this](q931_call* handle, auto&& action) {
    if (Call* call = find(handle)) action(*call);
  };
  switch (event.e) {
    case PRI_EVENT_HOLD:
      return with(event.hold.call, [this](Call& call) {
        pri_hold_ack(pri_of(call), call.handle);
        on_hold(call);
      });
    case PRI_EVENT_HOLD_ACK:
      return with(event.hold_ack.call, [this](Call& call) { on_hold(call); });
    case PRI_EVENT_HOLD_REJ:
      return note("HOLD refused with cause " + std::to_string(event.hold_rej.cause));
    case PRI_EVENT_RETRIEVE:
      return with(event.retrieve.call, [this](Call& call) { on_retrieve(call); });
    case PRI_EVENT_RETRIEVE_ACK:
      return with(event.retrieve_ack.call, [this](Call& call) {
        call.held = false;
        if (!received_channel(call)) call.channel = call.before_hold;
        put(RetrieveInd{call.id, call.channel});
      });
    case PRI_EVENT_RETRIEVE_REJ:
      return note("RETRIEVE refused with cause " + std::to_string(event.retrieve_rej.cause));
    default:
      return;
  }
}

void DChannel::Impl::on_hold(Call& call) {
  call.held = true;
  call.before_hold = std::exchange(call.channel, Channel{});
  put(HoldInd{call.id});
}

void DChannel::Impl::on_retrieve(Call& call) {
  // Q.932 6.2.4: the channel that is asked for, else the one that the call had.
  Channel wanted = call.before_hold;
  if (const auto asked = received_channel(call); asked && asked->timeslot != 0) wanted = *asked;
  call.channel = Channel{};
  if (wanted.timeslot == 0 || in_use(wanted)) {
    pri_retrieve_rej(pri_of(call), call.handle, PRI_CAUSE_REQUESTED_CHAN_UNAVAIL);
    return;
  }
  call.held = false;
  wanted.exclusive = true;
  call.channel = wanted;
  pri_retrieve_ack(pri_of(call), call.handle, encoded(wanted));
  put(RetrieveInd{call.id, wanted});
}

}  // namespace tandem::tdm::pri
