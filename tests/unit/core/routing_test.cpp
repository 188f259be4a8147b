#include "gateway/core/routing.h"

#include <gtest/gtest.h>

namespace tandem::core {
namespace {

Config make_config() {
  Config config;
  config.trunks.resize(2);
  config.trunks[0].name = "telco";
  config.trunks[1].name = "pbx";
  config.peers.resize(1);
  config.peers[0].name = "carrier";
  return config;
}

TEST(Routing, TheFirstRouteThatFitsIsTaken) {
  auto config = make_config();
  config.routes = {{"carrier", "^1", "", {"pbx"}}, {"carrier", "", "", {"telco"}}};
  const Router router(config);
  EXPECT_EQ(router.find("carrier", "1000")->targets, (std::vector<Target>{{Target::Kind::pri, 1}}));
  EXPECT_EQ(router.find("carrier", "2000")->targets, (std::vector<Target>{{Target::Kind::pri, 0}}));
}

TEST(Routing, ARouteOfAnotherOriginDoesNotFit) {
  auto config = make_config();
  config.routes = {{"telco", "", "", {"carrier"}}};
  const Router router(config);
  EXPECT_FALSE(router.find("carrier", "1000"));
  EXPECT_TRUE(router.find("telco", "1000"));
}

TEST(Routing, ARouteWithoutOriginFitsAll) {
  auto config = make_config();
  config.routes = {{"", "^(\\d+)$", "", {"carrier"}}};
  const Router router(config);
  EXPECT_TRUE(router.find("telco", "1000"));
  EXPECT_FALSE(router.find("telco", "+1000"));
}

TEST(Routing, RewritingReplacesWhatMatchedAndKeepsTheRest) {
  auto config = make_config();
  config.routes = {
      {"", "^00(\\d+)$", "+$1", {"carrier"}}, {"", "^9", "44", {"carrier"}}, {"", "", "", {"pbx"}}};
  const Router router(config);
  EXPECT_EQ(router.find("telco", "0049301234")->called, "+49301234");
  EXPECT_EQ(router.find("telco", "9123")->called, "44123");
  EXPECT_EQ(router.find("telco", "123")->called, "123");
}

TEST(Routing, AlternatesKeepTheirOrder) {
  auto config = make_config();
  config.routes = {{"", "", "", {"pbx", "carrier", "telco"}}};
  const Router router(config);
  EXPECT_EQ(router.find("x", "1")->targets,
            (std::vector<Target>{{Target::Kind::pri, 1}, {Target::Kind::peer, 0}, {Target::Kind::pri, 0}}));
}

TEST(Routing, AnOverlongNumberHasNoRoute) {
  auto config = make_config();
  config.routes = {{"", "^(\\d+)*$", "", {"pbx"}}};
  const Router router(config);
  EXPECT_FALSE(router.find("telco", std::string(65, '1')));
}

TEST(Routing, BadExpressionsAndUnknownNamesLeadNowhere) {
  auto config = make_config();
  config.routes = {{"", "(", "", {"pbx"}}, {"", "", "", {"nobody"}}};
  const Router router(config);
  EXPECT_FALSE(router.find("telco", "1"));
}

}  // namespace
}  // namespace tandem::core
