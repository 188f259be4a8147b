#pragma once
// Lines of commands from standard input and from a Unix socket; replies go where the line came from.
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace exchange {

class Console {
 public:
  /// `path` of the socket, which replaces one that is there already; empty: standard input alone.
  static std::expected<std::unique_ptr<Console>, std::string> open(const std::string& path);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  /// Runs the lines that have come; never waits.
  void poll(const std::function<std::string(const std::string& line)>& run);

 private:
  struct Client {
    int in;
    int out;
    std::string pending;
  };
  Console() = default;
  void accept_clients();
  /// False: the client is gone.
  bool read_lines(Client& client, const std::function<std::string(const std::string& line)>& run);

  std::string path_;
  int listener_ = -1;
  std::vector<Client> clients_;
};

/// Sends one line to the console of a running exchange at `path`; its reply, without the end of line.
std::expected<std::string, std::string> ask_console(const std::string& path, const std::string& line);

}  // namespace exchange
