import DriverTestKit
import Testing
import ThenarClient
import WatchScreen

@Suite struct FrameTests {
  private var state = StationState()

  private func frame(
    _ width: Int, _ height: Int, at now: Moment = noon, unicode: Bool = true, colour: Bool = false
  ) -> String {
    Frame(
      state, station: "room-2", terminal: TerminalKind(unicode: unicode, colour: colour), clock: universalClock,
      now: now, width: width, height: height
    ).lines().map { $0.trimmingBlanks }.joined(separator: "\n")
  }

  private mutating func tell(_ notifications: Notification..., at now: Moment = noon) {
    for notification in notifications { state.receive(notification, at: now) }
  }

  /// A dynamometer that is pressed for a second and a half, and a pegboard.
  private mutating func station() throws {
    state.connected(try welcome(), at: noon)
    tell(try grip(), try pegs(), try told("snapshot_end", #""sub":"watch","seq":8"#))
    for step in 0..<150 {
      let time = noon.later(-1.5 + Double(step) / 100)
      tell(try force(String(step < 100 ? step * 4 : 800 - step * 4), at: time), at: time)
    }
    tell(try effort(), try force("312.5", at: noon, kilograms), try inserted(4, at: noon))
  }

  @Test mutating func aTherapistsScreen() throws {
    try station()
    #expect(
      frame(80, 24) == """
         THENAR  room-2  epoch 9f2c61d0  1 of 2 streaming  100 samples/s        12:34:56
        ────────────────────────────────────────────────────────────────────────────────
        go-direct-emu00001  go-direct 0.1.0  Vernier GDX-HD         EMULATED ● streaming
          ▀▀█ ▀█  ▀▀█   █▀▀               force
           ▀█  █  █▀▀   ▀▀█                 31.866 kgf
          ▀▀▀ ▀▀▀ ▀▀▀ ▀ ▀▀▀ N
          [███████████████████████████▍       │                                  ] 800 N
                                                    ▁▃▄▆███▆▇  10 s, top 400.0 N
          result  effort peak 391.2 N (39.891 kgf) EMULATED  12:34:51

        pegs  line-profile 0.1.0  Nine-hole board                                ● ready
          The board answers.
          event   peg.inserted hole=4 [inferred]  12:34:56










        q quit
        """)
  }

  @Test mutating func aNarrowScreenBreaksRatherThanCuts() throws {
    try station()
    tell(try force("312.5", at: noon, kilograms + #","q":[[0,1,"over_range"]]"#), try consumerGap(86, 516))
    #expect(
      frame(40, 24) == """
         THENAR  room-2  100 samples/s  12:34:56
        ────────────────────────────────────────
        go-direct-emu00001  EMULATED ● streaming
          go-direct 0.1.0  Vernier GDX-HD
          force   312.5 N  [over range]
          [███████████▊   │              ] 800 N
                        ▄██  10 s, top 400.0 N
          result  effort peak 391.2 N (39.891
                  kgf) EMULATED  12:34:51

        pegs                             ● ready
          line-profile 0.1.0  Nine-hole board
          The board answers.
          event   peg.inserted hole=4 [inferred]







        ! not shown here: 86 records, 516
        samples (consumer_slow)
        q quit
        """)
  }

  @Test mutating func aScreenWithoutUTF8() throws {
    try station()
    tell(try told("device", #""seq":3,"device":"griff-ä","state":"asleep","since_us":1"#))
    #expect(
      frame(60, 18, unicode: false) == """
         THENAR  room-2  epoch 9f2c61d0  1 of 3 streaming   12:34:56
        ------------------------------------------------------------
        go-direct-emu00001                      EMULATED * streaming
          go-direct 0.1.0  Vernier GDX-HD
           _       _     _                force
           _|   |  _|   |_                  31.866 kgf
           _|   | |_  .  _| N
          [####################     |                        ] 800 N
                                      .-*##*  10 s, top 400.0 N
          result  effort peak 391.2 N (39.891 kgf) EMULATED

        griff-?                                             * asleep

        pegs  line-profile 0.1.0  Nine-hole board            * ready
          The board answers.
          event   peg.inserted hole=4 [inferred]  12:34:56

        q quit
        """)
  }

  @Test mutating func withoutTheHubNoNumberLooksPresent() throws {
    try station()
    tell(try void())
    state.disconnected("The hub closed the connection.")
    #expect(
      frame(80, 14, at: noon.later(12)) == """
         THENAR  room-2  epoch 9f2c61d0  1 of 2 streaming  0 samples/s          12:35:08
        NO HUB. The hub closed the connection. Trying again each second.
        go-direct-emu00001  go-direct 0.1.0  Vernier GDX-HD     EMULATED ● was streaming
          last force 312.5 N (31.866 kgf), 12 s ago
          result  effort VOID: device lost  12:34:52
          result  effort peak 391.2 N (39.891 kgf) EMULATED  12:34:51

        pegs  line-profile 0.1.0  Nine-hole board                            ● was ready
          event   peg.inserted hole=4 [inferred]  12:34:56




        q quit
        """)
  }

  @Test mutating func aSilentHubIsToldFromASilentInstrument() throws {
    try station()
    #expect(
      frame(80, 24, at: noon.later(2.5)).contains("last force 312.5 N (31.866 kgf), 2 s ago: readings are overdue"))
    let silent = frame(80, 24, at: noon.later(4))
    #expect(silent.contains("THE HUB HAS BEEN SILENT for 4 s: it may hang."))
    #expect(silent.contains("● was streaming"))
  }

  @Test mutating func aDeviceThatNeedsAPersonSaysWhatToDo() throws {
    state.connected(try welcome(), at: noon)
    tell(
      try told(
        "device",
        #""seq":3,"device":"ttyUSB0","state":"busy_elsewhere","since_us":1,"text":"ModemManager holds the port.","#
          + #""fix":"Stop ModemManager.","health":{"restarts":0,"open_errors":3},"battery_pct":9"#))
    #expect(
      frame(60, 9) == """
         THENAR  room-2  epoch 9f2c61d0  0 of 1 streaming   12:34:56
        ────────────────────────────────────────────────────────────
        ttyUSB0                                     ● busy elsewhere
          ModemManager holds the port.
          Stop ModemManager.
          health  open errors 3, battery 9 %


        q quit
        """)
  }

  @Test mutating func everyLossIsCounted() throws {
    try station()
    tell(try consumerGap(86, 516), try consumerGap(1, 2), try sourceGap(11))
    state.misunderstood()
    #expect(
      frame(80, 24).contains(
        """
        ! not shown here: 87 records, 518 samples (consumer_slow); lost before the
        station: 11 samples; not understood: 1 lines
        q quit
        """))
    // The hub's own count is the greater one: a gap record may still be on its way.
    tell(try heartbeat(lost: 600))
    #expect(frame(80, 24).contains("87 records, 600 samples"))
    // A new connection counts from zero; what was lost before stays lost.
    state.connected(try welcome(), at: noon)
    tell(try heartbeat(lost: 5))
    #expect(frame(80, 24).contains("87 records, 605 samples"))
    // Nobody can say how many samples were in records that the hub no longer holds.
    tell(try told("gap", #""after_seq":5,"next_seq":8,"lost_records":2,"reason":"no_longer_held""#))
    #expect(frame(80, 24).contains("89 records, at least 605 samples (no_longer_held)"))
  }

  @Test mutating func whatArrivedIsHeldAgainstWhatTheHubSent() throws {
    state.connected(try welcome(), at: noon)
    tell(try grip(), try force("1,2,3", at: noon), try force("4", at: noon))
    tell(try heartbeat(sent: 4))
    #expect(!frame(80, 24).contains("!"))
    tell(try heartbeat(sent: 6))
    #expect(frame(80, 24).contains("! sent by the hub and not arrived: 2 samples"))
    tell(try heartbeat(sent: 3))
    #expect(frame(80, 24).contains("! arrived and not sent by the hub: 1 samples"))
  }

  @Test mutating func theBarOfLatestValuesHidesNoPeak() throws {
    state.connected(try welcome(), at: noon)
    tell(
      try grip(),
      try told(
        "measurement",
        #""sub":"big","seq":9,"device":"go-direct-emu00001","channel":"force","n0":5,"unit":"N","#
          + #""t0_us":\#(noon.boot),"v":[100],"skipped":4,"lo":-20,"hi":400"#))
    let picture = frame(80, 24)
    #expect(picture.contains("[████████▊                          │                                  ] 800 N"))
    #expect(picture.contains("10 s, top 400.0 N"))
  }

  @Test mutating func aBoardsSignsOfLifeDoNotHideItsEvents() throws {
    try station()
    tell(try told("event", #""seq":50,"device":"pegs","event":"device.heartbeat","t_us":1,"wall_us":2"#))
    #expect(frame(80, 24).contains("  event   peg.inserted hole=4 [inferred]  12:34:56"))
    #expect(!frame(80, 24).contains("heartbeat"))
  }

  @Test mutating func devicesThatAreGoneWhenTheHubComesBackAreNotShown() throws {
    try station()
    state.connected(try welcome(), at: noon)
    tell(try pegs(), try told("snapshot_end", #""sub":"watch","seq":8"#))
    #expect(!frame(80, 24).contains("go-direct"))
    #expect(frame(80, 24).contains("pegs  line-profile"))
  }

  @Test mutating func moreDevicesThanRows() throws {
    state.connected(try welcome(), at: noon)
    for number in 1...9 { tell(try grip("grip-\(number)", state: number < 8 ? "lost" : "streaming")) }
    #expect(
      frame(50, 10) == """
         THENAR  room-2  epoch 9f2c61d0           12:34:56
        ──────────────────────────────────────────────────
        grip-8                        EMULATED ● streaming
          go-direct 0.1.0  Vernier GDX-HD
          force: no reading yet
        grip-9                        EMULATED ● streaming
          go-direct 0.1.0  Vernier GDX-HD
          force: no reading yet
        … 7 more: make the window higher
        q quit
        """)
  }

  @Test mutating func nothingToShow() throws {
    #expect(frame(70, 5).contains("NO HUB. Not connected yet."))
    state.connected(try welcome(), at: noon)
    #expect(frame(70, 5).contains("Waiting for the hub to name its devices."))
    tell(try told("snapshot_end", #""sub":"watch","seq":8"#))
    #expect(frame(70, 6).contains("No device yet. Plug an instrument in;"))
  }

  @Test mutating func aColourAlwaysHasItsWord() throws {
    try station()
    let words = frame(80, 24)
    let coloured = frame(80, 24, colour: true)
    #expect(coloured.contains("\u{1B}[32m● \u{1B}[0m\u{1B}[32mstreaming\u{1B}[0m"))
    #expect(coloured.withoutCodes == words)
  }

  @Test mutating func aNameCannotPlayWithTheTerminal() throws {
    tell(try told("device", #""seq":1,"device":"a\u001b[2Jb\u009b\u202ec","state":"ready","since_us":1"#))
    #expect(frame(60, 6).contains("a?[2Jb??c"))
    #expect(!frame(60, 6).contains("\u{1B}"))
  }

  @Test mutating func whateverTheHubSaysTheScreenHolds() throws {
    let seeds = [
      try grip(), try pegs(), try force("312.5", at: noon, kilograms), try effort(), try void(),
      try inserted(4, at: noon), try consumerGap(3, 4), try sourceGap(5),
    ].map(\.line)
    var input = RandomInput(seeds: seeds)
    state.connected(try welcome(), at: noon)
    for step in 0..<20_000 {
      guard case .notification(let notification)? = try? Message(parsing: input.next()) else { continue }
      state.receive(notification, at: noon)
      guard step % 400 == 0 else { continue }
      let (width, height) = (input.below(100), input.below(40))
      let lines = Frame(
        state, station: "room-2", terminal: TerminalKind(unicode: true, colour: false), clock: universalClock,
        now: noon, width: width, height: height
      ).lines()
      if lines.count > max(height, 1) || lines.contains(where: { $0.columns > max(width, 1) }) {
        Issue.record("\(width) x \(height): \(lines.joined(separator: "\n"))")
      }
    }
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }

  fileprivate var withoutCodes: String {
    var text = ""
    var rest = self[...]
    while let escape = rest.firstIndex(of: "\u{1B}") {
      text += rest[..<escape]
      rest = rest[escape...].drop { $0 != "m" }.dropFirst()
    }
    return text + rest
  }

  /// The fewest columns that the text can take.
  fileprivate var columns: Int { count }
}
