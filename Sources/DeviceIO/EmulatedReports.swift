/// The way to an emulated HID instrument: bare reports over its socket, and ``FeatureMessage`` where the driver asks for
/// feature reports.
final class EmulatedReports: ReportTransport {
  /// How long an emulator has for a feature report, in microseconds: one that knows bare reports only never answers.
  private static let patience: Int64 = 1_000_000

  private let reports: DescriptorTransport<SocketLine>
  private var requests: [(report: UInt8, deadline: Int64)] = []

  init(_ line: SocketLine) { reports = DescriptorTransport(line) }

  func wait(link: Int32, timeout: Int64?) throws(ConnectionLost) -> Readiness {
    guard let first = requests.first else { return try reports.wait(link: link, timeout: timeout) }
    let left = max(0, first.deadline - stationTime())
    var ready = try reports.wait(link: link, timeout: min(left, timeout ?? left))
    if first.deadline <= stationTime() { ready.insert(.device) }
    return ready
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ConnectionLost) -> Arrival? {
    while let arrival = try reports.read(into: buffer) {
      let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<arrival.count])
      // What nobody asked for is a report, whatever it looks like.
      guard !requests.isEmpty, case .answer(let report, let answer)? = FeatureMessage(bytes) else { return arrival }
      guard let index = requests.firstIndex(where: { $0.report == report }) else { continue }
      requests.remove(at: index)
      buffer.copyBytes(from: answer)
      return Arrival(count: answer.count, time: arrival.time, feature: report)
    }
    guard let first = requests.first, first.deadline <= stationTime() else { return nil }
    requests.removeFirst()
    return Arrival(count: 0, time: stationTime(), feature: first.report)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(ConnectionLost) { try reports.write(bytes) }

  func requestFeature(_ report: UInt8) throws(ConnectionLost) {
    try send(.request(report))
    requests.append((report, stationTime() + Self.patience))
  }

  var openFeatureRequests: Int { requests.count }

  func writeFeature(_ bytes: UnsafeRawBufferPointer) throws(ConnectionLost) -> Bool {
    try send(.write(Array(bytes)))
    return true
  }

  private func send(_ message: FeatureMessage) throws(ConnectionLost) {
    let bytes = message.bytes
    try bytes.withUnsafeBufferPointer { bytes throws(ConnectionLost) in
      try reports.write(UnsafeRawBufferPointer(bytes))
    }
  }

  var hasUnsentBytes: Bool { reports.hasUnsentBytes }

  func close() { reports.close() }
}
