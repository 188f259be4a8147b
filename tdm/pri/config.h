#pragma once
#include <cstdint>

namespace tandem::tdm::pri {

enum class Switch : std::uint8_t { euroisdn, national };
enum class Side : std::uint8_t { user, network };

struct DChannelConfig {
  Switch type = Switch::euroisdn;
  Side side = Side::user;
  bool t1 = false;  ///< 24 timeslots and mu-law rather than 31 and A-law
};

}  // namespace tandem::tdm::pri
