#pragma once
// What a link says to level 3, and what it counts.
#include <cstdint>
#include <string_view>

#include "gateway/base/bytes.h"
#include "gateway/base/time.h"

namespace tandem::mtp {

/// Why a link went out of service. Q.752 table 1 counts by these.
enum class Failure : std::uint8_t {
  none,
  stopped,    ///< by level 3
  alignment,  ///< T2, T3, SIOS or five provings: Q.703 7.3
  t1,         ///< the far end did not follow
  received_sio,
  received_sin,
  received_sie,
  received_sios,
  abnormal_bsn,  ///< two of three: Q.703 5.3.1
  abnormal_fib,
  acknowledgement,  ///< T7
  congestion,       ///< T6
  error_rate,       ///< SUERM
  line,             ///< the span is down
};
std::string_view to_string(Failure failure);

/// Takes what a link says; called inside the link's functions, so it must not call back into the link.
/// Views live until the call returns.
class LinkSink {
 public:
  virtual ~LinkSink() = default;
  /// SIO and SIF.
  virtual void received(OctetView msu) = 0;
  virtual void in_service() = 0;
  virtual void out_of_service(Failure reason) = 0;
  virtual void remote_processor_outage(bool begins) = 0;
  virtual void local_processor_outage(bool begins) = 0;
  /// FSN of the last MSU accepted (Q.704 5.4).
  virtual void backward_sequence(std::uint8_t bsnt) = 0;
  /// SIO and SIF of an MSU that the far end has not acknowledged, oldest first; then the end.
  virtual void retrieved(OctetView msu) = 0;
  virtual void retrieval_complete() = 0;
  /// 0 to 3; of the transmit buffer (Q.704 3.8).
  virtual void congestion(std::uint8_t level) = 0;
};

/// Named by the item of Q.752.
struct LinkCounters {
  Duration in_service{};                        ///< table 1 item 1.1
  std::uint64_t failures = 0;                   ///< table 1 item 1.2: all reasons
  std::uint64_t abnormal_fib_bsn = 0;           ///< table 1 item 1.3
  std::uint64_t acknowledgement_delay = 0;      ///< table 1 item 1.4
  std::uint64_t error_rate = 0;                 ///< table 1 item 1.5
  std::uint64_t congestion_too_long = 0;        ///< table 1 item 1.6
  std::uint64_t alignment_failures = 0;         ///< table 1 item 1.7
  std::uint64_t signal_units_in_error = 0;      ///< table 1 item 1.8
  std::uint64_t negative_acknowledgements = 0;  ///< table 1 item 1.9: received
  std::uint64_t remote_outages = 0;             ///< table 2 item 2.10
  std::uint64_t octets_sent = 0;                ///< table 3 item 3.1: SIO and SIF
  std::uint64_t octets_resent = 0;              ///< table 3 item 3.2
  std::uint64_t msus_sent = 0;                  ///< table 3 item 3.3
  std::uint64_t octets_received = 0;            ///< table 3 item 3.4
  std::uint64_t msus_received = 0;              ///< table 3 item 3.5
  std::uint64_t congestions = 0;                ///< table 3 item 3.6
  std::uint64_t msus_discarded = 0;             ///< table 3 item 3.10: no room to send
  // Not of Q.752.
  std::uint64_t negative_acknowledgements_sent = 0;
  std::uint64_t malformed = 0;  ///< units whose length indicator or status is none
  std::uint64_t busy_received = 0;
};

}  // namespace tandem::mtp
