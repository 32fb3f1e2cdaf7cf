public import CThenarDriver
internal import ContractCoding

/// What a driver may ask for. Valid only while one of the driver's functions is running.
public struct DriverHost {
  let table: UnsafePointer<thenar_host>

  /// Wraps the host table of the contract.
  public init(table: UnsafePointer<thenar_host>) { self.table = table }

  private var context: UnsafeMutableRawPointer? { table.pointee.context }

  /// Sends bytes to the instrument. HID: one output report, its first byte the report id (0 where reports are not
  /// numbered). Writes keep their order; a failed write ends the connection.
  public func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { table.pointee.write(context, $0.baseAddress, $0.count) }
  }

  /// Declares a channel, or declares it anew.
  public func declare(_ channel: Channel) { withLent(channel) { table.pointee.channel(context, $0) } }

  /// Reports what the instrument says of itself; again when it changes.
  public func identify(_ identity: Identity) { withLent(identity) { table.pointee.identify(context, $0) } }

  /// The instrument has answered and its channels are declared. Once per start.
  public func ready() { table.pointee.ready(context) }

  /// One sample. `value` is `nil` where the instrument gave no valid number.
  public func sample(
    channel: UInt32, value: Double?, raw: Double? = nil, quality: Quality = [], at time: Microseconds,
    deviceTime: Microseconds? = nil
  ) {
    var value = value ?? .nan
    var rawValue = raw ?? .nan
    var bits = quality.rawValue
    withUnsafePointer(to: &value) { values in
      withUnsafePointer(to: &rawValue) { raws in
        withUnsafePointer(to: &bits) { qualities in
          send(
            thenar_samples(
              struct_size: UInt32(MemoryLayout<thenar_samples>.size), channel: channel, count: 1, values: values,
              raw: raw == nil ? nil : raws, quality: quality.isEmpty ? nil : qualities, time_us: time, interval_us: 0,
              offsets_us: nil, device_time_us: deviceTime ?? THENAR_NO_TIME))
        }
      }
    }
  }

  /// A run of samples at a regular interval, oldest first. `values` are NaN where there is no valid number; `raw` and
  /// `quality` are empty or as long as `values`.
  public func samples(
    channel: UInt32, values: [Double], raw: [Double] = [], quality: [Quality] = [], at time: Microseconds,
    interval: Microseconds, deviceTime: Microseconds? = nil
  ) {
    precondition(raw.isEmpty || raw.count == values.count, "raw must be empty or as long as values")
    precondition(quality.isEmpty || quality.count == values.count, "quality must be empty or as long as values")
    if values.isEmpty { return }
    values.withUnsafeBufferPointer { values in
      raw.withUnsafeBufferPointer { raw in
        quality.map(\.rawValue).withUnsafeBufferPointer { quality in
          send(
            thenar_samples(
              struct_size: UInt32(MemoryLayout<thenar_samples>.size), channel: channel, count: values.count,
              values: values.baseAddress, raw: raw.isEmpty ? nil : raw.baseAddress,
              quality: quality.isEmpty ? nil : quality.baseAddress, time_us: time, interval_us: interval,
              offsets_us: nil, device_time_us: deviceTime ?? THENAR_NO_TIME))
        }
      }
    }
  }

  private func send(_ samples: consuming thenar_samples) {
    var samples = samples
    table.pointee.samples(context, &samples)
  }

  /// Something happened.
  public func event(_ event: Event) { withLent(event) { table.pointee.event(context, $0) } }

  /// Samples of a channel were lost between instrument and driver. `reason` is one word: `device_dropped`.
  public func lost(channel: UInt32, count: UInt64, reason: String) {
    withLentText(reason) { table.pointee.lost(context, channel, count, $0) }
  }

  /// Asks for one wake-up at this time or soon after; replaces the request before it. `nil`: none.
  public func wake(at time: Microseconds?) { table.pointee.wake_at(context, time ?? THENAR_NO_TIME) }

  /// Adds to a health counter of the device, named by one word: `checksum_errors`.
  public func tally(_ counter: String, _ amount: UInt64 = 1) {
    withLentText(counter) { table.pointee.tally(context, $0, amount) }
  }

  /// Something is wrong. `code` is one word, `sentence` is for a person.
  public func fault(_ severity: FaultSeverity, _ code: String, _ sentence: String) {
    withLentText(code) { code in
      withLentText(sentence) { table.pointee.fault(context, severity.rawValue, code, $0) }
    }
  }

  /// The command was carried out.
  public func finish(_ command: DriverCommand) {
    table.pointee.outcome(context, command.number, thenar_text(bytes: nil, count: 0))
  }

  /// The command was not carried out; one plain sentence says why.
  public func fail(_ command: DriverCommand, because sentence: String) {
    withLentText(sentence.isEmpty ? "The instrument gave no reason." : sentence) {
      table.pointee.outcome(context, command.number, $0)
    }
  }

  /// HID: asks for a feature report; `report` is its id, 0 where reports are not numbered. ``Driver/receiveFeature`` is
  /// called later, once per request. False: the host is older than that.
  @discardableResult
  public func requestFeature(_ report: UInt8) -> Bool {
    guard isOfContract2, let request = table.pointee.request_feature else { return false }
    request(context, report)
    return true
  }

  /// HID: sends a feature report, its first byte the report id (0 where reports are not numbered). False: the host is
  /// older than that.
  @discardableResult
  public func writeFeature(_ bytes: [UInt8]) -> Bool {
    guard isOfContract2, let write = table.pointee.write_feature else { return false }
    bytes.withUnsafeBufferPointer { write(context, $0.baseAddress, $0.count) }
    return true
  }

  /// The table has what the second contract added.
  private var isOfContract2: Bool { Int(table.pointee.struct_size) >= MemoryLayout<thenar_host>.size }
}

/// What an emulator may ask for. Valid only while one of its functions is running.
public struct EmulatorHost {
  let table: UnsafePointer<thenar_emulator_host>

  /// Wraps the emulator's host table of the contract.
  public init(table: UnsafePointer<thenar_emulator_host>) { self.table = table }

  /// HID: one input report as the instrument puts it on the wire. Serial: bytes.
  public func send(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { table.pointee.send(table.pointee.context, $0.baseAddress, $0.count) }
  }

  /// Asks for one wake-up at this time or soon after; replaces the request before it. `nil`: none.
  public func wake(at time: Microseconds?) { table.pointee.wake_at(table.pointee.context, time ?? THENAR_NO_TIME) }

  /// HID: answers ``Emulator/featureRequested``, now or later: the report, its first byte the report id (0 where reports
  /// are not numbered).
  public func sendFeature(_ bytes: [UInt8]) { sendFeature(bytes.first ?? 0, bytes) }

  /// HID: the instrument refuses to give a feature report, or has no such report.
  public func refuseFeature(_ report: UInt8) { sendFeature(report, []) }

  private func sendFeature(_ report: UInt8, _ bytes: [UInt8]) {
    guard Int(table.pointee.struct_size) >= MemoryLayout<thenar_emulator_host>.size,
      let send = table.pointee.send_feature
    else { return }
    bytes.withUnsafeBufferPointer { send(table.pointee.context, report, $0.baseAddress, $0.count) }
  }
}
