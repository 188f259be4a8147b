#pragma once
#include <boost/json/object.hpp>
#include <expected>
#include <string>

namespace tandem::io {

/// How an operator's command is to be shown.
struct Show {
  std::string control;  ///< path of the control socket
  bool json = false;
};

/// Sends `request` ({"command": ...}) to the running gateway and gives what to print: a table for people, or
/// JSON. Error: a sentence.
std::expected<std::string, std::string> ask(const boost::json::object& request, const Show& show);

/// Asks for a capture and writes it to `file`; gives what to print.
std::expected<std::string, std::string> save_capture(boost::json::object request, const std::string& file,
                                                     const Show& show);

/// What a reload said: when `good`, what changed; else what is wrong with the file, as FILE:LINE:COL: lines.
struct ReloadOutcome {
  bool good = false;
  std::string text;
};
std::expected<ReloadOutcome, std::string> ask_reload(const Show& show);

/// The control socket of a gateway on this machine: TANDEM_CONTROL, else the demonstration's in the working
/// directory if it is there, else the system's.
std::string default_control_path();

}  // namespace tandem::io
