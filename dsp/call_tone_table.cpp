// National tones as E.180 lists them and as the administrations published them since.
#include <algorithm>

#include "dsp/call_tones.h"

namespace tandem::dsp {
namespace {

using Segment = ToneSegment;
using Cadence = ToneCadence;

template <class... S>
constexpr Cadence cadence(S... segments) {
  return {.segments = {segments...}, .count = sizeof...(segments)};
}
constexpr int kAlone = -13;  ///< dBm0: E.180 recommends -10 to -15
constexpr int kPair = -16;   ///< each of two: as loud together
constexpr Segment one(int hz, int ms = 0, int level = kAlone) {
  return {.hz = static_cast<std::uint16_t>(hz),
          .level = static_cast<std::int8_t>(level),
          .ms = static_cast<std::uint16_t>(ms)};
}
constexpr Segment two(int hz, int other, int ms = 0, int level = kPair) {
  auto made = one(hz, ms, level);
  made.other = static_cast<std::uint16_t>(other);
  return made;
}
constexpr Segment modulated(int hz, int by, int ms = 0) {
  auto made = two(hz, by, ms, kAlone);
  made.modulated = true;
  return made;
}
constexpr Segment off(int ms) {
  return one(0, ms);
}

constexpr Cadence steady(int hz) {
  return cadence(one(hz));
}
constexpr Cadence pulse(int hz, int on_ms, int off_ms) {
  return cadence(one(hz, on_ms), off(off_ms));
}
constexpr Cadence pulse2(int hz, int other, int on_ms, int off_ms, int level = kPair) {
  return cadence(two(hz, other, on_ms, level), off(off_ms));
}
constexpr Cadence twice(Segment on, int gap_ms, int off_ms) {
  return cadence(on, off(gap_ms), on, off(off_ms));
}
/// E.180: three tones of rising frequency.
constexpr Cadence rising(int pause_ms = 1000, int a = 950, int b = 1400, int c = 1800) {
  return cadence(one(a, 330), one(b, 330), one(c, 330), off(pause_ms));
}
/// No recommendation says how holding sounds: a short, soft pulse of the country's frequency every 5 s.
constexpr Cadence hold(int hz) {
  return cadence(one(hz, 200, -22), off(4800));
}

struct Row {
  std::string_view country;
  int hz;  ///< of the hold tone
  Cadence dial, ringback, busy, congestion, call_waiting;
  Cadence special = rising();
};

constexpr auto kRows = std::to_array<Row>({
    {"itu", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 250, 250),
     twice(one(425, 200), 600, 10000)},
    {"ar", 425, steady(425), pulse(425, 1000, 4500), pulse(425, 300, 300), pulse(425, 200, 300),
     pulse(425, 200, 9000)},
    {"at", 420, steady(420), pulse(420, 1000, 5000), pulse(420, 400, 400), pulse(420, 200, 200),
     pulse(420, 40, 1950)},
    {"au", 425, cadence(two(413, 438)), twice(two(413, 438, 400), 200, 2000), pulse(425, 375, 375),
     cadence(one(425, 375), off(375), one(425, 375, -23), off(375)), twice(one(425, 200), 200, 4400)},
    {"be", 425, steady(425), pulse(425, 1000, 3000), pulse(425, 500, 500), pulse(425, 167, 167),
     twice(one(1400, 175), 175, 3500), rising(1000, 900, 1440, 1800)},
    {"bg", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 250, 250),
     twice(one(425, 150), 150, 4000)},
    {"br", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 250, 250),
     cadence(one(425, 250), off(250), one(425, 750), off(250)), pulse(425, 50, 1000)},
    {"ca", 440, cadence(two(350, 440, 0, -13)), pulse2(440, 480, 2000, 4000, -19),
     pulse2(480, 620, 500, 500, -24), pulse2(480, 620, 250, 250, -24), pulse(440, 300, 10000)},
    {"ch", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 200, 200),
     twice(one(425, 200), 200, 4000)},
    {"cl", 400, steady(400), pulse(400, 1000, 3000), pulse(400, 500, 500), pulse(400, 200, 200),
     pulse(400, 250, 8750)},
    {"cn", 450, steady(450), pulse(450, 1000, 4000), pulse(450, 350, 350), pulse(450, 700, 700),
     pulse(450, 400, 4000)},
    {"cr", 450, steady(450), pulse(450, 1203, 4797), pulse(450, 330, 330), pulse(450, 330, 330),
     twice(one(450, 150), 150, 8000)},
    {"cz", 425, cadence(one(425, 330), off(330), one(425, 660), off(660)), pulse(425, 1000, 4000),
     pulse(425, 330, 330), pulse(425, 165, 165), pulse(425, 330, 9000)},
    {"de", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 480, 480), pulse(425, 240, 240),
     twice(one(425, 200), 200, 5000)},
    {"dk", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 200, 200),
     twice(one(425, 200), 600, 3000)},
    {"ee", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 300, 300), pulse(425, 200, 200),
     twice(one(425, 150), 150, 8000)},
    {"es", 425, steady(425), pulse(425, 1500, 3000), pulse(425, 200, 200),
     cadence(one(425, 200), off(200), one(425, 200), off(200), one(425, 200), off(600)),
     twice(one(425, 175), 175, 3500)},
    {"fi", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 300, 300), pulse(425, 200, 200),
     twice(one(425, 150), 150, 8000)},
    {"fr", 440, steady(440), pulse(440, 1500, 3500), pulse(440, 500, 500), pulse(440, 250, 250),
     pulse(440, 300, 10000)},
    {"gb", 400, cadence(two(350, 440)), twice(two(400, 450, 400), 200, 2000), pulse(400, 375, 375),
     cadence(one(400, 400), off(350), one(400, 225), off(525)), pulse(400, 100, 4000)},
    {"gr", 425, cadence(one(425, 200), off(300), one(425, 700), off(800)), pulse(425, 1000, 4000),
     pulse(425, 300, 300), pulse(425, 200, 200), twice(one(425, 150), 150, 8000)},
    {"hk", 440, cadence(two(350, 440)), twice(two(440, 480, 400), 200, 3000), pulse2(480, 620, 500, 500),
     pulse2(480, 620, 250, 250), pulse(440, 300, 10000)},
    {"hu", 425, steady(425), pulse(425, 1250, 3750), pulse(425, 300, 300), pulse(425, 300, 300),
     pulse(425, 40, 1960)},
    {"ie", 425, steady(425), twice(two(400, 450, 400), 200, 2000), pulse(425, 500, 500), pulse(425, 375, 375),
     twice(one(425, 180), 200, 4500)},
    {"il", 414, steady(414), pulse(414, 1000, 3000), pulse(414, 500, 500), pulse(414, 250, 250),
     cadence(one(414, 100), off(100), one(414, 100), off(100), one(414, 600), off(3000))},
    {"in", 400, cadence(modulated(400, 25)), twice(modulated(400, 25, 400), 200, 2000), pulse(400, 750, 750),
     pulse(400, 250, 250), twice(one(400, 200), 100, 7500)},
    {"it", 425, cadence(one(425, 200), off(200), one(425, 600), off(1000)), pulse(425, 1000, 4000),
     pulse(425, 500, 500), pulse(425, 200, 200),
     cadence(one(425, 400), off(100), one(425, 250), off(100), one(425, 150), off(14000))},
    {"jp", 400, steady(400), cadence(modulated(400, 16, 1000), off(2000)), pulse(400, 500, 500),
     pulse(400, 500, 500), cadence(modulated(400, 16, 500), off(8000))},
    {"kr", 440, cadence(two(350, 440)), pulse2(440, 480, 1000, 2000), pulse2(480, 620, 500, 500),
     pulse2(480, 620, 300, 200), pulse2(350, 440, 250, 3250)},
    {"lt", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 350, 350), pulse(425, 200, 200),
     twice(one(425, 150), 150, 4000)},
    {"mo", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 250, 250),
     pulse(425, 200, 600)},
    {"mx", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 250, 250), pulse(425, 250, 250),
     twice(one(425, 200), 600, 10000)},
    {"my", 425, steady(425), twice(one(425, 400), 200, 2000), pulse(425, 500, 500), pulse(425, 500, 500),
     pulse(425, 100, 4000)},
    {"nl", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 250, 250),
     pulse(425, 500, 9500)},
    {"no", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 200, 200),
     twice(one(425, 200), 600, 10000)},
    {"nz", 400, steady(400), twice(two(400, 450, 400), 200, 2000), pulse(400, 500, 500), pulse(400, 250, 250),
     twice(one(400, 250), 250, 3250)},
    {"pa", 425, steady(425), pulse(425, 1200, 4650), pulse(425, 320, 320), pulse(425, 320, 320),
     twice(one(425, 180), 180, 4500)},
    {"ph", 440, steady(425), pulse2(425, 480, 1000, 4000), pulse2(480, 620, 500, 500),
     pulse2(480, 620, 250, 250), pulse(440, 300, 10000)},
    {"pl", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 500, 500),
     twice(one(425, 150), 150, 4000)},
    {"pt", 425, steady(425), pulse(425, 1000, 5000), pulse(425, 500, 500), pulse(425, 200, 200),
     twice(one(425, 200), 200, 5000)},
    {"ru", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 350, 350), pulse(425, 175, 175),
     pulse(425, 200, 5000)},
    {"se", 425, steady(425), pulse(425, 1000, 5000), pulse(425, 250, 250), pulse(425, 250, 750),
     twice(one(425, 200), 500, 9100)},
    {"sg", 425, steady(425), twice(modulated(425, 24, 400), 200, 2000), pulse(425, 750, 750),
     pulse(425, 250, 250), twice(modulated(425, 24, 300), 200, 3200)},
    {"si", 425, cadence(one(425, 200), off(300), one(425, 700), off(800)), pulse(425, 1000, 4000),
     pulse(425, 500, 500), pulse(425, 200, 200), pulse(425, 300, 10000)},
    {"sk", 425, cadence(one(425, 330), off(330), one(425, 660), off(660)), pulse(425, 1000, 4000),
     pulse(425, 330, 330), pulse(425, 165, 165), pulse(425, 330, 9000)},
    {"th", 400, cadence(modulated(400, 50)), pulse(400, 1000, 4000), pulse(400, 500, 500),
     pulse(400, 300, 300), pulse(400, 400, 4000)},
    {"tr", 450, steady(450), pulse(450, 2000, 4000), pulse(450, 500, 500),
     cadence(one(450, 200), off(200), one(450, 200), off(200), one(450, 200), off(200), one(450, 600),
             off(200)),
     twice(one(450, 200), 600, 8000)},
    {"tw", 440, cadence(two(350, 440)), pulse2(440, 480, 1000, 2000), pulse2(480, 620, 500, 500),
     pulse2(480, 620, 250, 250), twice(two(350, 440, 250), 250, 3250)},
    // ANSI T1.401: each frequency at -13, -19 or -24 dBm0.
    {"us", 440, cadence(two(350, 440, 0, -13)), pulse2(440, 480, 2000, 4000, -19),
     pulse2(480, 620, 500, 500, -24), pulse2(480, 620, 250, 250, -24), pulse(440, 300, 10000)},
    {"ve", 425, steady(425), pulse(425, 1000, 4000), pulse(425, 500, 500), pulse(425, 250, 250),
     pulse2(400, 450, 300, 6000)},
    {"za", 400, cadence(modulated(400, 33)), twice(modulated(400, 33, 400), 200, 2000), pulse(400, 500, 500),
     pulse(400, 250, 250), twice(modulated(400, 33, 250), 250, 4000)},
});

constexpr auto kTones = [] {
  std::array<CountryTones, kRows.size()> made{};
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto& row = kRows[i];
    made[i] = {.country = row.country,
               .tones = {row.dial, row.ringback, row.busy, row.congestion, row.special, row.call_waiting,
                         hold(row.hz)}};
  }
  return made;
}();

constexpr auto kNames = [] {
  std::array<std::string_view, kRows.size()> made{};
  for (std::size_t i = 0; i < made.size(); ++i) made[i] = kRows[i].country;
  return made;
}();

}  // namespace

std::span<const CountryTones> call_tones() {
  return kTones;
}

const CountryTones* find_call_tones(std::string_view country) {
  const auto found = std::ranges::find(kTones, country, &CountryTones::country);
  return found == kTones.end() ? nullptr : &*found;
}

std::span<const std::string_view> tone_countries() {
  return kNames;
}

}  // namespace tandem::dsp
