#pragma once
// The header fields that have a name of their own here: one row each; everything else of them follows from
// it.
#include <array>
#include <cstdint>
#include <string_view>

namespace tandem::sip {

enum class HeaderId : std::uint8_t {
  other,  ///< any name that has no row
  accept,
  accept_contact,
  accept_encoding,
  accept_language,
  alert_info,
  allow,
  allow_events,
  authentication_info,
  authorization,
  call_id,
  call_info,
  contact,
  content_disposition,
  content_encoding,
  content_language,
  content_length,
  content_type,
  cseq,
  date,
  diversion,
  error_info,
  event,
  expires,
  from,
  history_info,
  identity,
  in_reply_to,
  max_forwards,
  mime_version,
  min_expires,
  min_se,
  organization,
  p_access_network_info,
  p_asserted_identity,
  p_called_party_id,
  p_charging_vector,
  p_early_media,
  p_preferred_identity,
  path,
  priority,
  privacy,
  proxy_authenticate,
  proxy_authorization,
  proxy_require,
  rack,
  reason,
  record_route,
  refer_to,
  referred_by,
  reject_contact,
  remote_party_id,
  replaces,
  reply_to,
  request_disposition,
  require,
  resource_priority,
  retry_after,
  route,
  rseq,
  server,
  service_route,
  session_expires,
  sip_etag,
  sip_if_match,
  subject,
  subscription_state,
  supported,
  target_dialog,
  timestamp,
  to,
  unsupported,
  user_agent,
  user_to_user,
  via,
  warning,
  www_authenticate,
};
inline constexpr std::size_t kHeaderIds = static_cast<std::size_t>(HeaderId::www_authenticate) + 1;

struct HeaderRow {
  HeaderId id;
  std::string_view name;
  char compact;  ///< RFC 3261 7.3.3; 0: none
  std::string_view rfc;
};

// clang-format off
inline constexpr auto kHeaderRows = std::to_array<HeaderRow>({
    {HeaderId::other, "", 0, ""},
    {HeaderId::accept, "Accept", 0, "RFC 3261 20.1"},
    {HeaderId::accept_contact, "Accept-Contact", 'a', "RFC 3841 9.2"},
    {HeaderId::accept_encoding, "Accept-Encoding", 0, "RFC 3261 20.2"},
    {HeaderId::accept_language, "Accept-Language", 0, "RFC 3261 20.3"},
    {HeaderId::alert_info, "Alert-Info", 0, "RFC 3261 20.4"},
    {HeaderId::allow, "Allow", 0, "RFC 3261 20.5"},
    {HeaderId::allow_events, "Allow-Events", 'u', "RFC 6665 8.2.2"},
    {HeaderId::authentication_info, "Authentication-Info", 0, "RFC 3261 20.6"},
    {HeaderId::authorization, "Authorization", 0, "RFC 3261 20.7"},
    {HeaderId::call_id, "Call-ID", 'i', "RFC 3261 20.8"},
    {HeaderId::call_info, "Call-Info", 0, "RFC 3261 20.9"},
    {HeaderId::contact, "Contact", 'm', "RFC 3261 20.10"},
    {HeaderId::content_disposition, "Content-Disposition", 0, "RFC 3261 20.11"},
    {HeaderId::content_encoding, "Content-Encoding", 'e', "RFC 3261 20.12"},
    {HeaderId::content_language, "Content-Language", 0, "RFC 3261 20.13"},
    {HeaderId::content_length, "Content-Length", 'l', "RFC 3261 20.14"},
    {HeaderId::content_type, "Content-Type", 'c', "RFC 3261 20.15"},
    {HeaderId::cseq, "CSeq", 0, "RFC 3261 20.16"},
    {HeaderId::date, "Date", 0, "RFC 3261 20.17"},
    {HeaderId::diversion, "Diversion", 0, "RFC 5806"},
    {HeaderId::error_info, "Error-Info", 0, "RFC 3261 20.18"},
    {HeaderId::event, "Event", 'o', "RFC 6665 8.2.1"},
    {HeaderId::expires, "Expires", 0, "RFC 3261 20.19"},
    {HeaderId::from, "From", 'f', "RFC 3261 20.20"},
    {HeaderId::history_info, "History-Info", 0, "RFC 7044"},
    {HeaderId::identity, "Identity", 'y', "RFC 8224"},
    {HeaderId::in_reply_to, "In-Reply-To", 0, "RFC 3261 20.21"},
    {HeaderId::max_forwards, "Max-Forwards", 0, "RFC 3261 20.22"},
    {HeaderId::mime_version, "MIME-Version", 0, "RFC 3261 20.24"},
    {HeaderId::min_expires, "Min-Expires", 0, "RFC 3261 20.23"},
    {HeaderId::min_se, "Min-SE", 0, "RFC 4028 5"},
    {HeaderId::organization, "Organization", 0, "RFC 3261 20.25"},
    {HeaderId::p_access_network_info, "P-Access-Network-Info", 0, "RFC 7315 4.4"},
    {HeaderId::p_asserted_identity, "P-Asserted-Identity", 0, "RFC 3325 9.1"},
    {HeaderId::p_called_party_id, "P-Called-Party-ID", 0, "RFC 7315 4.2"},
    {HeaderId::p_charging_vector, "P-Charging-Vector", 0, "RFC 7315 4.6"},
    {HeaderId::p_early_media, "P-Early-Media", 0, "RFC 5009"},
    {HeaderId::p_preferred_identity, "P-Preferred-Identity", 0, "RFC 3325 9.2"},
    {HeaderId::path, "Path", 0, "RFC 3327"},
    {HeaderId::priority, "Priority", 0, "RFC 3261 20.26"},
    {HeaderId::privacy, "Privacy", 0, "RFC 3323 4.2"},
    {HeaderId::proxy_authenticate, "Proxy-Authenticate", 0, "RFC 3261 20.27"},
    {HeaderId::proxy_authorization, "Proxy-Authorization", 0, "RFC 3261 20.28"},
    {HeaderId::proxy_require, "Proxy-Require", 0, "RFC 3261 20.29"},
    {HeaderId::rack, "RAck", 0, "RFC 3262 7.2"},
    {HeaderId::reason, "Reason", 0, "RFC 3326 2"},
    {HeaderId::record_route, "Record-Route", 0, "RFC 3261 20.30"},
    {HeaderId::refer_to, "Refer-To", 'r', "RFC 3515 2.1"},
    {HeaderId::referred_by, "Referred-By", 'b', "RFC 3892 3"},
    {HeaderId::reject_contact, "Reject-Contact", 'j', "RFC 3841 9.2"},
    {HeaderId::remote_party_id, "Remote-Party-ID", 0, "draft-ietf-sip-privacy-04"},
    {HeaderId::replaces, "Replaces", 0, "RFC 3891 6.1"},
    {HeaderId::reply_to, "Reply-To", 0, "RFC 3261 20.31"},
    {HeaderId::request_disposition, "Request-Disposition", 'd', "RFC 3841 9.1"},
    {HeaderId::require, "Require", 0, "RFC 3261 20.32"},
    {HeaderId::resource_priority, "Resource-Priority", 0, "RFC 4412 3.1"},
    {HeaderId::retry_after, "Retry-After", 0, "RFC 3261 20.33"},
    {HeaderId::route, "Route", 0, "RFC 3261 20.34"},
    {HeaderId::rseq, "RSeq", 0, "RFC 3262 7.1"},
    {HeaderId::server, "Server", 0, "RFC 3261 20.35"},
    {HeaderId::service_route, "Service-Route", 0, "RFC 3608 5"},
    {HeaderId::session_expires, "Session-Expires", 'x', "RFC 4028 4"},
    {HeaderId::sip_etag, "SIP-ETag", 0, "RFC 3903 11.3.1"},
    {HeaderId::sip_if_match, "SIP-If-Match", 0, "RFC 3903 11.3.2"},
    {HeaderId::subject, "Subject", 's', "RFC 3261 20.36"},
    {HeaderId::subscription_state, "Subscription-State", 0, "RFC 6665 8.2.3"},
    {HeaderId::supported, "Supported", 'k', "RFC 3261 20.37"},
    {HeaderId::target_dialog, "Target-Dialog", 0, "RFC 4538 7"},
    {HeaderId::timestamp, "Timestamp", 0, "RFC 3261 20.38"},
    {HeaderId::to, "To", 't', "RFC 3261 20.39"},
    {HeaderId::unsupported, "Unsupported", 0, "RFC 3261 20.40"},
    {HeaderId::user_agent, "User-Agent", 0, "RFC 3261 20.41"},
    {HeaderId::user_to_user, "User-to-User", 0, "RFC 7433 4.1"},
    {HeaderId::via, "Via", 'v', "RFC 3261 20.42"},
    {HeaderId::warning, "Warning", 0, "RFC 3261 20.43"},
    {HeaderId::www_authenticate, "WWW-Authenticate", 0, "RFC 3261 20.44"},
});
// clang-format on

consteval bool header_rows_in_order() {
  for (std::size_t i = 0; i < kHeaderRows.size(); ++i)
    if (static_cast<std::size_t>(kHeaderRows[i].id) != i) return false;
  return kHeaderRows.size() == kHeaderIds;
}
static_assert(header_rows_in_order());

constexpr const HeaderRow& header_row(HeaderId id) {
  return kHeaderRows[static_cast<std::size_t>(id)];
}

/// By full or compact name, in any case; HeaderId::other when there is no row.
HeaderId header_id(std::string_view name);

}  // namespace tandem::sip
