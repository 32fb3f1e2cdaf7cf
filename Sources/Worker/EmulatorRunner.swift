package import CThenarDriver
internal import ContractCoding
internal import DeviceIO
internal import Glibc

/// Runs a module's emulator where a worker or any other program can open it: one client at a time, each of which meets a
/// freshly switched-on instrument.
package final class EmulatorRunner {
  /// An instrument whose reports nobody takes keeps 63 of them, as hidraw does (HIDRAW_BUFFER_SIZE is 64).
  private static let reportBytesKept = 63 * 64
  private static let serialBytesKept = 65_536
  /// In microseconds; a later wake-up takes several waits.
  private static let longestWait: Int64 = 3_600_000_000

  private let table: thenar_emulator
  private let setup: EmulatorSetup
  private let endpoint: any EmulatorEndpoint
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 8)

  /// Opens the place, after the emulator has shown that it accepts its settings.
  package init(
    module: UnsafePointer<thenar_driver>, setup: EmulatorSetup, at place: PreparedPlace
  ) throws(EmulatorFailure) {
    guard let found = module.pointee.emulator else {
      throw EmulatorFailure(sentence: "This driver module brings no emulator: name one that does.")
    }
    guard let table: thenar_emulator = try? structure(found), table.create != nil, table.connected != nil,
      table.receive != nil, table.wake != nil, table.destroy != nil
    else { throw EmulatorFailure(sentence: "The module's emulator lacks a function: build the module again.") }
    _ = try EmulatedInstrument(table, setup: setup, send: nil)
    self.table = table
    self.setup = setup
    endpoint = place.endpoint
    try endpoint.begin()
  }

  deinit { buffer.deallocate() }

  /// Serves one client after the other, until `stop` can be read or is closed at its far end; -1: for ever.
  package func run(until stop: Int32 = -1) throws(EmulatorFailure) {
    while let line = try endpoint.nextClient(until: stop) {
      let goesOn: Bool
      switch line {
      case .socket(let line): goesOn = try serve(line, until: stop)
      case .terminal(let line): goesOn = try serve(line, until: stop)
      }
      if !goesOn { break }
    }
    endpoint.close()
  }

  /// False: `stop` ended it.
  private func serve<Line: DeviceLine>(_ line: Line, until stop: Int32) throws(EmulatorFailure) -> Bool {
    let transport = DescriptorTransport(
      line, queueLimit: setup.isHID ? Self.reportBytesKept : Self.serialBytesKept, whenFull: .drop)
    defer { transport.close() }
    // A send that fails shows at the next read, too.
    let instrument = try EmulatedInstrument(table, setup: setup) {
      try? transport.write($0)
    } sendFeature: { report, bytes in
      FeatureMessage.answer(report, Array(bytes)).bytes.withUnsafeBytes { try? transport.write($0) }
    }
    instrument.connected(at: stationTime())
    var entries = [pollfd](repeating: pollfd(), count: 3)
    while true {
      // In this order: `poll` looks at the listener first, so that a client that left before the next one came is seen.
      entries[0] = pollfd(fd: endpoint.listener, events: Int16(POLLIN), revents: 0)
      entries[1] = transport.pollEntry
      entries[2] = pollfd(fd: stop, events: Int16(POLLIN), revents: 0)
      let now = stationTime()
      pollDescriptors(&entries, timeout: instrument.wakeTime.map { $0 <= now ? 0 : min($0 - now, Self.longestWait) })
      if isReadable(entries[2]) { return false }
      do throws(ConnectionLost) {
        let hasInput = try transport.note(entries[1])
        if isReadable(entries[0]), !transport.isHungUp { endpoint.refuseClient() }
        if hasInput, let arrival = try transport.read(into: buffer) {
          hear(UnsafeRawBufferPointer(rebasing: buffer[..<arrival.count]), at: arrival.time, instrument)
        }
      } catch {
        return true
      }
      let afterRead = stationTime()
      if let wake = instrument.wakeTime, wake <= afterRead { instrument.wake(at: afterRead) }
    }
  }

  /// What a client said: a report, or that it wants or sets a feature report.
  private func hear(_ bytes: UnsafeRawBufferPointer, at time: Int64, _ instrument: EmulatedInstrument) {
    guard setup.isHID, let message = FeatureMessage(bytes) else { return instrument.receive(bytes, at: time) }
    switch message {
    case .request(let report): instrument.featureRequested(report, at: time)
    case .write(let bytes): bytes.withUnsafeBytes { instrument.featureWritten($0, at: time) }
    case .answer: break
    }
  }
}
