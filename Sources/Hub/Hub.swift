internal import Consumers
internal import Loop
internal import Platform
internal import Readings
internal import Stream
internal import Supervision
internal import Wire

/// Joins the parts: what workers say becomes records, records go to consumers, and consumers' requests are carried out.
/// Belongs to one thread: nothing here is touched from elsewhere.
final class Hub {
  /// Ten times a second: deadlines, heartbeats.
  private static let tick: Microseconds = 1_000_000 / Microseconds(Consumers.ticksPerSecond)
  /// While a worker's process is waited for.
  private static let shortWait: Microseconds = 5_000
  /// A turn that comes so much later than it should have is no slow turn: the station, or the hub, slept.
  private static let sleep: Microseconds = 2_000_000
  /// For how long consumers may take to read the last word.
  private static let farewell: Microseconds = 500_000

  let options: HubOptions
  var drivers: [DriverReport]
  let loop: EventLoop
  let log: RecordLog
  let consumers: Consumers
  let audit: AuditLog?
  let mailbox: Mailbox<Hub>
  var station: DeviceSet
  /// Workers whose link is closed and whose process is not over.
  var endingWorkers: [EndingWorker] = []
  /// Lent to whoever reads.
  let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
  /// The time of this turn.
  private(set) var now: Microseconds
  /// The wall clock less the station's.
  private(set) var wallOffset: Microseconds
  var commandNumber: UInt64 = 0
  /// Commands of a device that wait to be recorded.
  var recordingCommands: [ObjectIdentifier: Int] = [:]
  /// Who waits for what is being recorded.
  var waitingRecords: [UInt64: (Bool) -> Void] = [:]
  var recordNumber: UInt64 = 0
  private var acceptor: Acceptor?
  private var letters: MailboxReader?
  private var nextTick: Microseconds
  private var ticks = 0
  private var settledPosition: UInt64 = 0
  private(set) var isShuttingDown = false
  private var whenStopped: (() -> Void)?
  private var endBy: Microseconds?
  private var isOver = false

  init(options: HubOptions, epoch: String, listener: Int32, mailbox: Mailbox<Hub>) throws(EventLoop.Failure) {
    self.options = options
    drivers = options.drivers
    self.mailbox = mailbox
    loop = try EventLoop()
    log = RecordLog(epoch: epoch, limit: options.ringBytes)
    let clock = options.clock
    now = clock()
    nextTick = now + Self.tick
    wallOffset = SystemClock.wall() - now
    consumers = Consumers(
      limits: options.consumerLimits, roles: options.roles, loop: loop, tail: log.tail, topics: log.topics,
      clock: clock)
    audit = options.auditPath.map { AuditLog(path: $0, report: options.log) }
    station = DeviceSet()
    consumers.services = Consumers.Services(
      carryOut: { [unowned self] in carryOut($0, for: $1) }, welcome: { [unowned self] in welcome },
      heartbeat: { [unowned self] in heartbeat }, log: options.log)
    acceptor = try Acceptor(listener, loop: loop, consumers: consumers, log: options.log)
    letters = try MailboxReader(self)
  }

  deinit { readBuffer.deallocate() }

  /// Work that other threads have for the hub.
  private final class MailboxReader: ReadinessHandler {
    private unowned let hub: Hub

    init(_ hub: Hub) throws(EventLoop.Failure) {
      self.hub = hub
      _ = try hub.loop.add(hub.mailbox.descriptor, for: .read, self)
    }

    func ready(_ readiness: Readiness) {
      for letter in hub.mailbox.empty() { letter(hub) }
    }
  }

  // MARK: Turns

  /// Works until the hub has been shut down.
  func run() throws(EventLoop.Failure) {
    while !isOver { try turn(waiting: patience) }
    consumers.dropAll()
    audit?.finish()
  }

  /// Waits for something to do, so many milliseconds at most, and does it.
  func turn(waiting milliseconds: Int32) throws(EventLoop.Failure) {
    let before = now
    try loop.wait(milliseconds: milliseconds)
    now = options.clock()
    wallOffset = SystemClock.wall() - now
    if now - before > Self.sleep { slept(since: before) }
    loop.tellHandlers()
    finishTurn()
    now = options.clock()
  }

  /// Milliseconds for which nothing needs to be done.
  private var patience: Int32 {
    if consumers.haveWork { return 0 }
    var next = nextTick
    if !endingWorkers.isEmpty { next = min(next, now + Self.shortWait) }
    if let due = consumers.nextDue { next = min(next, due) }
    return Int32(min(max(0, (next - now + 999) / 1000), 1000))
  }

  /// Readings first, then the newest values, then requests and those that are behind.
  private func finishTurn() {
    log.topics.decisionsLeft = TopicTable.decisionsPerTurn
    settle()
    consumers.sendLatest()
    consumers.work()
    settle()
    reapWorkers()
    if now >= nextTick {
      nextTick = max(nextTick + Self.tick, now)
      timePasses()
    }
  }

  /// Sends what has its number. Also in the middle of a turn in which much has come.
  func settle() {
    consumers.settle()
    settledPosition = log.tail.endPosition
  }

  func settleIfMuchHasCome() {
    if log.tail.endPosition - settledPosition > UInt64(log.tail.slack) { settle() }
  }

  private func timePasses() {
    ticks += 1
    for device in station.driven { look(after: device, pings: ticks % Consumers.ticksPerSecond == 0) }
    if ticks % Consumers.ticksPerSecond == 0 { acceptor?.tick() }
    settle()
    consumers.tick()
    if let endBy, now >= endBy { end() }
    if isShuttingDown, whenStopped == nil, consumers.count == 0 { isOver = true }
  }

  /// What should have come while nobody was awake is not held against anybody.
  private func slept(since before: Microseconds) {
    options.log("The station slept for \((now - before) / 1_000_000) seconds; every deadline begins anew.")
    for device in station.driven { slept(device, from: before) }
    for index in endingWorkers.indices { endingWorkers[index].until += now - before }
    consumers.slept()
    nextTick = now
  }

  // MARK: End

  /// Closes every instrument in good order, then the consumers, then calls `stopped`.
  func shutDown(within patience: Microseconds, _ stopped: @escaping () -> Void) {
    isShuttingDown = true
    whenStopped = stopped
    endBy = now + patience
    acceptor?.stop()
    for device in station.driven { perform(device.lifecycle.shutDown(at: now), device) }
    finishShutDown()
  }

  func finishShutDown() {
    guard isShuttingDown, !station.driven.contains(where: \.lifecycle.isRunning) else { return }
    end()
  }

  private func end() {
    guard let stopped = whenStopped else {
      // The farewell is over as well.
      isOver = true
      return
    }
    whenStopped = nil
    endBy = now + Self.farewell
    for device in station.driven { device.worker?.process.kill() }
    settle()
    consumers.closeAll(RequestError(.shuttingDown, "Thenar is being stopped."))
    stopped()
  }
}
