package import CThenarDriver
internal import ContractCoding
internal import DeviceIO
internal import Glibc
internal import Readings
package import WorkerLink

/// One driver for one device: one thread, one loop over the link, the instrument and the driver's wake-up.
package final class WorkerLoop {
  /// Finds the module's table; tests give their own.
  package typealias Loading = (WorkerSetup) throws(ModuleFailure) -> UnsafePointer<thenar_driver>
  /// What is to be done once it is known what to load, and before any of its code runs.
  package typealias Confining = (WorkerSetup) throws(ModuleFailure) -> Void

  /// How long the hub may take to say what to run, in microseconds.
  private static let setupPatience: Int64 = 5_000_000
  /// How long an instrument may take for the last bytes of a driver that stops, in microseconds.
  private static let drainPatience: Int64 = 500_000
  /// The longest wait for a wake-up; a later one takes several, in microseconds.
  private static let longestWait: Int64 = 3_600_000_000
  /// HID reports per turn, so that an instrument that never pauses cannot keep the hub from being heard.
  private static let reportsPerTurn = 64
  private static let serialReadSize = 4096
  /// Reads from an instrument that is lost: more than hidraw or a terminal keeps.
  private static let mostLeftReads = 1024

  private let link: HubLink
  private let load: Loading
  private let confine: Confining
  private var session: Session?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 8)

  /// What exists once the setup has come.
  private struct Session {
    let setup: WorkerSetup
    let host: HostCalls
    let driver: LoadedDriver
    var isStarted = false
  }

  /// A loop over the link's descriptor, which stays the caller's.
  package init(
    link: Int32,
    load: @escaping Loading = { setup throws(ModuleFailure) in
      try loadModule(library: setup.library, id: setup.module, version: setup.moduleVersion)
    },
    confine: @escaping Confining = { _ in }
  ) {
    self.link = HubLink(descriptor: link)
    self.load = load
    self.confine = confine
  }

  deinit { buffer.deallocate() }

  /// Works until the hub or the instrument is gone, or the driver asks for the end. The hub is told why.
  package func run() {
    do throws(Ending) {
      link.post(.hello(version: linkVersion, process: getpid()))
      link.flush()
      try open(try waitForSetup())
      try work()
    } catch {
      finish(error)
    }
  }

  // MARK: opening

  private func waitForSetup() throws(Ending) -> WorkerSetup {
    let end = stationTime() + Self.setupPatience
    while true {
      while let message = try link.next() {
        switch message {
        case .setup(let setup): return try checked(setup)
        case .ping(let number): link.post(.pong(number))
        case .stop: throw Self.stopped
        case .command: break
        }
      }
      link.flush()
      if link.isGone { throw .hubGone }
      let left = end - stationTime()
      guard left > 0 else {
        throw .closed(.refused, code: "no_setup", sentence: "The hub did not say what to run within 5 seconds.")
      }
      var entries = [pollfd(fd: link.descriptor, events: Int16(POLLIN), revents: 0)]
      pollDescriptors(&entries, timeout: left)
      if isReadable(entries[0]) { link.receive() }
    }
  }

  private func checked(_ setup: WorkerSetup) throws(Ending) -> WorkerSetup {
    guard setup.version == linkVersion else {
      throw .closed(
        .refused, code: "link_version",
        sentence: "The hub speaks version \(setup.version) of the link and the worker \(linkVersion): "
          + "install both from one build of Thenar.")
    }
    return setup
  }

  private func open(_ setup: WorkerSetup) throws(Ending) {
    // The way to an emulator is a connection, which a confined process cannot make, and needs no word of the driver.
    let emulator = setup.address.node == nil ? openWay(to: setup.address, setup.line) : nil
    defer { if let emulator, session?.host.transport == nil { try? emulator.get().close() } }
    let table: UnsafePointer<thenar_driver>
    do throws(ModuleFailure) {
      try confine(setup)
      table = try load(setup)
    } catch {
      throw .closed(.refused, code: error.code, sentence: error.sentence)
    }
    let host = HostCalls(link: link, module: setup.module)
    guard let driver = LoadedDriver(table, setup: setup, host: host) else {
      throw host.ending
        ?? .closed(
          .refused, code: "contract",
          sentence: "The driver \(setup.module) refused its setup and did not say why: tell its author.")
    }
    var session = Session(setup: setup, host: host, driver: driver)
    self.session = session
    try settle(host)

    var line = setup.line
    if !setup.address.isHID {
      do throws(ContractBreach) { line = try driver.serialLine(default: line) ?? line } catch {
        host.breach(in: "serial_line", error)
      }
      try settle(host)
    }
    do throws(OpenFailure) { host.transport = try (emulator ?? openWay(to: setup.address, line)).get() } catch {
      throw .closed(error.reason, code: error.code, sentence: error.sentence)
    }
    session.isStarted = true
    self.session = session
    driver.start(at: stationTime())
    try settle(host)
  }

  private func openWay(to address: TransportAddress, _ line: SerialLine) -> Result<any Transport, OpenFailure> {
    do throws(OpenFailure) { return .success(try openTransport(address, line: line)) } catch { return .failure(error) }
  }

  // MARK: working

  private func work() throws(Ending) -> Never {
    guard let session, let transport = session.host.transport else { throw .hubGone }
    while true {
      try answerMessages(session)
      link.flush()
      if link.isGone { throw .hubGone }
      do throws(ConnectionLost) {
        let ready = try transport.wait(link: link.descriptor, timeout: timeToWake(session.host))
        // What the instrument said before the hub's word goes first: a stop must not lose a reading.
        if ready.contains(.device) { try deliver(session, from: transport) }
        if ready.contains(.link) { link.receive() }
      } catch {
        throw .closed(.lost, code: error.code, sentence: error.sentence)
      }
      try settle(session.host)
      try wakeWhenDue(session)
    }
  }

  /// Microseconds, or `nil` when the driver asked for no wake-up. A driver may ask for any time at all.
  private func timeToWake(_ host: HostCalls) -> Int64? {
    host.wakeTime.map { $0 <= 0 ? 0 : min(max(0, $0 - stationTime()), Self.longestWait) }
  }

  private func deliver(_ session: Session, from transport: any Transport) throws(ConnectionLost) {
    let isHID = session.setup.address.isHID
    let room = isHID ? buffer : UnsafeMutableRawBufferPointer(rebasing: buffer[..<Self.serialReadSize])
    for _ in 0..<(isHID ? Self.reportsPerTurn : 1) {
      guard let arrival = try transport.read(into: room) else { return }
      hand(arrival, in: UnsafeRawBufferPointer(room), to: session.driver)
      if session.host.ending != nil { return }
    }
  }

  private func hand(_ arrival: Arrival, in room: UnsafeRawBufferPointer, to driver: LoadedDriver) {
    let bytes = UnsafeRawBufferPointer(rebasing: room[..<arrival.count])
    if let report = arrival.feature {
      driver.receiveFeature(report, bytes, at: arrival.time)
    } else {
      driver.receive(bytes, at: arrival.time)
    }
  }

  /// At most once per turn, so that a driver that always asks for now cannot keep the hub from being heard.
  private func wakeWhenDue(_ session: Session) throws(Ending) {
    let now = stationTime()
    guard let wake = session.host.wakeTime, wake <= now else { return }
    session.host.wakeTime = nil
    session.driver.wake(at: now)
    try settle(session.host)
  }

  private func answerMessages(_ session: Session) throws(Ending) {
    while let message = try link.next() {
      switch message {
      case .ping(let number): link.post(.pong(number))
      case .stop: throw Self.stopped
      case .command(let number, let name, let arguments):
        session.host.openCommands.insert(number)
        if !session.driver.command(number, name: name, arguments: arguments, at: stationTime()) {
          session.host.openCommands.remove(number)
          link.post(.outcome(command: number, error: "The driver \(session.setup.module) takes no commands."))
        }
        try settle(session.host)
      case .setup:
        throw .closed(.refused, code: "second_setup", sentence: "The hub sent a second setup to one worker.")
      }
    }
  }

  private func settle(_ host: HostCalls) throws(Ending) {
    if let ending = host.ending { throw ending }
  }

  // MARK: ending

  private static let stopped = Ending.closed(
    .stopped, code: "stopped", sentence: "The instrument was closed in good order.")

  private func finish(_ ending: Ending) {
    if let session {
      if let transport = session.host.transport {
        switch ending {
        case .hubGone: break
        case .closed(.lost, _, _): deliverWhatIsLeft(session, from: transport)
        case .closed: stop(session, transport)
        }
        transport.close()
        session.host.transport = nil
      }
      session.driver.destroy()
    }
    if case .closed(let reason, let code, let sentence) = ending {
      link.post(.closed(reason, code: code, sentence: sentence))
      link.flush()
    }
    session = nil
  }

  /// A write that failed says that the instrument is gone; what it said before may still wait to be read. Bounded: it
  /// may also have stopped to listen and go on to talk.
  private func deliverWhatIsLeft(_ session: Session, from transport: any Transport) {
    for _ in 0..<Self.mostLeftReads {
      guard let arrival = try? transport.read(into: buffer) else { return }
      hand(arrival, in: UnsafeRawBufferPointer(buffer), to: session.driver)
    }
  }

  private func stop(_ session: Session, _ transport: any Transport) {
    if session.isStarted { session.driver.stop(at: stationTime()) }
    let end = stationTime() + Self.drainPatience
    while transport.hasUnsentBytes, stationTime() < end {
      // The kernel's own queue has no event: look again soon. What the instrument says after its driver stopped has no
      // reader, but an instrument that cannot get rid of it may not listen either.
      guard let ready = try? transport.wait(link: -1, timeout: 5000) else { break }
      if ready.contains(.device), (try? transport.read(into: buffer)) == nil { break }
    }
    if transport.hasUnsentBytes {
      link.post(
        .fault(
          .note, code: "unsent_bytes",
          sentence: "The instrument did not take the last bytes that it was sent: it may still be measuring."))
    }
  }
}
