#pragma once
// The one place that includes <libpri.h>; private to tdm/pri. The header has no extern "C" of its own.
extern "C" {
#include <libpri.h>
}
