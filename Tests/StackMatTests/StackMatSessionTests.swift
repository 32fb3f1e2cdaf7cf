import DriverKit
import DriverTestKit
import Testing

@testable import StackMat

/// A timer of the test: its emulator's settings, and how the line hands its bytes over.
struct EmulatedTimer: CustomTestStringConvertible {
  var mode: EmulatorSettings.Mode
  var packet: Int
  var pacesBytes = false
  var pieceSize: Int?

  var testDescription: String {
    "\(mode), \(packet) bytes, \(pacesBytes ? "paced" : "whole"), pieces \(pieceSize ?? 0)"
  }

  func open(trials: [Int64], faults: String = "{}", rest: Int64 = 2000) -> VirtualStation {
    let settings =
      #"{"mode":"\#(mode)","packet":\#(packet),"trial_ms":\#(trials),"rest_ms":\#(rest),"#
      + #""byte_pacing":\#(pacesBytes),"faults":\#(faults)}"#
    let station = VirtualStation(stackMatModule, emulatorSettings: settings, hid: false, startingAt: 0)
    station.pieceSize = pieceSize
    station.open()
    return station
  }

  /// What the display shows at the end of a trial.
  func shown(_ milliseconds: Int64) -> Event.Value {
    .integer((packet == 9 ? milliseconds / 10 * 10 : milliseconds) * 1000)
  }

  static let all: [EmulatedTimer] = [EmulatorSettings.Mode.classic, .gen4, .halo].flatMap { mode in
    [9, 10].flatMap { packet in
      [
        EmulatedTimer(mode: mode, packet: packet), EmulatedTimer(mode: mode, packet: packet, pacesBytes: true),
        EmulatedTimer(mode: mode, packet: packet, pieceSize: 1),
        EmulatedTimer(mode: mode, packet: packet, pieceSize: 3),
      ]
    }
  }
  static let whole: [EmulatedTimer] = all.filter { !$0.pacesBytes && $0.pieceSize == nil }
}

extension Recorder {
  fileprivate func trialEvents(_ verbs: Set<String> = ["started", "stopped", "reset"]) -> [String] {
    eventNames.filter { $0.hasPrefix("trial.") && verbs.contains(String($0.dropFirst(6))) }
  }
  fileprivate var results: [Event.Value] {
    events.filter { $0.name == "trial.stopped" }.compactMap { $0.fields["elapsed_us"] }
  }
}

private let trials: [Int64] = [1234, 12_005, 24_817]
private let threeTrials = [[String]](repeating: ["trial.started", "trial.stopped", "trial.reset"], count: 3).flatMap {
  $0
}

@Suite struct StackMatSessionTests {
  @Test(arguments: EmulatedTimer.all) func everyResultIsTheTimersOwn(timer: EmulatedTimer) throws {
    let station = timer.open(trials: trials)
    station.run(for: 60_000_000)
    station.close()
    let said = station.recorder
    #expect(said.results == trials.map(timer.shown))
    #expect(said.trialEvents() == threeTrials)
    #expect(said.readyCount == 1 && said.tallies == [:] && said.faults == [] && said.writes == [])

    // The first trial starts a second after the line was opened; the second one after its result was shown for two.
    let starts = said.events.filter { $0.name == "trial.started" }
    #expect((starts[0].time - 1_000_000).magnitude <= starts[0].uncertainty)
    #expect((starts[1].time - (1_000_000 + 1_234_000 + 2_000_000 + 1_000_000)).magnitude <= starts[1].uncertainty)
    #expect(starts.allSatisfy { $0.quality == .inferred })

    // The clock's samples rise to each result and fall to zero; the same value is not said twice.
    let values = said.values(of: 0).compactMap { $0 }
    let peaks = zip(values, values.dropFirst()).filter { $0 > $1 }
    #expect(peaks.map(\.0) == trials.map { Double(timer.packet == 9 ? $0 / 10 * 10 : $0) / 1000 })
    #expect(peaks.map(\.1) == [0, 0, 0])
    #expect(zip(said.samples, said.samples.dropFirst()).allSatisfy { $0.time < $1.time })
  }

  @Test func aTimerWithAllHeadsTellsOfTheHands() {
    let station = EmulatedTimer(mode: .classic, packet: 9).open(trials: [3000])
    station.run(for: 8_000_000)
    let hands = station.recorder.events[1...2].compactMap { $0.fields["side"] }
    #expect(hands == [.text("left"), .text("right")] || hands == [.text("right"), .text("left")])
    #expect(
      station.recorder.eventNames == [
        "device.connected", "hand.down", "hand.down", "trial.armed", "trial.started", "hand.down", "hand.down",
        "trial.stopped", "hand.up", "hand.up", "trial.reset",
      ])
  }

  @Test(arguments: EmulatedTimer.whole) func faultsOfTheLineCostNoResult(timer: EmulatedTimer) {
    let station = timer.open(trials: trials, faults: #"{"flip_every":20,"drop_every":7,"isolated_armed":true}"#)
    station.run(for: 60_000_000)
    #expect(station.recorder.results == trials.map(timer.shown))
    #expect(station.recorder.trialEvents() == threeTrials)
    #expect(station.recorder.trialEvents(["armed"]).count == (timer.mode == .classic ? 3 : 0))
    #expect(station.recorder.tallies.values.reduce(0, +) > 5)
  }

  @Test(arguments: EmulatedTimer.whole) func noiseThatSparesNoPacketForLongCostsNoResult(timer: EmulatedTimer) {
    let station = timer.open(trials: trials)
    var noise = RepeatableRandom(seed: 5)
    station.onWire = { bytes in
      var bytes = bytes
      if Int.random(in: 0..<5, using: &noise) == 0 {
        let at = Int.random(in: 0..<bytes.count, using: &noise)
        if Bool.random(using: &noise) {
          bytes.remove(at: at)
        } else {
          bytes[at] = UInt8.random(in: 0...255, using: &noise)
        }
      }
      return bytes
    }
    station.run(for: 60_000_000)
    #expect(station.recorder.results == trials.map(timer.shown))
    #expect(station.recorder.trialEvents() == threeTrials)
  }

  @Test(arguments: EmulatedTimer.whole) func silenceInATrialIsBridged(timer: EmulatedTimer) {
    let station = timer.open(trials: [24_817], faults: #"{"silence_after_ms":8000}"#)
    station.run(for: 40_000_000)
    #expect(station.recorder.trialEvents() == ["trial.started", "trial.stopped", "trial.reset"])
    #expect(station.recorder.results == [timer.shown(24_817)])
    #expect(station.recorder.events.first { $0.name == "trial.stopped" }?.quality == .suspect)
    #expect(station.recorder.eventNames.filter { $0.hasPrefix("device.") }.count == 3)
    #expect(station.recorder.faults.map(\.code) == ["silent"])
  }

  @Test(arguments: EmulatedTimer.whole) func aTrialThatEndsInSilenceKeepsItsResultWithADoubt(timer: EmulatedTimer) {
    let station = timer.open(trials: [5000], faults: #"{"silence_after_ms":3000}"#, rest: 9000)
    station.run(for: 20_000_000)
    #expect(station.recorder.trialEvents() == ["trial.started", "trial.stopped", "trial.reset"])
    #expect(station.recorder.results == [timer.shown(5000)])
    #expect(station.recorder.events.first { $0.name == "trial.stopped" }?.quality == [.suspect, .inferred])
  }

  @Test(arguments: EmulatedTimer.whole) func aResultThatWasClearedInSilenceIsNotMadeUp(timer: EmulatedTimer) {
    let station = timer.open(trials: [5000], faults: #"{"silence_after_ms":3000}"#)
    station.run(for: 8_500_000)
    #expect(station.recorder.trialEvents() == ["trial.started", "trial.reset"])
  }

  @Test(arguments: EmulatedTimer.whole) func theArrowButtonBesideAResultDoublesNothing(timer: EmulatedTimer) {
    let station = timer.open(trials: [5000], faults: #"{"silence_after_ms":7500}"#, rest: 9000)
    station.run(for: 20_000_000)
    #expect(station.recorder.trialEvents() == ["trial.started", "trial.stopped", "trial.reset"])
    #expect(station.recorder.results == [timer.shown(5000)])
  }

  @Test(arguments: EmulatedTimer.whole) func aTimerThatSwitchesItselfOffGivesNoResult(timer: EmulatedTimer) {
    let station = timer.open(trials: [1, 5000], faults: #"{"auto_off":true}"#)
    station.run(for: 620_000_000)
    #expect(
      station.recorder.trialEvents() == [
        "trial.started", "trial.reset", "trial.started", "trial.stopped", "trial.reset",
      ])
    #expect(station.recorder.results == [timer.shown(5000)])
    #expect(station.recorder.faults.map(\.code) == ["silent"])
    #expect(station.recorder.values(of: 0).compactMap { $0 }.max().map { $0 > 599.6 && $0 < 599.842 } == true)
  }

  @Test(arguments: EmulatedTimer.whole) func openedInTheMiddleOfATrialItReportsTheWholeTime(timer: EmulatedTimer) {
    let station = timer.open(trials: [24_817])
    station.onWire = { _ in nil }
    station.run(for: 10_000_000)
    station.onWire = nil
    station.run(for: 20_000_000)
    #expect(station.recorder.trialEvents() == ["trial.started", "trial.stopped", "trial.reset"])
    #expect(station.recorder.results == [timer.shown(24_817)])
    let start = station.recorder.events.first { $0.name == "trial.started" }
    #expect(start?.quality == [.suspect, .inferred])
    #expect(start.map { ($0.time - 1_000_000).magnitude <= $0.uncertainty } == true)
  }

  @Test(arguments: EmulatedTimer.whole) func openedBesideAResultItReportsNoTrial(timer: EmulatedTimer) {
    let station = timer.open(trials: [5000])
    station.onWire = { _ in nil }
    station.run(for: 6_500_000)
    station.onWire = nil
    station.run(for: 5_000_000)
    #expect(station.recorder.trialEvents() == ["trial.stopped", "trial.reset"])
    #expect(station.recorder.events.first { $0.name == "trial.stopped" }?.fields["pre_existing"] == .flag(true))
  }

  @Test func aLineOfTheWrongPolarityGivesNothingButANote() {
    let station = EmulatedTimer(mode: .gen4, packet: 10, pacesBytes: true).open(
      trials: [5000], faults: #"{"garbage":true}"#)
    station.run(for: 10_000_000)
    #expect(station.recorder.faults.map(\.code) == ["unreadable"])
    #expect(station.recorder.events.isEmpty && station.recorder.readyCount == 0)
  }

  @Test func theEmulatorStaysOnWhenTheLineIsOpenedAgain() throws {
    let emulator = try #require(EmulatorInstance(stackMatModule, settings: #"{"byte_pacing":false}"#))
    emulator.connected(at: 0)
    emulator.connected(at: 5_000_000)
    emulator.wake(at: 5_083_333)
    #expect(emulator.takeSent() == [Packet(.running, 4000, .thousandths).bytes])
  }

  @Test func byItselfTheEmulatedPersonDoesPegTests() {
    let station = VirtualStation(stackMatModule, hid: false, startingAt: 0)
    station.open()
    station.run(for: 2_000_000)
    #expect(station.recorder.trialEvents() == ["trial.started"])
    station.run(for: 78_000_000)
    let seconds = station.recorder.results.compactMap { result -> Int64? in
      if case .integer(let elapsed) = result { elapsed / 1_000_000 } else { nil }
    }
    #expect(seconds.count >= 3 && seconds.allSatisfy { (15...26).contains($0) })
  }
}
