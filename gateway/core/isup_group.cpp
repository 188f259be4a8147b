#include "gateway/core/isup_group.h"

#include <utility>

#include "gateway/core/isup_trunk.h"

namespace tandem::core {

namespace {

isup::GroupConfig first_of(const Config& config, std::span<const std::size_t> trunks) {
  auto group = config.isup_trunks[trunks[0]].group;
  // Where calls may leave by another ISUP trunk, what is not known here may be known beyond (Q.764 2.9.5.3).
  group.transit = config.isup_trunks.size() > 1;
  return group;
}

std::vector<isup::GroupConfig> others_of(const Config& config, std::span<const std::size_t> trunks) {
  std::vector<isup::GroupConfig> parts;
  for (const auto trunk : trunks.subspan(1)) parts.push_back(config.isup_trunks[trunk].group);
  return parts;
}

}  // namespace

IsupGroup::IsupGroup(Context& context, mtp::Network& network, std::span<const std::size_t> trunks,
                     std::size_t index, std::vector<std::size_t>& touched)
    : context_(context),
      network_(network),
      first_(trunks[0]),
      index_(index),
      machine_(first_of(context.config, trunks), others_of(context.config, trunks)),
      tests_(context),
      touched_list_(touched) {
  machine_.pause({});  // until MTP says otherwise
  touch();
}

const IsupTrunkConfig& IsupGroup::config() const {
  return context_.config.isup_trunks[first_];
}

IsupTrunk* IsupGroup::trunk_of(std::uint16_t cic) const {
  for (auto* trunk : trunks_)
    if (trunk->owns(cic)) return trunk;
  return nullptr;
}

void IsupGroup::receive(OctetView from_cic, Time now) {
  commanded().receive(from_cic, now);
  pump(now);
  touch();  // its deadline is another
}

void IsupGroup::resume(Time now) {
  commanded().resume(now);
  for (auto* trunk : trunks_) trunk->resume(now);
  if (!std::exchange(started_, true)) machine_.start(now);
}

bool IsupGroup::pump(Time now) {
  touched_ = false;
  bool any = false;
  while (auto output = machine_.poll_output()) {
    any = true;
    std::visit([&](auto& what) { on(what, now); }, *output);
  }
  return any;
}

template <class What>
void IsupGroup::on(What& what, Time now) {
  if (auto* trunk = trunk_of(what.cic)) trunk->on(what, now);
}

void IsupGroup::on(isup::Transmit& output, Time now) {
  const auto& group = config().group;
  mtp::UserMessage message{.priority = output.priority,
                           .label = {.dpc = group.destination, .opc = group.own, .sls = output.sls},
                           .data = output.octets};
  // Without a route it is lost, as in the network: the machines say again what needs an answer.
  (void)network_.send(std::move(message), now);
}

void IsupGroup::on(isup::GroupChanged& output, Time now) {
  for (auto* trunk : trunks_) trunk->on(output, now);
}

void IsupGroup::on(isup::QueryEnded& output, Time /*now*/) {
  tests_.ended(output);
}
void IsupGroup::on(isup::CheckEnded& output, Time /*now*/) {
  tests_.ended(output);
}
void IsupGroup::on(isup::ValidationEnded& output, Time /*now*/) {
  tests_.ended(output);
}

}  // namespace tandem::core
