import DriverKit
import StrictJSON

/// What the emulated timer is like and what goes wrong with it.
struct EmulatorSettings {
  /// The kinds of timer (PROTOCOL.md 2.4).
  enum Mode: String, CaseIterable {
    /// Says everything that its pads and its clock do.
    case classic
    /// Says only whether its clock runs.
    case gen4
    /// Says nothing but the time.
    case halo
  }

  var mode = Mode.gen4
  var layout = PacketLayout.thousandths
  var seed: UInt64 = 1
  /// Lengths of the trials; `nil`: peg tests without end.
  var trials: [Microseconds]?
  /// How long a result is shown.
  var rest: Microseconds = 2_000_000
  /// Bytes one by one as they come at 1200 baud, or whole packets.
  var pacesBytes = true
  var faults = Faults()

  /// What goes wrong (PROTOCOL.md 7).
  struct Faults {
    /// One bit of every nth packet is wrong; 0: of none.
    var flipEvery = 0
    /// Every nth packet does not come; 0: all come.
    var dropEvery = 0
    /// In each trial one packet says that the timer is armed.
    var isolatedArmed = false
    /// Time from the first opening to five seconds of silence, as after the arrow button.
    var silenceAfter: Microseconds?
    /// The first trial does not end: the timer switches itself off, and is on again three seconds later.
    var autoOff = false
    /// The signal is not inverted: rubbish with the high bit set.
    var garbage = false
  }

  init(_ settings: JSONNode) throws(SetupRefusal) {
    do throws(JSONMismatch) {
      try read(settings)
    } catch {
      throw SetupRefusal("The emulated StackMat timer cannot be set up so. \(error.sentence)")
    }
  }

  private mutating func read(_ settings: JSONNode) throws(JSONMismatch) {
    var fields = try JSONFields(settings, "")
    mode = try fields.word("mode", as: Mode.self) ?? mode
    layout = mode == .classic ? .hundredths : .thousandths
    if let bytes = try fields.integer("packet", in: 9...10) {
      layout = bytes == 9 ? .hundredths : .thousandths
    }
    seed = UInt64(try fields.integer("seed", in: 0...Int64(1 << 53)) ?? 1)
    if let node = fields.node("trial_ms") {
      trials = []
      for length in try fields.list("trial_ms") {
        guard let milliseconds = length.integer, (1...599_840).contains(milliseconds) else {
          throw fields.mismatch("trial_ms", node, "must hold whole numbers from 1 to 599840")
        }
        trials?.append(milliseconds * 1000)
      }
    }
    rest = try fields.integer("rest_ms", in: 0...600_000).map { $0 * 1000 } ?? rest
    pacesBytes = try fields.flag("byte_pacing") ?? pacesBytes
    if var fields = try fields.object("faults") {
      faults.flipEvery = Int(try fields.integer("flip_every", in: 0...1_000_000) ?? 0)
      faults.dropEvery = Int(try fields.integer("drop_every", in: 0...1_000_000) ?? 0)
      faults.isolatedArmed = try fields.flag("isolated_armed") ?? false
      faults.silenceAfter = try fields.integer("silence_after_ms", in: 0...86_400_000).map { $0 * 1000 }
      faults.autoOff = try fields.flag("auto_off") ?? false
      faults.garbage = try fields.flag("garbage") ?? false
      try fields.end()
    }
    try fields.end()
  }
}
