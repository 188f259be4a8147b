#include "tests/exchange/console.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace exchange {
namespace {

constexpr std::size_t kMostClients = 16;
constexpr std::size_t kLongestLine = 4096;

bool readable(int fd) {
  pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
  return ::poll(&wanted, 1, 0) > 0;
}

std::expected<sockaddr_un, std::string> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::unexpected("control path too long: " + path);
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  return address;
}

}  // namespace

std::expected<std::unique_ptr<Console>, std::string> Console::open(const std::string& path) {
  std::unique_ptr<Console> console(new Console);
  console->clients_.push_back({STDIN_FILENO, STDOUT_FILENO, {}});
  if (path.empty()) return console;
  const auto address = address_of(path);
  if (!address) return std::unexpected(address.error());
  const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  ::unlink(path.c_str());
  const auto* name = reinterpret_cast<const sockaddr*>(&*address);
  if (listener < 0 || ::bind(listener, name, sizeof *address) != 0 || ::listen(listener, 8) != 0) {
    const std::string problem = std::strerror(errno);
    if (listener >= 0) ::close(listener);
    return std::unexpected("cannot listen on " + path + ": " + problem);
  }
  console->listener_ = listener;
  console->path_ = path;
  return console;
}

Console::~Console() {
  for (const auto& client : clients_) {
    if (client.in != STDIN_FILENO) ::close(client.in);
  }
  if (listener_ >= 0) {
    ::close(listener_);
    ::unlink(path_.c_str());
  }
}

void Console::accept_clients() {
  while (listener_ >= 0 && clients_.size() < kMostClients) {
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (client < 0) return;
    clients_.push_back({client, client, {}});
  }
}

bool Console::read_lines(Client& client, const std::function<std::string(const std::string& line)>& run) {
  char buffer[1024];
  const auto length = ::read(client.in, buffer, sizeof buffer);
  if (length == 0) return false;
  if (length < 0) return errno == EAGAIN || errno == EINTR;
  client.pending.append(buffer, static_cast<std::size_t>(length));
  for (auto end = client.pending.find('\n'); end != std::string::npos; end = client.pending.find('\n')) {
    const std::string reply = run(client.pending.substr(0, end)) + '\n';
    client.pending.erase(0, end + 1);
    if (::write(client.out, reply.data(), reply.size()) < 0 && client.in != STDIN_FILENO) return false;
  }
  return client.pending.size() <= kLongestLine;
}

void Console::poll(const std::function<std::string(const std::string& line)>& run) {
  accept_clients();
  std::erase_if(clients_, [&](Client& client) {
    const bool gone = readable(client.in) && !read_lines(client, run);
    if (gone && client.in != STDIN_FILENO) ::close(client.in);
    return gone;
  });
}

std::expected<std::string, std::string> ask_console(const std::string& path, const std::string& line) {
  const auto address = address_of(path);
  if (!address) return std::unexpected(address.error());
  const int line_to = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto* name = reinterpret_cast<const sockaddr*>(&*address);
  if (line_to < 0 || ::connect(line_to, name, sizeof *address) != 0) {
    const std::string problem = std::strerror(errno);
    if (line_to >= 0) ::close(line_to);
    return std::unexpected("no exchange at " + path + ": " + problem);
  }
  const std::string request = line + '\n';
  std::string reply;
  char buffer[1024];
  ssize_t length = ::write(line_to, request.data(), request.size());
  while (length > 0 && !reply.ends_with('\n')) {
    length = ::read(line_to, buffer, sizeof buffer);
    if (length > 0) reply.append(buffer, static_cast<std::size_t>(length));
  }
  ::close(line_to);
  if (!reply.ends_with('\n')) return std::unexpected("the exchange at " + path + " did not answer");
  reply.pop_back();
  return reply;
}

}  // namespace exchange
