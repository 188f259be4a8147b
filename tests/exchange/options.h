#pragma once
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tdm/config.h"

namespace exchange {

/// One linkset, and circuits to the exchange at its far end.
struct Ss7Options {
  bool ansi = false;
  unsigned opc = 0, dpc = 0;
  bool national = true;
  std::vector<int> links;   ///< timeslots, numbered as in signalling.h
  std::map<int, int> cics;  ///< timeslot of each
  bool debug = false;
};

struct Options {
  std::vector<tandem::tdm::SpanConfig> spans;  ///< all of one type
  std::vector<int> interfaces;                 ///< identifier of each (Q.931 4.5.13)
  std::string switch_type = "euroisdn";
  int d_channels = 1;    ///< on the first spans; 2: the second one is the backup
  bool overlap = false;  ///< numbers may come digit by digit
  bool service = false;  ///< SERVICE messages
  bool network = true;
  std::optional<Ss7Options> ss7;  ///< instead of ISDN
  std::string control;            ///< path of a Unix socket; empty: standard input alone
  std::string announcement;       ///< WAV for 1004 and 1005; empty: special information tone
  std::string other;              ///< the test number as which all other numbers behave; empty: unallocated
};

extern const char* const kUsage;

/// Error: a sentence.
std::expected<Options, std::string> parse_options(int argc, char** argv);

}  // namespace exchange
