internal import Consumers
internal import Loop
internal import Readings
internal import Stream
internal import StrictJSON
internal import Supervision
internal import Wire
internal import WorkerLink

/// What each method of the socket does.
extension Hub {
  /// What a method needs and does.
  struct MethodEntry: Sendable {
    /// The least role that may call it.
    var role: Role
    /// Each call is recorded in the audit log, also a refused one.
    var isAudited: Bool
    /// Carries it out. `nil`: the answer was sent already, or comes later.
    var handler: @Sendable (Hub, Request, Connection) throws -> (any WireObject)?
  }

  static let methods: [Method: MethodEntry] = [
    .hello: MethodEntry(role: .observer, isAudited: false) { try $0.hello($1, $2) },
    .subscribe: MethodEntry(role: .observer, isAudited: false) { try $0.subscribe($1, $2) },
    .unsubscribe: MethodEntry(role: .observer, isAudited: false) { try $0.unsubscribe($1, $2) },
    .listDevices: MethodEntry(role: .observer, isAudited: false) { hub, _, _ in hub.deviceList },
    .listDrivers: MethodEntry(role: .observer, isAudited: false) { hub, _, _ in DriverList(drivers: hub.drivers) },
    .describe: MethodEntry(role: .observer, isAudited: false) { $0.describe($1, $2) },
    .stats: MethodEntry(role: .observer, isAudited: false) { hub, _, connection in
      hub.consumers.counters(of: connection)
    },
    .ping: MethodEntry(role: .observer, isAudited: false) { hub, _, _ in hub.ping },
    .command: MethodEntry(role: .operator_, isAudited: true) { try $0.command($1, $2) },
  ]

  /// Carries out one line of a consumer.
  func carryOut(_ bytes: [UInt8], for connection: Connection) {
    let request: Request
    do throws(Request.Refusal) { request = try Request(line: bytes) } catch {
      return connection.session.refuse(error.id, error.error, at: now)
    }
    let entry = Method(rawValue: request.method).flatMap { Self.methods[$0] }
    do {
      if let answer = try call(entry, request, connection), let id = request.id {
        connection.session.send(wireLine { $0.reply(to: id, answer) })
      }
    } catch {
      let refusal = error as? RequestError ?? RequestError(.invalidParameters, Self.sentence(error))
      if entry?.isAudited == true { record(request, connection, outcome: refusal.word, isRefusal: true) }
      connection.session.refuse(request.id, refusal, at: now)
    }
  }

  private func call(_ entry: MethodEntry?, _ request: Request, _ connection: Connection) throws -> (any WireObject)? {
    guard let entry else {
      throw RequestError(
        .unknownMethod, "There is no method \"\(request.method.prefix(64))\"; \"describe\" lists them.")
    }
    guard connection.session.role >= entry.role else {
      throw RequestError(
        .notAllowed,
        "\(request.method) needs the role \(entry.role.rawValue); uid \(connection.session.peer.user) is an "
          + "\(connection.session.role.rawValue) here.")
    }
    return try entry.handler(self, request, connection)
  }

  private static func sentence(_ error: any Error) -> String {
    (error as? JSONMismatch)?.sentence ?? "The request could not be carried out."
  }

  // MARK: The connection

  private func hello(_ request: Request, _ connection: Connection) throws -> (any WireObject)? {
    let hello: HelloRequest = try request.parameters()
    guard (ProtocolVersion.oldest...ProtocolVersion.newest).contains(hello.version) else {
      let error = RequestError(
        .protocolUnsupported,
        "This Thenar speaks protocol \(ProtocolVersion.oldest) to \(ProtocolVersion.newest), not \(hello.version).",
        details: [
          JSONMember("min", JSONNode(.integer(ProtocolVersion.oldest))),
          JSONMember("max", JSONNode(.integer(ProtocolVersion.newest))),
        ])
      connection.session.send(wireLine { $0.refusal(of: request.id, error) })
      connection.session.close(error, at: now)
      return nil
    }
    // Code points: one character can have any number of them.
    connection.session.client = String(String.UnicodeScalarView(hello.client.unicodeScalars.prefix(64)))
    let peer = connection.session.peer
    return HelloAnswer(
      version: hello.version, role: connection.session.role.rawValue, user: peer.user, group: peer.group,
      process: Int32(bitPattern: peer.process), time: now, wallTime: now + wallOffset)
  }

  var welcome: [UInt8] {
    Welcome(
      build: options.build, station: options.station, epoch: log.epoch,
      limits: Welcome.Limits(
        line: options.consumerLimits.lineBytes, subscriptions: options.consumerLimits.subscriptions,
        queueBytes: min(options.consumerLimits.queueBytes, log.tail.limit), deviceCommands: OpenCommands.most)
    ).line
  }

  var heartbeat: Heartbeat {
    Heartbeat(
      time: now, wallTime: now + wallOffset, epoch: log.epoch, headSequence: log.head, sentSequence: 0,
      counters: ConnectionCounters(), devices: station.states, oldestSequence: log.tail.oldest ?? log.head + 1)
  }

  private var ping: PingAnswer { PingAnswer(time: now, wallTime: now + wallOffset, headSequence: log.head) }

  // MARK: Lists

  private var deviceList: DeviceList {
    DeviceList(epoch: log.epoch, devices: station.all.map { DeviceRecord(sequence: $0.sequence, report: $0.report) })
  }

  /// The long part is made once for everybody.
  private func describe(_ request: Request, _ connection: Connection) -> (any WireObject)? {
    guard let id = request.id else { return nil }
    let whole = wireLine { $0.reply(to: id, DescribeAnswer.Frame()) }
    // {"jsonrpc":"2.0","id":…,"result":{}} and the newline: the answer goes between the inner braces.
    connection.session.send(Array(whole.dropLast(3)))
    connection.session.send(DescribeAnswer.members)
    connection.session.send(Array(whole.suffix(3)))
    return nil
  }

  // MARK: Commands

  private func command(_ request: Request, _ connection: Connection) throws -> (any WireObject)? {
    let command: CommandRequest = try request.parameters()
    guard let known = station.named(command.device) else {
      throw RequestError(
        .unknownDevice, "There is no device \"\(command.device.prefix(64))\"; \"devices.list\" lists them.")
    }
    guard case .driven(let device) = known, [.ready, .streaming, .stalled].contains(device.status.state) else {
      throw RequestError(
        .deviceNotReady, "\(command.device) cannot take a command now: \(known.report.sentence)")
    }
    guard device.commands.count + pendingCommands(for: device) < OpenCommands.most else {
      throw RequestError(
        .tooManyInFlight,
        "\(command.device) has not yet answered \(OpenCommands.most) commands: wait for their outcome.")
    }
    var arguments = JSONWriter()
    arguments.node(command.arguments)
    guard arguments.count <= 65_536 else {
      throw RequestError(.invalidParameters, "The arguments are longer than 65536 bytes.")
    }
    let text = String(decoding: arguments.bytes, as: UTF8.self)
    if request.id != nil { connection.session.oweAnswer() }
    recordingCommands[ObjectIdentifier(device), default: 0] += 1
    record(request, connection, outcome: "given") { [weak self, weak connection] isRecorded in
      self?.recorded(isRecorded, command, text, device, request, connection)
    }
    return nil
  }

  private func pendingCommands(for device: Device) -> Int { recordingCommands[ObjectIdentifier(device)] ?? 0 }

  /// A command is given once it is recorded, and not otherwise.
  private func recorded(
    _ isRecorded: Bool, _ command: CommandRequest, _ arguments: String, _ device: Device, _ request: Request,
    _ connection: Connection?
  ) {
    recordingCommands[ObjectIdentifier(device), default: 1] -= 1
    if recordingCommands[ObjectIdentifier(device)] == 0 { recordingCommands[ObjectIdentifier(device)] = nil }
    guard isRecorded else {
      return answer(
        RequestError(
          .notRecorded, "The audit log cannot be written, so the command was not given. See to the disk of the station."
        ),
        command, request, connection)
    }
    guard let worker = device.worker else {
      return outcome("The device is not connected.", command, request, connection)
    }
    commandNumber += 1
    device.commands.add(commandNumber, at: now) { [weak self, weak connection] error in
      self?.outcome(error, command, request, connection)
    }
    if !worker.send(.command(number: commandNumber, name: command.command, arguments: arguments)) {
      workerMisbehaved(device, code: "deaf", sentence: "The driver does not take what it is told.")
    }
  }

  private func outcome(_ error: String, _ command: CommandRequest, _ request: Request, _ connection: Connection?) {
    record(request, connection, outcome: error.isEmpty ? "done" : error)
    answer(
      error.isEmpty
        ? nil
        : RequestError(
          .commandFailed, error, details: [JSONMember("device", JSONNode(.string(command.device)))]),
      command, request, connection)
  }

  private func answer(
    _ error: RequestError?, _ command: CommandRequest, _ request: Request, _ connection: Connection?
  ) {
    guard let connection, let id = request.id else { return }
    let answer = CommandAnswer(device: command.device, command: command.command)
    consumers.sendOwed(
      wireLine { if let error { $0.refusal(of: id, error) } else { $0.reply(to: id, answer) } }, to: connection)
  }

  /// Records a request; `then` is called on the hub's loop and told whether that could be done. Without an audit log
  /// everything counts as recorded.
  private func record(
    _ request: Request, _ connection: Connection?, outcome: String, isRefusal: Bool = false,
    then: @escaping (Bool) -> Void = { _ in }
  ) {
    guard let audit, let connection else { return then(audit == nil) }
    recordNumber += 1
    let number = recordNumber
    waitingRecords[number] = then
    audit.record(
      AuditLog.Entry(
        peer: connection.session.peer, client: connection.session.client, method: request.method,
        parameters: request.parameters, outcome: outcome, isRefusal: isRefusal, wallTime: now + wallOffset)
    ) { [mailbox] isRecorded in
      mailbox.post { $0.waitingRecords.removeValue(forKey: number)?(isRecorded) }
    }
  }
}
