internal import CThenarDriver
internal import ContractCoding
internal import DeviceIO
internal import Readings
internal import WorkerLink

/// What a driver may ask for, checked: the worker's side of `thenar_host`. Nothing that a driver hands over is trusted;
/// a call that breaks a rule is dropped, reported, and ends the instance.
final class HostCalls {
  /// The most bytes that a driver may write at once.
  private static let longestWrite = 65_536
  /// The most requests for feature reports that may wait for their answers.
  private static let mostFeatureRequests = 16
  /// The longest feature report that the kernel takes.
  private static let longestFeature = 16_384
  private static let breachCode = "contract"

  private let link: HubLink
  private let module: String
  /// `create` is running: only `fault` may be called.
  var isCreating = false
  /// Where writes go, once the line is open.
  var transport: (any Transport)?
  /// When the driver wants to be woken.
  var wakeTime: Int64?
  /// Why the work must end, once that is so.
  var ending: Ending?
  /// Commands that the driver has not answered.
  var openCommands: Set<UInt64> = []
  private var channelNames: [UInt32: String] = [:]
  private var isReady = false

  init(link: HubLink, module: String) {
    self.link = link
    self.module = module
  }

  /// A call broke a rule: nothing more is believed of this instance. It may still tell its instrument to be quiet.
  private var isBroken: Bool {
    if case .closed(.restart, code: Self.breachCode, _)? = ending { true } else { false }
  }

  /// Ends the work, unless an earlier call did.
  func end(_ ending: Ending) {
    if self.ending == nil { self.ending = ending }
  }

  /// Runs a checked call.
  private func call(
    _ function: String, alsoWhenBroken: Bool = false, _ body: () throws(ContractBreach) -> Void
  ) {
    if isBroken, !alsoWhenBroken { return }
    do throws(ContractBreach) {
      if isCreating { throw ContractBreach("create may call nothing but fault") }
      try body()
    } catch {
      breach(in: function, error)
    }
    if link.isGone { end(.hubGone) }
  }

  /// Reports a broken rule. Only the first: a driver that breaks one in every call must not fill the link.
  func breach(in function: String, _ breach: ContractBreach) {
    if ending != nil { return }
    let sentence =
      "The driver \(module) broke the driver contract in \(function): \(breach.rule). Tell its author; it is started anew."
    report(.restart, Self.breachCode, sentence)
  }

  private func report(_ severity: FaultSeverity, _ code: String, _ sentence: String) {
    link.post(.fault(severity, code: code, sentence: sentence))
    switch severity {
    case .note: break
    case .restart: end(.closed(.restart, code: code, sentence: sentence))
    case .refuse: end(.closed(.refused, code: code, sentence: sentence))
    }
  }

  // MARK: the functions of thenar_host

  func write(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
    call("write", alsoWhenBroken: true) { () throws(ContractBreach) in
      guard let transport else { throw ContractBreach("the line is not open") }
      guard (1...Self.longestWrite).contains(count) else {
        throw ContractBreach("\(count) bytes are not 1 to \(Self.longestWrite)")
      }
      guard let bytes else { throw ContractBreach("the bytes are NULL") }
      if case .closed(.lost, _, _) = ending { return }
      do throws(ConnectionLost) {
        try transport.write(UnsafeRawBufferPointer(start: bytes, count: count))
      } catch {
        end(.closed(.lost, code: error.code, sentence: error.sentence))
      }
    }
  }

  func channel(_ pointer: UnsafePointer<thenar_channel>?) {
    call("channel") { () throws(ContractBreach) in
      let channel = try Channel(checking: structure(pointer))
      guard !channelNames.contains(where: { $0 != channel.number && $1 == channel.name }) else {
        throw ContractBreach("two channels are named \"\(channel.name)\"")
      }
      channelNames[channel.number] = channel.name
      link.post(.channel(channel))
    }
  }

  func identify(_ pointer: UnsafePointer<thenar_identity>?) {
    call("identify") { () throws(ContractBreach) in
      link.post(.identity(try Identity(checking: structure(pointer))))
    }
  }

  func ready() {
    call("ready") { () throws(ContractBreach) in
      if isReady { throw ContractBreach("it was called a second time") }
      isReady = true
      link.post(.ready)
    }
  }

  func samples(_ pointer: UnsafePointer<thenar_samples>?) {
    call("samples") { () throws(ContractBreach) in
      let samples = try structure(pointer)
      try checkDeclared(samples.channel)
      link.post(try CheckedSamples(samples))
    }
  }

  func event(_ pointer: UnsafePointer<thenar_event>?) {
    call("event") { () throws(ContractBreach) in link.post(.event(try Event(checking: structure(pointer)))) }
  }

  func lost(_ channel: UInt32, _ count: UInt64, _ reason: thenar_text) {
    call("lost") { () throws(ContractBreach) in
      try checkDeclared(channel)
      link.post(
        .lost(Loss(channel: channel, count: try bounded(count, "count"), reason: try name(reason, "reason"))))
    }
  }

  func wake(at time: Int64) {
    call("wake_at") { () throws(ContractBreach) in wakeTime = time == THENAR_NO_TIME ? nil : time }
  }

  func tally(_ counter: thenar_text, _ amount: UInt64) {
    call("tally") { () throws(ContractBreach) in
      link.post(.tally(counter: try name(counter, "counter"), amount: try bounded(amount, "amount")))
    }
  }

  func fault(_ severity: UInt32, _ code: thenar_text, _ text: thenar_text) {
    if isBroken { return }
    do throws(ContractBreach) {
      guard let severity = FaultSeverity(rawValue: severity) else {
        throw ContractBreach("severity \(severity) does not exist")
      }
      let sentence = try freeText(text, limit: ReadingLimits.sentenceBytes, "text")
      guard !sentence.isEmpty else { throw ContractBreach("the text is empty") }
      report(severity, try name(code, "code"), sentence)
    } catch {
      breach(in: "fault", error)
    }
  }

  func outcome(_ command: UInt64, _ error: thenar_text) {
    call("outcome") { () throws(ContractBreach) in
      let error = try freeText(error, limit: ReadingLimits.sentenceBytes, "error")
      guard openCommands.remove(command) != nil else {
        throw ContractBreach("command \(command) was not given, or was answered before")
      }
      link.post(.outcome(command: command, error: error))
    }
  }

  func requestFeature(_ report: UInt8) {
    call("request_feature") { () throws(ContractBreach) in
      let transport = try reportTransport()
      guard transport.openFeatureRequests < Self.mostFeatureRequests else {
        throw ContractBreach("\(Self.mostFeatureRequests) requests are open already")
      }
      if case .closed(.lost, _, _) = ending { return }
      do throws(ConnectionLost) { try transport.requestFeature(report) } catch {
        end(.closed(.lost, code: error.code, sentence: error.sentence))
      }
    }
  }

  func writeFeature(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
    call("write_feature", alsoWhenBroken: true) { () throws(ContractBreach) in
      let transport = try reportTransport()
      guard (1...Self.longestFeature).contains(count) else {
        throw ContractBreach("\(count) bytes are not 1 to \(Self.longestFeature)")
      }
      guard let bytes else { throw ContractBreach("the bytes are NULL") }
      if case .closed(.lost, _, _) = ending { return }
      do throws(ConnectionLost) {
        let isTaken = try transport.writeFeature(UnsafeRawBufferPointer(start: bytes, count: count))
        if !isTaken { link.post(.tally(counter: "refused_features", amount: 1)) }
      } catch {
        end(.closed(.lost, code: error.code, sentence: error.sentence))
      }
    }
  }

  private func reportTransport() throws(ContractBreach) -> any ReportTransport {
    guard let transport else { throw ContractBreach("the line is not open") }
    guard let transport = transport as? any ReportTransport else {
      throw ContractBreach("a serial instrument has no feature reports")
    }
    return transport
  }

  private func checkDeclared(_ channel: UInt32) throws(ContractBreach) {
    if channelNames[channel] == nil { throw ContractBreach("channel \(channel) was never declared") }
  }
}
