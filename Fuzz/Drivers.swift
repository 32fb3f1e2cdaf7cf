import DriverKit
import DriverTestKit
import GoDirect
import HIDForce
import HIDReportDescriptor
import StackMat

/// The first byte chooses driver or emulator of a module, the rest comes in reads whose length stands before them. For
/// hid-force the first read is the report descriptor.
@_cdecl("LLVMFuzzerTestOneInput") public func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = Array(UnsafeBufferPointer(start: bytes, count: count))[...]
  guard let choice = input.popFirst() else { return 0 }
  func next() -> [UInt8]? {
    guard let length = input.popFirst(), !input.isEmpty else { return nil }
    defer { input = input.dropFirst(Int(length)) }
    return Array(input.prefix(Int(length)))
  }
  let module = [goDirectModule, hidForceModule, stackMatModule][Int(choice) % 3]
  var setup = DriverSetup()
  if choice % 3 == 1 { setup.reportDescriptor = next() ?? [] }
  var now: Microseconds = 1_000_000
  if choice & 0x80 == 0 {
    let driver = DriverInstance(module, setup: setup)
    if driver.isRefused { return 0 }
    driver.start(at: now)
    while let piece = next() {
      now += 10_000
      driver.receive(piece, at: now)
      if let wake = driver.recorder.wakeTime, wake <= now { driver.wake(at: now) }
    }
    precondition(driver.recorder.breaches.isEmpty, "a driver broke the contract")
    driver.stop(at: now)
  } else if let emulator = EmulatorInstance(module), emulator.refusal == nil {
    emulator.connected(at: now)
    while let piece = next() {
      now += 10_000
      emulator.receive(piece, at: now)
      if let wake = emulator.wakeTime, wake <= now { emulator.wake(at: now) }
      _ = emulator.takeSent()
    }
  }
  return 0
}
