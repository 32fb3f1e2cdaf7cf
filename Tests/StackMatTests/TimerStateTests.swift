import DriverKit
import Testing

@testable import StackMat

/// A row of the state table: what leads to the state, the packets, and what they change.
struct StateRow: CustomTestStringConvertible {
  var testDescription: String
  /// Head and milliseconds of packets 112 ms apart.
  var before: [(Head, Int64)] = []
  /// Silence in between, in milliseconds; `nil`: none.
  var silence: Int64?
  var packets: [(Head, Int64)]
  var changes: [TimerState.Change]

  init(
    _ name: String, before: [(Head, Int64)] = [], silence: Int64? = nil, _ packets: [(Head, Int64)],
    _ changes: [TimerState.Change]
  ) {
    testDescription = name
    self.before = before
    self.silence = silence
    self.packets = packets
    self.changes = changes
  }

  func run() -> [TimerState.Change] {
    var state = TimerState()
    var time: Microseconds = 0
    func take(_ packet: (Head, Int64)) -> [TimerState.Change] {
      time += 112_000
      return state.take(Reading(packet: Packet(packet.0, packet.1, .thousandths), time: time))
    }
    for packet in before { _ = take(packet) }
    if let silence {
      state.lose()
      time += silence * 1000
    }
    return packets.flatMap(take)
  }
}

private let idle: [(Head, Int64)] = [(.idle, 0)]
private let armed: [(Head, Int64)] = [(.idle, 0), (.leftHand, 0), (.bothHands, 0), (.armed, 0)]
private let running: [(Head, Int64)] = armed + [(.running, 100), (.running, 212)]
private let stopped: [(Head, Int64)] = running + [(.bothHands, 300), (.stopped, 300)]

private let rows: [StateRow] = [
  // idle
  StateRow("the left hand comes down", before: idle, [(.leftHand, 0)], [.handDown(.left)]),
  StateRow("the right hand comes down", before: idle, [(.rightHand, 0)], [.handDown(.right)]),
  StateRow("both hands come down", before: idle, [(.bothHands, 0)], [.handDown(.left), .handDown(.right)]),
  StateRow("the second hand comes down", before: idle + [(.rightHand, 0)], [(.bothHands, 0)], [.handDown(.left)]),
  StateRow(
    "hands go up one by one", before: idle + [(.bothHands, 0)], [(.leftHand, 0), (.idle, 0)],
    [.handUp(.right), .handUp(.left)]),
  StateRow("armed", before: idle + [(.bothHands, 0)], [(.armed, 0), (.armed, 0)], [.armed]),
  StateRow(
    "armed at once", before: idle, [(.armed, 0)], [.handDown(.left), .handDown(.right), .armed]),
  // armed
  StateRow(
    "disarmed by no hand", before: armed, [(.idle, 0)], [.handUp(.left), .handUp(.right), .disarmed]),
  StateRow("disarmed by one hand", before: armed, [(.leftHand, 0)], [.handUp(.right), .disarmed]),
  StateRow("disarmed by the other hand", before: armed, [(.rightHand, 0)], [.handUp(.left), .disarmed]),
  StateRow("disarmed with both hands", before: armed, [(.bothHands, 0)], [.disarmed]),
  // idle or armed to running
  StateRow("started by head and time", before: armed, [(.running, 90)], [.started(90, .inferred), .sample(90, [])]),
  StateRow("started by the head alone", before: armed, [(.running, 0)], [.started(0, .inferred)]),
  StateRow("started by the time alone", before: idle, [(.idle, 90)], [.started(90, .inferred), .sample(90, [])]),
  StateRow("started at the limit", before: idle, [(.idle, 600)], [.started(600, .inferred), .sample(600, [])]),
  StateRow(
    "started with packets lost", before: armed, [(.running, 601)],
    [.started(601, [.inferred, .suspect]), .sample(601, [])]),
  // running
  StateRow("running", before: running, [(.running, 324), (.running, 436)], [.sample(324, []), .sample(436, [])]),
  StateRow("running, though the head says idle", before: running, [(.idle, 324)], [.sample(324, [])]),
  StateRow(
    "stopped by its head", before: running, [(.stopped, 300)],
    [.sample(300, []), .stopped(300, [], preExisting: false)]),
  StateRow(
    "stopped by both hands and the same time", before: running, [(.bothHands, 300), (.bothHands, 300)],
    [.handDown(.left), .handDown(.right), .sample(300, []), .stopped(300, [], preExisting: false)]),
  StateRow(
    "not stopped by both hands alone", before: running, [(.bothHands, 324), (.running, 436)],
    [.handDown(.left), .handDown(.right), .sample(324, []), .sample(436, [])]),
  StateRow(
    "stopped by the same time twice", before: running, [(.idle, 300), (.idle, 300), (.idle, 300)],
    [.sample(300, []), .stopped(300, [], preExisting: false)]),
  StateRow(
    "stopped by the same time under a running head", before: running, [(.running, 212)],
    [.stopped(212, [], preExisting: false)]),
  StateRow(
    "a smaller time", before: running, [(.running, 150), (.running, 436), (.stopped, 500)],
    [
      .timeError, .sample(150, .suspect), .sample(436, []), .sample(500, .suspect),
      .stopped(500, .suspect, preExisting: false),
    ]),
  StateRow(
    "armed once while the time grows", before: running, [(.armed, 324), (.running, 436)],
    [.sample(324, []), .sample(436, [])]),
  StateRow("zero once", before: running, [(.idle, 0), (.running, 436)], [.sample(436, [])]),
  StateRow(
    "aborted", before: running, [(.idle, 0), (.idle, 0), (.idle, 0)], [.reset(.aborted, []), .sample(0, [])]),
  StateRow(
    "aborted with a hand down", before: running, [(.idle, 0), (.leftHand, 0)],
    [.handDown(.left), .reset(.aborted, []), .sample(0, [])]),
  StateRow(
    "two running zeros at the start", before: armed, [(.running, 0), (.running, 0), (.running, 112)],
    [.started(0, .inferred), .sample(112, [])]),
  StateRow(
    "a start that was none", before: armed, [(.running, 0), (.idle, 0), (.idle, 0)],
    [.started(0, .inferred), .reset(.aborted, [])]),
  StateRow(
    "another trial behind lost packets", before: armed + [(.running, 5000)], [(.idle, 0), (.running, 100)],
    [.reset(.lost, [.suspect, .inferred]), .started(100, [.suspect, .inferred]), .sample(100, [])]),
  StateRow(
    "the end of the scale", before: running, [(.running, 599_999), (.running, 599_999)],
    [.sample(599_999, []), .stopped(599_999, .overRange, preExisting: false)]),
  // stopped
  StateRow(
    "the result is held", before: stopped, [(.stopped, 300), (.idle, 300), (.leftHand, 300)], [.handDown(.left)]),
  StateRow("reset", before: stopped, [(.idle, 0), (.idle, 0)], [.reset(.cleared, []), .sample(0, [])]),
  StateRow(
    "reset and armed", before: stopped, [(.armed, 0)],
    [.handDown(.left), .handDown(.right), .reset(.cleared, []), .sample(0, []), .armed]),
  StateRow("another time once", before: stopped, [(.stopped, 310), (.stopped, 300), (.stopped, 310)], []),
  StateRow(
    "another result", before: stopped, [(.stopped, 310), (.stopped, 310)],
    [
      .contradicted(reported: 300, shown: 310), .sample(310, [.suspect, .inferred]),
      .stopped(310, [.suspect, .inferred], preExisting: true),
    ]),
  StateRow(
    "running without a reset", before: stopped, [(.running, 500), (.running, 612)],
    [.started(612, [.suspect, .inferred]), .sample(612, [])]),
]

private let joins: [StateRow] = [
  StateRow("opened at rest", [(.idle, 0), (.idle, 0)], []),
  StateRow("opened with a hand down", [(.leftHand, 0)], [.handDown(.left)]),
  StateRow("opened armed", [(.armed, 0)], [.handDown(.left), .handDown(.right), .armed]),
  StateRow("opened on one packet with a result", [(.idle, 24_817)], []),
  StateRow("opened on one packet with a stopped head", [(.stopped, 24_817)], []),
  StateRow(
    "opened on a result", [(.stopped, 24_817), (.stopped, 24_817), (.stopped, 24_817)],
    [.sample(24_817, .inferred), .stopped(24_817, .inferred, preExisting: true)]),
  StateRow(
    "opened on a result and reset", [(.idle, 24_817), (.idle, 24_817), (.idle, 0)],
    [
      .sample(24_817, .inferred), .stopped(24_817, .inferred, preExisting: true), .reset(.cleared, []), .sample(0, []),
    ]),
  StateRow(
    "opened in a trial", [(.running, 5000), (.running, 5112), (.stopped, 5200)],
    [
      .started(5112, [.suspect, .inferred]), .sample(5112, []), .sample(5200, []),
      .stopped(5200, [], preExisting: false),
    ]),
  StateRow(
    "opened in a trial of a timer that always says idle", [(.idle, 5000), (.idle, 5112), (.idle, 5112)],
    [
      .started(5112, [.suspect, .inferred]), .sample(5112, []), .stopped(5112, [], preExisting: false),
    ]),
  StateRow("silent at rest", before: idle, silence: 5000, [(.idle, 0)], []),
  StateRow(
    "silent in a trial that goes on", before: running, silence: 5000,
    [(.running, 5324), (.running, 5436), (.stopped, 5500)],
    [.sample(5436, []), .sample(5500, .suspect), .stopped(5500, .suspect, preExisting: false)]),
  StateRow(
    "silent while a trial ends", before: running, silence: 5000, [(.idle, 3000), (.idle, 3000)],
    [.sample(3000, [.suspect, .inferred]), .stopped(3000, [.suspect, .inferred], preExisting: false)]),
  StateRow(
    "silent, and a result that this trial cannot have", before: running, silence: 5000, [(.idle, 9000), (.idle, 9000)],
    [
      .reset(.lost, [.suspect, .inferred]), .sample(9000, .inferred), .stopped(9000, .inferred, preExisting: true),
    ]),
  StateRow(
    "silent, and another trial", before: running, silence: 5000, [(.running, 500), (.running, 612)],
    [.reset(.lost, [.suspect, .inferred]), .started(612, [.suspect, .inferred]), .sample(612, [])]),
  StateRow(
    "silent in a trial, then cleared", before: running, silence: 5000, [(.idle, 0), (.idle, 0)],
    [.reset(.aborted, []), .sample(0, [])]),
  StateRow("silent beside a result", before: stopped, silence: 5000, [(.stopped, 300), (.stopped, 300)], []),
  StateRow(
    "silent beside a result, then reset", before: stopped, silence: 5000, [(.idle, 0)],
    [.reset(.cleared, []), .sample(0, [])]),
  StateRow(
    "silent while a whole trial went by", before: stopped, silence: 60_000, [(.stopped, 21_500), (.stopped, 21_500)],
    [.sample(21_500, .inferred), .stopped(21_500, .inferred, preExisting: true)]),
]

@Suite struct TimerStateTests {
  @Test(arguments: rows) func theTableHolds(row: StateRow) { #expect(row.run() == row.changes) }

  @Test(arguments: joins) func nothingIsTakenForNewThatIsNot(row: StateRow) { #expect(row.run() == row.changes) }
}
