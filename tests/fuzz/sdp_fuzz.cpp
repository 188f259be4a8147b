// Any text as a session description, as an offer and as an answer.
#include <cstdlib>

#include "gateway/base/bytes.h"
#include "sipt/offer_answer.h"
#include "sipt/sdp.h"

using namespace tandem;
using namespace tandem::sip;

namespace {

void check(bool ok) {
  if (!ok) std::abort();
}

void check_session(const AudioSession& session) {
  check(session.ptime_ms >= 10 && session.ptime_ms <= 60 && session.ptime_ms % 10 == 0);
  check(session.payload_type < 128 && session.remote_rtp.port != 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = as_text({data, size});
  const auto sdp = parse_sdp(text);
  if (!sdp) check(sdp.error().offset <= size);
  if (sdp && size < 16384) check(parse_sdp(to_string(*sdp)) == *sdp);

  AudioCapabilities ours;
  ours.local = {{192, 0, 2, 1}, false, 20000};
  ours.laws = {Law::a, Law::mu};
  if (const auto answer = make_answer(text, ours)) {
    check_session(answer->session);
    const auto written = parse_sdp(answer->sdp);
    if (size < 16384) check(written && sdp && written->media.size() == sdp->media.size());
  }
  if (const auto session = accept_answer(text, ours)) check_session(*session);
  return 0;
}
