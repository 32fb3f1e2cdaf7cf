internal import MeasurementStream
internal import StrictJSON

/// What each method of the socket does. Errors are a ``RequestError`` or a ``JSONMismatch`` of the parameters.
extension Hub {
  /// Writes the members of a result.
  typealias Answer = (inout JSONWriter) -> Void

  /// Carries out a request. `nil`: the answer was sent already, or comes later.
  func answer(_ request: Request, from consumer: ConsumerHandler) throws -> Answer? {
    switch Request.Method(rawValue: request.method) {
    case .hello: return try hello(request, consumer)
    case .subscribe: return try subscribe(request, consumer)
    case .unsubscribe: return try unsubscribe(request, consumer)
    case .listDevices: return listDevices
    case .listDrivers: return listDrivers
    case .describe: return describe
    case .stats: return { consumer.writeCounters(to: &$0) }
    case .ping: return ping
    case .command: return try command(request, consumer)
    case nil:
      throw RequestError(
        .unknownMethod, "There is no method \"\(request.method.prefix(64))\"; \"describe\" lists them.")
    }
  }

  private func hello(_ request: Request, _ consumer: ConsumerHandler) throws -> Answer? {
    var fields = try JSONFields(request.parameters, "params")
    let version = try fields.integer("proto", in: 0...1000) ?? ProtocolVersion.newest
    let client = try fields.string("client") ?? ""
    guard (ProtocolVersion.oldest...ProtocolVersion.newest).contains(version) else {
      let error = RequestError(
        .protocolUnsupported,
        "This Thenar speaks protocol \(ProtocolVersion.oldest) to \(ProtocolVersion.newest), not \(version).",
        details: [
          ("min", JSONNode(.integer(ProtocolVersion.oldest))), ("max", JSONNode(.integer(ProtocolVersion.newest))),
        ])
      consumer.send(errorReply(to: request.id, error))
      consumer.close(error)
      return nil
    }
    consumer.client = String(client.prefix(64))
    return { [now] writer in
      writer.key("proto")
      writer.integer(version)
      writer.key("role")
      writer.string(consumer.role.rawValue)
      writer.key("peer")
      writer.beginObject()
      writer.key("uid")
      writer.integer(consumer.peer.user)
      writer.key("gid")
      writer.integer(consumer.peer.group)
      writer.key("pid")
      writer.integer(consumer.peer.process)
      writer.endObject()
      writer.key("features")
      writer.beginArray()
      for feature in ["gap", "resume", "describe", "latest"] { writer.string(feature) }
      writer.endArray()
      writer.key("clock")
      writer.beginObject()
      writer.key("t_us")
      writer.integer(now)
      writer.key("wall_us")
      writer.integer(Clocks.wall())
      writer.endObject()
    }
  }

  // MARK: Subscriptions

  private func subscribe(_ request: Request, _ consumer: ConsumerHandler) throws -> Answer? {
    let subscription = try Subscription(parameters: request.parameters)
    if subscription.delivery == .committed {
      throw RequestError(
        .committedUnavailable, "This build keeps no journal on disk, so nothing can be delivered as committed.")
    }
    if consumer.subscriptions.all.contains(where: { $0.name == subscription.name }) {
      throw RequestError(
        .subscriptionExists, "This connection has a subscription \"\(subscription.name)\": choose another \"sub\".")
    }
    if consumer.subscriptions.all.count >= 16 {
      throw RequestError(.tooManySubscriptions, "A connection can have 16 subscriptions.")
    }
    let replay = try replayStart(of: subscription, consumer)
    let head = stream.head
    if let id = request.id {
      consumer.send(
        reply(to: id) { writer in
          writer.key("sub")
          writer.string(subscription.name)
          writer.key("epoch")
          writer.string(stream.epoch)
          writer.key("oldest_seq")
          writer.integer(ring.oldest ?? head + 1)
          writer.key("head_seq")
          writer.integer(head)
          writer.key("start_seq")
          writer.integer(replay ?? head + 1)
          writer.key("replay")
          writer.flag(replay.map { $0 <= head } ?? false)
          writer.key("delivery")
          writer.string(subscription.delivery.rawValue)
        })
    }
    if subscription.snapshot {
      for (report, sequence) in reports where subscription.filter.acceptsSnapshot(of: report.device) {
        consumer.send(snapshotLine(report, sequence))
      }
      consumer.send(
        notification("snapshot_end") { writer in
          writer.key("sub")
          writer.string(subscription.name)
          writer.key("seq")
          writer.integer(head)
        })
    }
    consumer.subscribe(subscription, replayFrom: replay)
    consumer.beginReplay()
    return nil
  }

  /// Number of the first record to replay; `nil` to begin with the next new one.
  private func replayStart(of subscription: Subscription, _ consumer: ConsumerHandler) throws(RequestError) -> UInt64? {
    let start: UInt64
    switch subscription.start {
    case .now: return nil
    case .oldest: start = ring.oldest ?? stream.head + 1
    case .after(let epoch, let sequence):
      guard epoch == stream.epoch else {
        throw RequestError(
          .epochChanged, "The numbers of epoch \(epoch.prefix(32)) have ended; begin anew with from \"oldest\".",
          details: [("epoch", JSONNode(.string(stream.epoch)))])
      }
      start = min(sequence, stream.head) + 1
    }
    if subscription.mode == .latest {
      throw RequestError(.invalidParameters, "A subscription of mode \"latest\" has no past: leave \"from\" out.")
    }
    if consumer.subscriptions.wantRecords {
      throw RequestError(
        .resumeConflict, "Records already flow on this connection: resume on a connection of its own.")
    }
    return start
  }

  private func unsubscribe(_ request: Request, _ consumer: ConsumerHandler) throws -> Answer {
    var fields = try JSONFields(request.parameters, "params")
    let name = try fields.string("sub") ?? "main"
    guard consumer.unsubscribe(name) else {
      throw RequestError(.unknownSubscription, "This connection has no subscription \"\(name.prefix(64))\".")
    }
    return { writer in
      writer.key("sub")
      writer.string(name)
    }
  }

  // MARK: Lists

  private func listDevices(_ writer: inout JSONWriter) {
    writer.key("epoch")
    writer.string(stream.epoch)
    writer.key("devices")
    writer.beginArray()
    for (report, sequence) in reports {
      writer.beginObject()
      writer.key("seq")
      writer.integer(sequence)
      report.write(to: &writer)
      writer.endObject()
    }
    writer.endArray()
  }

  private func listDrivers(_ writer: inout JSONWriter) {
    writer.key("drivers")
    writer.beginArray()
    for driver in options.drivers { writer.verbatim(driver) }
    writer.endArray()
  }

  private func describe(_ writer: inout JSONWriter) {
    writer.key("schema")
    writer.verbatim(WireSchema.line)
    writer.key("errors")
    writer.beginArray()
    for name in RequestError.Name.allCases {
      writer.beginObject()
      writer.key("name")
      writer.string(name.rawValue)
      writer.key("code")
      writer.integer(name.code)
      writer.key("retry")
      writer.flag(name.mayRetry)
      writer.endObject()
    }
    writer.endArray()
  }

  private func ping(_ writer: inout JSONWriter) {
    writer.key("t_us")
    writer.integer(now)
    writer.key("wall_us")
    writer.integer(Clocks.wall())
    writer.key("head_seq")
    writer.integer(stream.head)
  }

  // MARK: Commands

  private func command(_ request: Request, _ consumer: ConsumerHandler) throws -> Answer? {
    func record(_ outcome: String) {
      audit?.add(
        peer: consumer.peer, client: consumer.client, method: request.method, parameters: request.parameters,
        outcome: outcome, wall: Clocks.wall())
    }
    let device: Device
    let (command, arguments): (String, JSONNode)
    do {
      (device, command, arguments) = try checkedCommand(request, consumer)
    } catch {
      record(((error as? RequestError)?.name ?? .invalidParameters).rawValue)
      throw error
    }
    let name = device.assignment.name
    var text = JSONWriter()
    text.node(arguments)
    if request.id != nil { consumer.expectAnswer() }
    self.command(device, command, String(decoding: text.bytes, as: UTF8.self)) { [weak consumer] error in
      record(error.isEmpty ? "done" : error)
      guard let consumer, let id = request.id else { return }
      if error.isEmpty {
        consumer.sendExpected(
          reply(to: id) { writer in
            writer.key("device")
            writer.string(name)
            writer.key("command")
            writer.string(command)
            writer.key("state")
            writer.string("done")
          })
      } else {
        consumer.sendExpected(
          errorReply(to: id, RequestError(.commandFailed, error, details: [("device", JSONNode(.string(name)))])))
      }
    }
    return nil
  }

  /// What a command is and which device it is for, once it is clear that it may be given now.
  private func checkedCommand(
    _ request: Request, _ consumer: ConsumerHandler
  ) throws -> (Device, command: String, arguments: JSONNode) {
    guard consumer.role >= .operator_ else {
      throw RequestError(
        .notAllowed, "Commands need the role operator; uid \(consumer.peer.user) is an observer here.")
    }
    var fields = try JSONFields(request.parameters, "params")
    let name = try fields.requiredString("device")
    let command = try fields.requiredString("command")
    let arguments = fields.node("arguments") ?? .emptyObject
    guard command.utf8.count <= 64, arguments.members != nil else {
      throw RequestError(.invalidParameters, "\"command\" must be a short word and \"arguments\" an object.")
    }
    guard let report = reports.first(where: { $0.report.device == name })?.report else {
      throw RequestError(.unknownDevice, "There is no device \"\(name.prefix(64))\"; \"devices.list\" lists them.")
    }
    guard let device = device(named: name), [.ready, .streaming, .stalled].contains(report.state) else {
      throw RequestError(.deviceNotReady, "\(name) cannot take a command now: \(report.sentence)")
    }
    guard device.commands.count < Self.commandsInFlight else {
      throw RequestError(
        .tooManyInFlight, "\(name) has not yet answered \(Self.commandsInFlight) commands: wait for their outcome.")
    }
    return (device, command, arguments)
  }

  /// Commands that a device may owe the outcome of.
  static let commandsInFlight = 32
}

extension RecordFilter {
  /// A snapshot tells of a device when its name passes and device records are not filtered out.
  fileprivate func acceptsSnapshot(of device: String) -> Bool {
    accepts(Topic(kind: .device, device: device))
  }
}
