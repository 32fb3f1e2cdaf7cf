package import Glibc

/// Waits for the first of some descriptors. A descriptor of -1 is passed over. `timeout` in microseconds, rounded up to
/// milliseconds; `nil`: for ever. A signal ends the wait early, as if the time were over.
package func pollDescriptors(_ entries: inout [pollfd], timeout: Int64?) {
  let milliseconds = timeout.map { Int32(clamping: ($0.clamped(to: 0...1_000_000_000_000) + 999) / 1000) } ?? -1
  for index in entries.indices { entries[index].revents = 0 }
  poll(&entries, nfds_t(entries.count), milliseconds)
}

/// The descriptor has bytes, an error, or was closed at its far end.
package func isReadable(_ entry: pollfd) -> Bool {
  entry.revents & Int16(POLLIN | POLLHUP | POLLERR | POLLNVAL) != 0
}

extension Int64 {
  func clamped(to range: ClosedRange<Int64>) -> Int64 { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
