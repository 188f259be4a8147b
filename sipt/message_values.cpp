// Typed values of header fields (RFC 3261 20), read on demand.
#include <algorithm>

#include "sipt/chars.h"
#include "sipt/message.h"

namespace tandem::sip {
namespace {

std::string lower_case(std::string_view text) {
  std::string copy(text);
  std::ranges::transform(copy, copy.begin(), lower);
  return copy;
}

}  // namespace

/// What failed in `part` of this message, in terms of the message.
template <class T>
std::unexpected<Error> Message::located(const Result<T>& failed, std::string_view part, HeaderId id) const {
  return fail(failed.error().code, offset_of(part) + failed.error().offset, header_row(id).name,
              failed.error().what);
}

Result<std::string_view> Message::required(HeaderId id) const {
  if (!has(id))
    return fail(Errc::missing, offset_of(text_) + text_.size(), header_row(id).name, "is missing");
  const auto text = value(id);
  if (text.empty()) return fail(Errc::malformed, offset_of(text), header_row(id).name, "is empty");
  return text;
}

Result<std::uint32_t> Message::number(HeaderId id, std::uint32_t limit) const {
  const auto text = required(id);
  if (!text) return std::unexpected(text.error());
  const auto value = to_number(*text, limit);
  if (!value)
    return fail(Errc::malformed, offset_of(*text), header_row(id).name, "is not a number in its range");
  return *value;
}

Result<AddressView> Message::address_view(HeaderId id) const {
  const auto text = required(id);
  if (!text) return std::unexpected(text.error());
  auto address = split_address(*text);
  if (!address) return located(address, *text, id);
  if (address->uri.empty()) return fail(Errc::malformed, offset_of(*text), header_row(id).name, "no URI");
  return address;
}

Result<ViaView> Message::via() const {
  const auto text = required(HeaderId::via);
  if (!text) return std::unexpected(text.error());
  const auto top = ValueList(*text).next();
  if (!top) return fail(Errc::malformed, offset_of(*text), "Via", "is empty");
  auto via = split_via(*top);
  if (!via) return located(via, *top, HeaderId::via);
  return via;
}

Result<CSeq> Message::cseq() const {
  const auto text = required(HeaderId::cseq);
  if (!text) return std::unexpected(text.error());
  std::size_t end = 0;
  while (end < text->size() && is((*text)[end], chars::kDigit)) ++end;
  // RFC 3261 8.1.1.5: less than 2**31
  const auto value = to_number(text->substr(0, end), 0x7fffffff);
  if (!value) return fail(Errc::malformed, offset_of(*text), "CSeq", "no number below 2^31");
  const auto method = trim(text->substr(end));
  if (method.empty() || end + method.size() == text->size() || !all_are(method, chars::kToken))
    return fail(Errc::malformed, offset_of(*text) + end, "CSeq", "no method");
  return CSeq{*value, method_of(method), method};
}

Result<std::string_view> Message::call_id() const {
  const auto text = required(HeaderId::call_id);
  if (!text) return text;
  for (std::size_t i = 0; i < text->size(); ++i)
    if (is((*text)[i], chars::kLws))
      return fail(Errc::malformed, offset_of(*text) + i, "Call-ID", "blank inside");
  return text;
}

Result<AddressView> Message::from() const {
  return address_view(HeaderId::from);
}
Result<AddressView> Message::to() const {
  return address_view(HeaderId::to);
}

Result<AddressView> Message::contact() const {
  const auto text = required(HeaderId::contact);
  if (!text) return std::unexpected(text.error());
  const auto first = ValueList(*text).next();
  if (!first) return fail(Errc::malformed, offset_of(*text), "Contact", "is empty");
  auto address = split_address(*first);
  if (!address) return located(address, *first, HeaderId::contact);
  return address;
}

Result<std::uint32_t> Message::max_forwards() const {
  return number(HeaderId::max_forwards, 255);
}

Result<std::uint32_t> Message::content_length() const {
  auto length = number(HeaderId::content_length, 0x7fffffff);
  if (!length || entries_[first_[static_cast<std::size_t>(HeaderId::content_length)]].next == kNone)
    return length;
  for (auto at = first_[static_cast<std::size_t>(HeaderId::content_length)]; at != kNone;
       at = entries_[at].next) {
    const auto text = value_of(entries_[at]);
    if (to_number(text, 0x7fffffff) != *length)
      return fail(Errc::malformed, offset_of(text), "Content-Length", "fields that differ");
  }
  return length;
}

Result<std::uint32_t> Message::retry_after() const {
  const auto text = required(HeaderId::retry_after);
  if (!text) return std::unexpected(text.error());
  const auto value = to_number(trim(text->substr(0, text->find_first_of("(;"))), 0xffffffff);
  if (!value) return fail(Errc::malformed, offset_of(*text), "Retry-After", "no seconds");
  return *value;
}

Result<MediaTypeView> Message::content_type() const {
  const auto text = required(HeaderId::content_type);
  if (!text) return std::unexpected(text.error());
  auto type = split_media_type(*text);
  if (!type) return located(type, *text, HeaderId::content_type);
  return type;
}

Result<UriView> Message::uri() const {
  auto uri = split_uri(request_uri_);
  if (!uri)
    return fail(uri.error().code, offset_of(request_uri_) + uri.error().offset, "Request-URI",
                uri.error().what);
  return uri;
}

Result<NameAddr> Message::address(HeaderId id) const {
  auto text = required(id);
  if (!text) return std::unexpected(text.error());
  if (id != HeaderId::from && id != HeaderId::to) text = ValueList(*text).next().value_or(*text);
  auto address = parse_name_addr(*text);
  if (!address) return located(address, *text, id);
  return address;
}

Result<std::vector<NameAddr>> Message::addresses(HeaderId id) const {
  std::vector<NameAddr> all;
  std::optional<Error> error;
  for_each(id, [&](std::string_view one) {
    auto address = parse_name_addr(one);
    if (!address) {
      error = located(address, one, id).error();
    } else if (all.size() == kMaxValues) {
      error = Error{Errc::too_long, static_cast<std::uint32_t>(offset_of(one)), header_row(id).name,
                    "too many values"};
    } else {
      all.push_back(std::move(*address));
    }
    return !error;
  });
  if (error) return std::unexpected(*error);
  return all;
}

std::vector<NameAddr> Message::asserted() const {
  std::vector<NameAddr> all;
  for_each(HeaderId::p_asserted_identity, [&](std::string_view one) {
    if (auto address = parse_name_addr(one)) all.push_back(std::move(*address));
    return all.size() < kMaxValues;
  });
  return all;
}

std::vector<std::string> Message::privacy() const {
  std::vector<std::string> all;
  for_each(HeaderId::privacy, [&](std::string_view one) {
    ValueList list(one, ';');  // RFC 3323 4.2: separated by semicolons
    for (auto value = list.next(); value && all.size() < kMaxValues; value = list.next())
      all.push_back(lower_case(*value));
  });
  return all;
}

std::vector<std::string> Message::tokens(HeaderId id) const {
  std::vector<std::string> all;
  for_each(id, [&](std::string_view one) {
    all.push_back(lower_case(one));
    return all.size() < kMaxValues;
  });
  return all;
}

std::vector<Reason> Message::reasons() const {
  std::vector<Reason> all;
  for_each(HeaderId::reason, [&](std::string_view one) {
    if (auto reason = parse_reason(one)) all.push_back(std::move(*reason));
    return all.size() < kMaxValues;
  });
  return all;
}

std::vector<Warning> Message::warnings() const {
  std::vector<Warning> all;
  for_each(HeaderId::warning, [&](std::string_view one) {
    const auto code = to_number(one.substr(0, 3), 999);
    const auto quote_at = one.find('"');
    if (code && quote_at != std::string_view::npos && quote_at > 3 && one.size() > quote_at + 1 &&
        one.ends_with('"'))
      all.push_back({static_cast<int>(*code), trim(one.substr(3, quote_at - 3)),
                     one.substr(quote_at + 1, one.size() - quote_at - 2)});
    return all.size() < kMaxValues;
  });
  return all;
}

}  // namespace tandem::sip
