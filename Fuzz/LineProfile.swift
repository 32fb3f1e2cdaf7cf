import DriverKit
import DriverTestKit
import LineProfile

/// A profile up to the first 0, with its patterns, and what a board then says.
@_cdecl("LLVMFuzzerTestOneInput") public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
  guard parts.count == 2 else { return 0 }
  let driver = DriverInstance(lineProfileModule, settings: String(decoding: parts[0], as: UTF8.self))
  if driver.isRefused { return 0 }
  driver.start(at: 1_000_000)
  driver.receive(Array(parts[1]), at: 2_000_000)
  precondition(driver.recorder.breaches.isEmpty, "the driver broke the contract")
  driver.stop(at: 3_000_000)
  return 0
}
