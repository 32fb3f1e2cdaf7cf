import Supervision
import Testing
import Wire
import WorkerLink

private let second: Int64 = 1_000_000

/// A lifecycle with its own clock that remembers every state.
private struct Life {
  var device: DeviceLifecycle
  var now: Int64 = 0
  var actions: [DeviceLifecycle.Action] = []
  var states: [DeviceState] = []

  init(isDiscovered: Bool = true) {
    device = DeviceLifecycle(isDiscovered: isDiscovered, at: 0)
    then { $0.begin(at: $1) }
  }

  @discardableResult
  mutating func then(
    after wait: Int64 = 0, _ step: (inout DeviceLifecycle, Int64) -> [DeviceLifecycle.Action]
  ) -> [DeviceLifecycle.Action] {
    now += wait
    let new = step(&device, now)
    actions += new
    for case .publish(let status) in new { states.append(status.state) }
    return new
  }

  /// Lets time pass in ticks until a worker is started; gives how long that took.
  mutating func waitForSpawn(_ limit: Int64) -> Int64? {
    let begin = now
    while now - begin < limit {
      if then(after: 50_000, { $0.tick(at: $1) }).contains(.spawn) { return now - begin }
    }
    return nil
  }
}

@Suite struct DeviceLifecycleTests {
  @Test func anOrdinaryDay() {
    var life = Life()
    life.then(after: second) { $0.ready(at: $1) }
    life.then(after: second) { $0.reading(at: $1) }
    life.then(after: second) { $0.overdue(at: $1) }
    life.then(after: second) { $0.reading(at: $1) }
    life.then(after: second) { $0.workerClosed(.lost, code: "usb_detached", sentence: "Gone.", at: $1) }
    life.then { $0.detach(at: $1) }
    life.then { $0.workerEnded("", at: $1) }
    #expect(life.waitForSpawn(60 * second) == nil)
    #expect(life.then { $0.attach(at: $1) }.contains(.spawn))
    #expect(
      life.states == [.found, .starting, .ready, .streaming, .stalled, .streaming, .lost, .found, .starting])
  }

  @Test func anInstrumentThatAnswersAndNeverMeasuresIsStalled() {
    var life = Life()
    life.then(after: second) { $0.ready(at: $1) }
    life.then(after: second) { $0.overdue(at: $1) }
    life.then(after: second) { $0.reading(at: $1) }
    #expect(life.states == [.found, .starting, .ready, .stalled, .streaming])
  }

  @Test func fiveDeathsInAMinuteAreTheEnd() {
    var life = Life()
    var waits: [Int64] = []
    for _ in 0..<4 {
      life.then(after: 10_000) { $0.workerEnded("It crashed.", at: $1) }
      waits.append(life.waitForSpawn(60 * second) ?? -1)
    }
    #expect(waits == [250_000, 500_000, second, 2 * second])
    life.then { $0.workerEnded("It crashed with signal 4.", at: $1) }
    #expect(life.device.state == .quarantined)
    #expect(life.device.status.sentence.hasSuffix("It crashed with signal 4."))
    #expect(life.waitForSpawn(120 * second) == nil)
    #expect(life.then { $0.attach(at: $1) }.contains(.spawn), "plugged in anew it gets another chance")
  }

  @Test func aMinuteOfGoodWorkIsForgiven() {
    var life = Life()
    for _ in 0..<8 {
      life.then { $0.workerEnded("It crashed.", at: $1) }
      #expect(life.waitForSpawn(60 * second) == 250_000)
      life.then { $0.ready(at: $1) }
      life.then(after: 61 * second) { $0.tick(at: $1) }
    }
    #expect(life.device.state == .ready)
  }

  @Test func theDelayNeverPassesThirtySeconds() {
    var life = Life()
    var longest: Int64 = 0
    for _ in 0..<12 {
      life.then { $0.workerClosed(.busy, code: "port_held", sentence: "Held.", at: $1) }
      life.then { $0.workerEnded("", at: $1) }
      #expect(life.device.state == .busyElsewhere)
      longest = max(longest, life.waitForSpawn(60 * second) ?? .max)
    }
    #expect(longest == 30 * second)
  }

  @Test func whoMayNotOpenANodeHearsOfTheRulesAndTheGroup() {
    var life = Life()
    life.then { $0.workerClosed(.forbidden, code: "no_permission", sentence: "Not allowed.", at: $1) }
    #expect(life.device.status.fix.contains("thenar udev-rules") && life.device.status.fix.contains("group thenar"))
  }

  @Test func aRefusalIsFinal() {
    var life = Life()
    life.then { $0.workerClosed(.refused, code: "setup", sentence: "Wrong setting.", at: $1) }
    life.then { $0.workerEnded("", at: $1) }
    #expect(life.device.state == .failed && life.waitForSpawn(120 * second) == nil)
  }

  @Test func misbehaviourIsKilledAndCounted() {
    var life = Life()
    let actions = life.then { $0.misbehaved("flood", "Too much.", at: $1) }
    #expect(actions == [.publish(life.device.status), .kill])
    life.then { $0.workerEnded("signal 9", at: $1) }
    #expect(life.device.state == .backoff && life.device.status.reason == "flood")
    #expect(life.waitForSpawn(second) == 250_000)
  }

  @Test func aWorkerThatDoesNotEndIsKilled() {
    var life = Life()
    life.then { $0.ready(at: $1) }
    life.then { $0.detach(at: $1) }
    #expect(life.then(after: 3 * second) { $0.tick(at: $1) } == [.kill])
  }

  @Test func pluggedInWhileTheOldWorkerEndsItStartsWhenThatIsOver() {
    var life = Life()
    life.then { $0.ready(at: $1) }
    life.then { $0.detach(at: $1) }
    #expect(life.then { $0.attach(at: $1) } == [.askToStop])
    life.then { $0.workerClosed(.stopped, code: "stopped", sentence: "", at: $1) }
    #expect(life.then { $0.workerEnded("", at: $1) }.contains(.spawn))
  }

  @Test func whatDiscoveryDoesNotWatchIsTriedAgain() {
    var life = Life(isDiscovered: false)
    life.then { $0.workerClosed(.lost, code: "line_broken", sentence: "Gone.", at: $1) }
    life.then { $0.workerEnded("", at: $1) }
    #expect(life.waitForSpawn(10 * second) == 500_000)
  }

  @Test func shuttingDownStartsNothing() {
    var life = Life()
    #expect(life.then { $0.shutDown(at: $1) } == [.askToStop])
    life.then { $0.workerEnded("", at: $1) }
    #expect(life.waitForSpawn(60 * second) == nil)
  }

  // MARK: Unplugged

  @Test(arguments: [CloseReason.restart, .busy, .forbidden, .unopened, .refused, .lost, .stopped])
  func whatIsUnpluggedStaysLostWhateverItsWorkerSays(_ reason: CloseReason) {
    var life = Life()
    life.then { $0.ready(at: $1) }
    life.then(after: second) { $0.detach(at: $1) }
    life.then { $0.workerClosed(reason, code: "x", sentence: "It says this.", at: $1) }
    #expect(life.device.state == .lost)
    life.then { $0.workerEnded("It ended.", at: $1) }
    #expect(life.waitForSpawn(120 * second) == nil && life.device.state == .lost)
    #expect(life.then { $0.attach(at: $1) }.contains(.spawn))
  }

  @Test func whatIsUnpluggedAndMisbehavesIsEndedAndStaysLost() {
    var life = Life()
    life.then { $0.detach(at: $1) }
    let actions = life.then { $0.misbehaved("flood", "Too much.", at: $1) }
    #expect(actions.contains(.kill))
    for _ in 0..<3 { life.then { $0.workerEnded("signal 9", at: $1) } }
    #expect(life.device.state == .lost && life.waitForSpawn(60 * second) == nil)
  }

  @Test func unpluggedWhileItIsWaitedForItIsNotStarted() {
    var life = Life()
    life.then { $0.workerClosed(.busy, code: "port_held", sentence: "Held.", at: $1) }
    life.then { $0.workerEnded("", at: $1) }
    life.then(after: 100_000) { $0.detach(at: $1) }
    #expect(life.device.state == .lost && life.waitForSpawn(60 * second) == nil)
  }

  @Test func pluggedInAgainAfterARefusalItGetsAnotherChance() {
    var life = Life()
    life.then { $0.workerClosed(.refused, code: "setup", sentence: "Wrong.", at: $1) }
    life.then { $0.attach(at: $1) }
    life.then { $0.workerEnded("", at: $1) }
    #expect(life.device.state == .starting)
  }

  // MARK: Lines that break

  @Test func aLineThatBreaksAgainAndAgainIsLeftAlone() {
    var life = Life()
    for time in 1...5 {
      life.then { $0.ready(at: $1) }
      life.then(after: second) { $0.reading(at: $1) }
      life.then(after: second) { $0.workerClosed(.lost, code: "line_broken", sentence: "Gone.", at: $1) }
      life.then { $0.workerEnded("", at: $1) }
      if time < 5 { #expect(life.waitForSpawn(60 * second) == second) }
    }
    #expect(life.device.state == .quarantined && life.device.status.reason == "lost_often")
    #expect(life.waitForSpawn(300 * second) == nil)
    life.then { $0.detach(at: $1) }
    #expect(life.device.state == .lost)
    #expect(life.then { $0.attach(at: $1) }.contains(.spawn))
  }

  @Test func lossesThatAreMinutesApartAreForgiven() {
    var life = Life()
    for _ in 0..<10 {
      life.then { $0.ready(at: $1) }
      life.then(after: 20 * second) { $0.tick(at: $1) }
      life.then { $0.workerClosed(.lost, code: "line_broken", sentence: "Gone.", at: $1) }
      life.then { $0.workerEnded("", at: $1) }
      #expect(life.waitForSpawn(60 * second) == second)
    }
  }

  // MARK: What nobody can plug in again

  @Test func aLineThatBreaksAndThatNobodyPlugsInIsTriedAgainMuchLater() {
    var life = Life(isDiscovered: false)
    for _ in 0..<2 {
      while life.device.state != .quarantined {
        life.then { $0.ready(at: $1) }
        life.then { $0.workerClosed(.lost, code: "line_broken", sentence: "Gone.", at: $1) }
        life.then { $0.workerEnded("", at: $1) }
        if life.device.state != .quarantined { #expect(life.waitForSpawn(60 * second) != nil) }
      }
      #expect(life.device.status.reason == "lost_often")
      #expect(!life.device.status.sentence.contains("plugged") && !life.device.status.fix.contains("plug"))
      #expect(life.device.status.fix.contains("tries again every 5 minutes"))
      #expect(life.waitForSpawn(299 * second) == nil)
      #expect(life.waitForSpawn(2 * second) != nil)
      #expect(life.device.state == .starting)
    }
  }

  @Test func aDriverThatDiesAtAPathIsTriedAgainMuchLater() {
    var life = Life(isDiscovered: false)
    for _ in 0..<5 {
      #expect(life.device.state == .starting)
      life.then { $0.workerEnded("It crashed.", at: $1) }
      if life.device.state != .quarantined { #expect(life.waitForSpawn(60 * second) != nil) }
    }
    #expect(life.device.status.reason == "died_often" && !life.device.status.fix.contains("plug"))
    #expect(life.waitForSpawn(299 * second) == nil)
    #expect(life.waitForSpawn(2 * second) != nil)
  }

  @Test func aQuarantineThatTheHubsEndInterruptsStartsNothing() {
    var life = Life(isDiscovered: false)
    while life.device.state != .quarantined {
      life.then { $0.workerEnded("It crashed.", at: $1) }
      if life.device.state != .quarantined { #expect(life.waitForSpawn(60 * second) != nil) }
    }
    life.then { $0.shutDown(at: $1) }
    #expect(life.waitForSpawn(600 * second) == nil)
  }

  // MARK: Change

  @Test func aChangeEndsTheWorkerInGoodOrderAndStartsAnother() {
    var life = Life()
    life.then { $0.ready(at: $1) }
    #expect(life.then { $0.change(at: $1) } == [.askToStop])
    life.then { $0.workerClosed(.stopped, code: "stopped", sentence: "", at: $1) }
    #expect(life.then { $0.workerEnded("", at: $1) }.contains(.spawn))
    #expect(life.states == [.found, .starting, .ready, .starting])
  }

  @Test func aWorkerThatDoesNotEndForAChangeIsKilledAndThatIsNoDeath() {
    var life = Life()
    for _ in 0..<8 {
      life.then { $0.change(at: $1) }
      #expect(life.then(after: 2 * second) { $0.tick(at: $1) } == [.kill])
      #expect(life.then { $0.workerEnded("signal 9", at: $1) }.contains(.spawn))
    }
  }

  @Test(arguments: [CloseReason.refused, .busy])
  func aChangeStartsWhatWasGivenUpOrWaitedFor(_ reason: CloseReason) {
    var life = Life()
    life.then { $0.workerClosed(reason, code: "x", sentence: "X.", at: $1) }
    life.then { $0.workerEnded("", at: $1) }
    #expect(life.then { $0.change(at: $1) }.contains(.spawn))
    #expect(life.waitForSpawn(60 * second) == nil, "and starts it once")
  }

  @Test func aChangeOfWhatIsUnpluggedStartsNothing() {
    var life = Life()
    life.then { $0.detach(at: $1) }
    life.then { $0.workerEnded("", at: $1) }
    #expect(life.then { $0.change(at: $1) } == [])
    #expect(life.waitForSpawn(60 * second) == nil)
  }

  // MARK: Sleep

  @Test func afterASleepAWorkerThatEndsGetsItsTimeAnew() {
    var life = Life()
    life.then { $0.detach(at: $1) }
    life.now += 3_600 * second
    life.device.slept(until: life.now)
    #expect(life.then(after: second) { $0.tick(at: $1) } == [])
    #expect(life.then(after: second) { $0.tick(at: $1) } == [.kill])
  }

  @Test func afterASleepWhatIsWaitedForIsTriedAtOnce() {
    var life = Life()
    for _ in 0..<4 {
      life.then { $0.workerClosed(.busy, code: "port_held", sentence: "Held.", at: $1) }
      life.then { $0.workerEnded("", at: $1) }
      life.now += 3_600 * second
      life.device.slept(until: life.now)
      #expect(life.waitForSpawn(second) == 50_000)
    }
  }
}
