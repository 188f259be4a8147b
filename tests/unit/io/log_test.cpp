#include "gateway/io/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace tandem::io {
namespace {

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

TEST(Log, AFloodAboutNoCallIsCutAndOneAboutACallIsNot) {
  ::testing::internal::CaptureStderr();
  open_log("info");
  for (int i = 0; i < 1000; ++i) log(core::Severity::warning, "rubbish from 192.0.2.1");
  for (int i = 0; i < 200; ++i) log({core::Severity::info, CallId{7}, "alerting"});
  const auto text = ::testing::internal::GetCapturedStderr();
  EXPECT_GE(lines(text), 250u);
  EXPECT_LT(lines(text), 800u);
  EXPECT_THAT(text, ::testing::HasSubstr("call=7 alerting"));
}

}  // namespace
}  // namespace tandem::io
