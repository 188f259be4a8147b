#pragma once
// The language spoken inside: ISUP messages (Q.763) as a type and its parameters.
#include <concepts>
#include <string>
#include <string_view>
#include <vector>

#include "isup/parameters.h"

namespace tandem::isup {

/// Q.763 table 4; those of ANSI T1.113 from 0xe9 on.
enum class MessageType : std::uint8_t {
  iam = 0x01,
  sam = 0x02,
  inr = 0x03,
  inf = 0x04,
  cot = 0x05,
  acm = 0x06,
  con = 0x07,
  fot = 0x08,
  anm = 0x09,
  rel = 0x0c,
  sus = 0x0d,
  res = 0x0e,
  rlc = 0x10,
  ccr = 0x11,
  rsc = 0x12,
  blo = 0x13,
  ubl = 0x14,
  bla = 0x15,
  uba = 0x16,
  grs = 0x17,
  cgb = 0x18,
  cgu = 0x19,
  cgba = 0x1a,
  cgua = 0x1b,
  far = 0x1f,
  faa = 0x20,
  frj = 0x21,
  lpa = 0x24,
  pam = 0x28,
  gra = 0x29,
  cqm = 0x2a,
  cqr = 0x2b,
  cpg = 0x2c,
  usr = 0x2d,
  ucic = 0x2e,
  cfn = 0x2f,
  olm = 0x30,
  crg = 0x31,
  nrm = 0x32,
  fac = 0x33,
  upt = 0x34,
  upa = 0x35,
  idr = 0x36,
  irs = 0x37,
  sgm = 0x38,
  lop = 0x40,
  apm = 0x41,
  pri = 0x42,
  sdn = 0x43,
  cra = 0xe9,
  crm = 0xea,
  cvr = 0xeb,
  cvt = 0xec,
  exm = 0xed
};
std::string_view to_string(MessageType type);  ///< "IAM"; "?" when the type is none of these

/// A message is its type and parameters in the order in which they came or were set. Of those that set() sees
/// as the same (same_place()) it keeps one; what a peer sends twice is kept twice.
class Message {
 public:
  explicit Message(MessageType type) : type_(type) {}
  Message(const Message& other);
  Message(Message&& other) noexcept;
  Message& operator=(const Message& other);
  Message& operator=(Message&& other) noexcept;
  ~Message();
  [[nodiscard]] MessageType type() const { return type_; }

  /// The first; null when there is none.
  template <class P>
  [[nodiscard]] const P* get() const {
    for (const auto& parameter : parameters_)
      if (const auto* found = std::get_if<P>(&parameter)) return found;
    return nullptr;
  }
  /// The first that `fits`.
  template <class P, class Fits>
  [[nodiscard]] const P* find(Fits fits) const {
    for (const auto& parameter : parameters_)
      if (const auto* found = std::get_if<P>(&parameter); found != nullptr && fits(*found)) return found;
    return nullptr;
  }
  template <class P>
  Message& set(P parameter) {
    for (auto& existing : parameters_) {
      auto* found = std::get_if<P>(&existing);
      if (found == nullptr || !same_place(*found, parameter)) continue;
      *found = std::move(parameter);
      return *this;
    }
    std::get<P>(append_empty(kIndex<P>)) = std::move(parameter);
    return *this;
  }
  /// Also beside one that is the same.
  Message& append(Parameter&& parameter);
  /// Every parameter of this code, whatever holds it.
  void remove(std::uint8_t code);
  [[nodiscard]] const std::vector<Parameter>& parameters() const { return parameters_; }

  /// For the decoder: makes a default P at the end.
  template <class P>
  P& emplace() {
    return std::get<P>(parameters_.emplace_back(std::in_place_type<P>));
  }
  void drop_last();
  void reserve(std::size_t parameters);

  /// A message laid out as no encoder does (gaps, overlaps, octets after the end) as it came, from the type
  /// on; encode() repeats it while the parameters are what they were.
  [[nodiscard]] const Octets& odd_layout() const { return odd_layout_; }
  void keep_layout(OctetView message) { odd_layout_.assign(message.begin(), message.end()); }

  /// Type and parameters; the layout is no part of what a message says.
  friend bool operator==(const Message& a, const Message& b);

 private:
  template <class P>
  static constexpr std::size_t kIndex = []<class... All>(const std::variant<All...>*) {
    std::size_t index = 0;
    (void)((std::same_as<P, All> || (++index, false)) || ...);
    return index;
  }(static_cast<const Parameter*>(nullptr));
  /// Out of line, as are all that move or destroy a Parameter: it has a hundred kinds, and takes its time to
  /// compile.
  Parameter& append_empty(std::size_t kind);

  MessageType type_;
  std::vector<Parameter> parameters_;
  Octets odd_layout_;
};

/// The code on the wire.
std::uint8_t code_of(const Parameter& parameter);

/// The name of one party that may be shown; empty when there is none.
std::string_view name_of(const Message& message, NameOf party);

/// One line a person reads: "IAM 1000 <- 201 speech", "REL cause 17 user busy (user)". Indicators are named
/// only where they differ from their defaults; long contents are cut.
std::string describe(const Message& message);

}  // namespace tandem::isup
