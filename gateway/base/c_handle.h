#pragma once
#include <memory>

namespace tandem {

template <auto Free>
struct CDeleter {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

/// Owner of an object of a C library, one pointer wide: `using DtmfRx = CHandle<dtmf_rx_state_t,
/// &dtmf_rx_free>;`
template <class T, auto Free>
using CHandle = std::unique_ptr<T, CDeleter<Free>>;

}  // namespace tandem
