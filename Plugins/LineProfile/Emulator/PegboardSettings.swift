internal import DriverKit

/// Settings of the emulated board.
struct PegboardSettings {
  /// What goes wrong with the board.
  struct Faults {
    /// Each so-manieth line has a wrong checksum; 0: none.
    var badChecksumEvery = 0
    /// The board starts anew in the middle of the first test.
    var resetMidTrial = false
    /// Bytes that mean nothing come between the lines.
    var noise = false
    /// After the first test comes a line that never ends.
    var endlessLine = false
  }

  var seed: UInt64 = 1
  /// Reading of the 32-bit clock when the line is opened.
  var clockStart: Microseconds = 0
  /// Pause between two tests.
  var rest: Microseconds = 3_000_000
  var faults = Faults()

  init(_ settings: JSONNode) throws(JSONMismatch) {
    var fields = try JSONFields(settings, "")
    // The driver's settings may come along; the board speaks one protocol only.
    if let profile = fields.node("profile"), let id = profile["id"]?.string ?? profile.string,
      id != "reference-pegboard"
    {
      throw fields.mismatch("profile", profile, "must be \"reference-pegboard\": only that board has an emulator")
    }
    for key in ProfileSettings.overridable { _ = fields.node(key) }
    seed = UInt64(try fields.integer("seed", in: 0...1 << 53) ?? 1)
    clockStart = try fields.integer("clock_start_us", in: 0...4_294_967_295) ?? 0
    rest = 1000 * (try fields.integer("rest_ms", in: 100...3_600_000) ?? 3000)
    if var object = try fields.object("faults") {
      faults.badChecksumEvery = Int(try object.integer("bad_checksum_every", in: 0...1_000_000) ?? 0)
      faults.resetMidTrial = try object.flag("reset_mid_trial") ?? false
      faults.noise = try object.flag("noise") ?? false
      faults.endlessLine = try object.flag("endless_line") ?? false
      try object.end()
    }
    try fields.end()
  }
}
