import Testing
import ThenarClient
import WatchScreen

@Suite struct PlainLinesTests {
  private var lines = PlainLines(clock: universalClock)

  private mutating func tell(_ notifications: Notification..., at now: Moment = noon) -> [String] {
    notifications.flatMap { lines.lines(for: $0, at: now) }
  }

  @Test mutating func oneLineForEachThing() throws {
    let told = [
      tell(try grip(more: #","text":"The instrument sends readings.","health":{"checksum_errors":2}"#)),
      tell(try pegs()),
      tell(try force("312.5", at: noon, kilograms)),
      tell(try inserted(4, at: noon)),
      tell(try effort(), try void()),
      tell(try sourceGap(11), try consumerGap(86, 516)),
      tell(try WatchScreenTests.told("warning", #""name":"queue_high","text":"This reader is slow.""#)),
      tell(try heartbeat(), try WatchScreenTests.told("op", #""op":"x""#)),
      [lines.note("The hub closed the connection.", at: noon)],
    ]
    #expect(
      told.joined().joined(separator: "\n") == """
        12:34:56.789 go-direct-emu00001 go-direct device streaming EMULATED The instrument sends readings. [checksum errors 2]
        12:34:56.789 pegs line-profile device ready The board answers.
        12:34:56.789 go-direct-emu00001 go-direct force 312.5 N (31.866 kgf)
        12:34:56.789 pegs line-profile event peg.inserted hole=4 [inferred]
        12:34:51.789 go-direct-emu00001 go-direct result effort peak 391.2 N (39.891 kgf) EMULATED
        12:34:52.789 go-direct-emu00001 go-direct result effort VOID: device lost
        12:34:55.789 go-direct-emu00001 go-direct force gap 11 samples lost before the station (device dropped)
        12:34:56.789 thenar - gap 86 records, 516 samples not shown here (consumer slow); the hub still has them
        12:34:56.789 thenar - warning queue high: This reader is slow.
        12:34:56.789 thenar - The hub closed the connection.
        """)
  }

  @Test mutating func aDeviceThatChangesSaysFromWhat() throws {
    #expect(
      tell(
        try WatchScreenTests.told(
          "device",
          #""seq":5,"device":"pegs","state":"lost","from":"ready","text":"The board was unplugged.","#
            + #""fix":"Plug it in again.","since_us":999000000,"driver":{"id":"line-profile","version":"0.1.0"}"#))
        == ["12:34:55.789 pegs line-profile device lost (was ready) The board was unplugged. Plug it in again."])
  }

  @Test mutating func twoLinesASecondAndTheLastReadingIsNeverHeldBackForever() throws {
    _ = tell(try grip())
    var shown: [String] = []
    for step in 0...100 {
      let now = noon.later(Double(step) / 100)
      shown += lines.due(at: now)
      shown += tell(try force("\(step)", at: now), at: now)
    }
    #expect(
      shown.map { $0.split(separator: " ").suffix(2).joined(separator: " ") } == ["0.0 N", "49.0 N", "99.0 N"])
    let end = noon.later(1.01)
    #expect(tell(try force("101", at: end), at: end) == [])
    #expect(lines.nextDue == noon.later(1.5).boot)
    #expect(lines.due(at: noon.later(1.49)) == [])
    #expect(lines.due(at: noon.later(1.5)) == ["12:34:57.799 go-direct-emu00001 go-direct force 101.0 N"])
    #expect(lines.nextDue == nil)
  }

  @Test mutating func channelsAndDevicesHaveTheirOwnPace() throws {
    #expect(tell(try force("1", at: noon), try force("2", at: noon), try force("3", at: noon, device: "b")).count == 2)
    #expect(lines.rest(at: noon) == ["12:34:56.789 go-direct-emu00001 - force 2.0 N"])
  }

  @Test mutating func aSampleWithoutANumberSaysWhy() throws {
    #expect(
      tell(try force("null", at: noon, #","raw":[null],"raw_unit":"kgf","q":[[0,1,"no_data"]]"#))
        == ["12:34:56.789 go-direct-emu00001 - force --- N [no data]"])
  }

  @Test mutating func theCountsOfAnInstrumentWithoutCalibrationAreShown() throws {
    #expect(
      tell(try force("null", at: noon, #","raw":[843],"raw_unit":"{count}","q":[[0,1,"needs_calibration"]]"#))
        == ["12:34:56.789 go-direct-emu00001 - force --- N (843 count) [needs calibration]"])
  }

  @Test mutating func aResultHasTheDecimalsOfItsChannel() throws {
    _ = tell(
      try WatchScreenTests.told(
        "device",
        #""device":"pinch","state":"ready","channels":[{"channel":"force","unit":"N","resolution":0.01}]"#))
    let result = try WatchScreenTests.told(
      "result",
      #""seq":1,"result":"r","device":"pinch","channel":"force","kind":"effort","state":"valid","peak_N":80.434,"#
        + #""at_us":1000000000,"# + efforts)
    #expect(tell(result) == ["12:34:56.789 pinch - result effort peak 80.43 N"])
  }

  @Test mutating func millisecondsAreNotSaidBesideSeconds() throws {
    let time = try WatchScreenTests.told(
      "measurement",
      #""seq":1,"device":"mat","channel":"elapsed","n0":0,"unit":"s","t0_us":1000000000,"wall0_us":1,"v":[18.42],"raw":[18420],"#
        + #""raw_unit":"ms""#)
    #expect(tell(time) == ["12:34:56.789 mat - elapsed 18.420 s"])
  }

  @Test mutating func aNameCannotMakeALineOfItsOwn() throws {
    #expect(
      tell(try WatchScreenTests.told("device", #""device":"a\n12:00:00 b","state":"ready\u001b[2J""#))
        == ["12:34:56.789 a?12:00:00 b - device ready?[2J"])
  }
}
