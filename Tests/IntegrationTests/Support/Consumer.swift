import ThenarClient

/// A consumer that is told everything and keeps it, and that notices what is missing.
final class Consumer {
  let client: HubClient
  /// The hub's answer to the subscription.
  let answer: SubscriptionAnswer
  /// All that was told, in order.
  private(set) var told: [ThenarClient.Notification.Content] = []
  /// Where a number was missing or came twice; one sentence each.
  private(set) var faults: [String] = []
  /// Records of all kinds and devices come, so that their numbers have no holes.
  private let getsAll: Bool
  private var lastSequence: UInt64?
  private var nextSample: [String: UInt64] = [:]

  /// Connects and subscribes to everything from the oldest record on, or to what concerns one device.
  init(_ socket: String, device: String? = nil, kinds: [RecordKind] = []) throws {
    client = try HubClient(connectingTo: socket, timeout: .seconds(patience))
    var subscription = Subscription()
    subscription.start = .oldest
    if let device { subscription.filter.devices = [device] }
    subscription.filter.kinds = kinds
    getsAll = device == nil && kinds.isEmpty
    answer = try client.subscribe(subscription, timeout: .seconds(patience))
  }

  // MARK: Waiting

  /// The first thing told from now on that `pick` gives something for.
  @discardableResult
  func next<Found>(_ what: String, _ pick: (ThenarClient.Notification.Content) -> Found?) throws -> Found {
    let deadline = ContinuousClock.now + .seconds(patience)
    while let notification = try client.next(timeout: ContinuousClock.now.duration(to: deadline)) {
      keep(notification)
      if let found = pick(notification.content) { return found }
      if ContinuousClock.now > deadline { break }
    }
    throw DidNotHappen(description: "Waited in vain for \(what). Devices: \(devices.suffix(12).map(\.brief)).")
  }

  /// Waits until a device is in a state; gives its record.
  @discardableResult func next(_ device: String, is state: DeviceState) throws -> DeviceReport {
    try next("\(device) to be \(state.rawValue)") { content in
      guard case .device(let record) = content, !record.isSnapshot, record.report.device == device,
        record.report.state == state
      else { return nil }
      return record.report
    }
  }

  /// Waits until a device is in a state, unless it is already; gives its record.
  @discardableResult func newest(_ device: String, is state: DeviceState) throws -> DeviceReport {
    if let record = devices.last(where: { $0.device == device }), record.state == state { return record }
    return try next(device, is: state)
  }

  /// Takes in what comes until so many samples of a device have come from now on.
  func take(_ samples: Int, of device: String) throws {
    var left = samples
    try next("\(samples) samples of \(device)") { content -> Void? in
      guard case .measurement(let batch) = content, batch.device == device else { return nil }
      left -= batch.samples.values.count
      return left <= 0 ? () : nil
    }
  }

  // MARK: What was told

  /// The records of devices, snapshots left out.
  var devices: [DeviceReport] {
    told.compactMap { if case .device(let record) = $0, !record.isSnapshot { record.report } else { nil } }
  }

  /// The states that a device went through.
  func states(of device: String) -> [String] { devices.filter { $0.device == device }.map(\.state.rawValue) }

  /// The batches of a device.
  func measurements(of device: String) -> [MeasurementRecord] {
    told.compactMap { if case .measurement(let batch) = $0, batch.device == device { batch } else { nil } }
  }

  /// The events of a device.
  func events(of device: String) -> [EventRecord] {
    told.compactMap { if case .event(let event) = $0, event.device == device { event } else { nil } }
  }

  /// The gaps.
  var gaps: [ThenarClient.Notification.Content] {
    told.filter {
      switch $0 {
      case .sourceGap, .consumerGap: true
      default: false
      }
    }
  }

  private func keep(_ notification: ThenarClient.Notification) {
    told.append(notification.content)
    if let sequence = notification.sequence {
      if let lastSequence, getsAll ? sequence != lastSequence + 1 : sequence <= lastSequence {
        faults.append("record \(sequence) follows \(lastSequence)")
      }
      lastSequence = sequence
    }
    switch notification.content {
    case .measurement(let batch):
      let channel = "\(batch.device) \(batch.channel)"
      let expected = nextSample[channel] ?? 0
      if batch.firstSample != expected {
        faults.append("\(channel): sample \(batch.firstSample) comes where \(expected) belongs")
      }
      nextSample[channel] = batch.firstSample + UInt64(batch.samples.values.count)
    case .sourceGap(let gap): nextSample["\(gap.device) \(gap.channel)"] = gap.firstSample + gap.lostSamples
    case .other(let node): faults.append("a notification that the client does not know: \(node)")
    default: break
    }
  }
}

extension DeviceReport {
  /// Its name, state and reason.
  var brief: String { "\(device): \(state.rawValue) (\(reason)) \(sentence)" }
}
