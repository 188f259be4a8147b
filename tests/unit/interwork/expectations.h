#pragma once
// What the tables of interworking must bring about, written from the standards and not from the tables.
#include <functional>
#include <string>
#include <vector>

#include "gateway/interwork/tables.h"

namespace tandem::interwork {

struct Expectation {
  std::string name;
  std::function<bool(const Tables&)> holds;
};
using Expectations = std::vector<Expectation>;

void expect_causes(Expectations& out);    ///< RFC 3398 7.2.4.1, 8.2.6.1
void expect_messages(Expectations& out);  ///< RFC 3398 7.2.9, 8.2.3, RFC 5009, RFC 3323, Q.763 3.11, 3.54
void expect_services(Expectations& out);  ///< RFC 5806, RFC 7544, Q.931, Q.699

}  // namespace tandem::interwork
