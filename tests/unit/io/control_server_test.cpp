#include "gateway/io/control_server.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace tandem::io {
namespace {

TEST(ControlServer, LeavesAFileThatIsNoSocketWhereItIs) {
  const auto path = std::filesystem::temp_directory_path() / "tandem-control-server-test.txt";
  std::ofstream(path) << "somebody's accounts";
  boost::asio::io_context io;
  {
    ControlServer server(io, [](const boost::json::object&, ControlServer::Reply) {});
    const auto listening = server.listen(path.string());
    ASSERT_FALSE(listening);
    EXPECT_EQ(listening.error(), "control socket " + path.string() +
                                     ": something that is no socket is there; choose another path");
  }
  EXPECT_EQ(std::filesystem::file_size(path), 19U);
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace tandem::io
