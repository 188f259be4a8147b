#pragma once
// A signalling link's timeslot, as the DAHDI driver serves it to libss7: flags, bit stuffing and FCS-16, and
// the last FISU or LSSU again and again while there is nothing new (Q.703 11.1.5 has them sent without a
// gap).
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "tests/exchange/hdlc_link.h"

struct ss7;

namespace exchange {

class Ss7Link {
 public:
  /// Makes a socket pair; libss7 is told of one end. `on_read` runs after each frame that libss7 read.
  Ss7Link(struct ss7* ss7, int slc, unsigned adjacent, std::function<void()> on_read);
  ~Ss7Link();
  Ss7Link(const Ss7Link&) = delete;
  Ss7Link& operator=(const Ss7Link&) = delete;

  void receive(std::span<const std::uint8_t> line);
  void transmit(std::span<std::uint8_t> line);
  void connect_line(bool connected);
  /// SIPO in place of all that libss7 has to send, as of a processor that is out (Q.703 8.2).
  void set_outage(bool outage) { outage_ = outage; }
  /// Whether libss7 holds the link in service.
  void set_in_service(bool in_service) { in_service_ = in_service; }
  [[nodiscard]] bool in_service() const { return in_service_; }
  [[nodiscard]] bool valid() const { return valid_; }

 private:
  void read_frame(std::span<const std::uint8_t> frame);
  void fill();
  /// libss7 has no error rate monitor, and takes the driver's word for a line that is dead.
  void alarm();

  struct ss7* ss7_;
  int own_ = -1, theirs_ = -1;  ///< the ends of the socket pair
  std::function<void()> on_read_;
  HdlcLink hdlc_;
  std::vector<std::uint8_t> last_in_;       ///< when it was a FISU or LSSU
  std::vector<std::uint8_t> last_out_;      ///< FISU or LSSU
  std::array<std::uint8_t, 2> sequence_{};  ///< BSN and FSN, with their bits, of what was sent last
  std::size_t silent_ = 0;                  ///< octets since a good frame
  std::size_t alarm_age_ = 0;
  bool valid_ = false, connected_ = true, in_service_ = false, alarmed_ = false, outage_ = false;
};

}  // namespace exchange
