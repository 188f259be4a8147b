// MSUs, link events, commands and time into a network that transfers; messages decode to what encodes again.
#include <cstdlib>

#include "isup/mtp/network.h"

namespace {

using namespace tandem;
using namespace std::chrono_literals;

void require(bool holds) {
  if (!holds) std::abort();
}

mtp::NetworkConfig config(mtp::Variant variant) {
  mtp::NetworkConfig c;
  c.variant = variant;
  c.own = {1};
  c.transfer = true;
  c.held_msus = 8;
  for (mtp::PointCode adjacent : {2U, 3U}) {
    mtp::LinksetConfig set;
    set.own = 1;
    set.adjacent = adjacent;
    set.links = {{0}, {1}};
    c.linksets.push_back(set);
  }
  c.routes = {{4, 0, 0}, {4, 1, 1}, {2, 1, 1}};
  return c;
}

void messages(OctetView octets, mtp::Variant variant) {
  if (const auto m = mtp::decode_management(octets, variant)) {
    const auto again = mtp::decode_management(mtp::encode_management(*m, variant), variant);
    require(again.has_value() && *again == *m);
  }
  if (const auto m = mtp::decode_msu(octets, variant)) {
    const auto out = mtp::encode_msu(*m, variant);
    require(std::ranges::equal(out, octets));
  }
}

/// Level 3 must not ask more of a link than its buffers could hold of one event.
void drain(mtp::Network& n) {
  int outputs = 0;
  while (n.poll_output()) require(++outputs < 4096);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto variant = data[0] % 2 == 0 ? mtp::Variant::itu : mtp::Variant::ansi;
  OctetView input(data + 1, size - 1);
  messages(input, variant);
  mtp::Network n(config(variant));
  Time now{};
  n.activate_all(now);
  while (!input.empty()) {
    const Octet what = input[0];
    const mtp::LinkIndex link = what >> 4 & 3U;
    input = input.subspan(1);
    switch (what % 16) {
      case 0:
        n.in_service(link, now);
        break;
      case 1:
        n.out_of_service(link, now);
        break;
      case 2:
        n.remote_processor_outage(link, (what & 0x40) != 0, now);
        break;
      case 3:
        n.backward_sequence(link, what & 0x7F, now);
        break;
      case 4:
        n.retrieval_complete(link, now);
        break;
      case 5:
        n.congestion(link, what >> 6, now);
        break;
      case 6:
        n.activate(link, now);
        break;
      case 7:
        n.deactivate(link, now);
        break;
      case 8:
        n.inhibit(link, now);
        break;
      case 9:
        n.uninhibit(link, now);
        break;
      case 10:
        now += (what >> 4) * 700ms;
        break;
      case 11:
        (void)n.send({.label = {2U + (what >> 6), 0, what}, .data = {1, 2, 3}}, now);
        break;
      default: {
        // A management or test message from a neighbour to us, its body as it comes.
        const auto body = input.first(std::min<std::size_t>(1 + (what >> 6) * 2U, input.size()));
        input = input.subspan(body.size());
        const bool test = what % 16 == 12;
        const mtp::Msu msu{
            .service = static_cast<std::uint8_t>(test ? (variant == mtp::Variant::itu ? 1 : 2) : 0),
            .network_indicator = 2,
            .label = {1, link < 2 ? 2U : 3U, static_cast<std::uint8_t>(what >> 4 & 1U)},
            .data = body};
        const auto octets = mtp::encode_msu(msu, variant);
        if (what % 16 == 15)
          n.retrieved(link, octets, now);
        else
          n.received(link, octets, now);
        break;
      }
    }
    drain(n);
  }
  for (int i = 0; i < 400; ++i) {
    const auto deadline = n.next_deadline();
    if (!deadline) break;
    n.expire(*deadline);
    drain(n);
  }
  return 0;
}
