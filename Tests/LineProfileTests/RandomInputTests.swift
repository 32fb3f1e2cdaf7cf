import DriverKit
import DriverTestKit
import LineProfile
import Testing

/// Bytes and profiles that went wrong on their way.
@Suite struct RandomInputTests {
  private static let lines: [String: [String]] = [
    "agilitycontest-chrono": [
      "START 1000\r\n", "INT 4123\r\n", "STOP 25817\r\n", "FAIL\n", "RESET\r\n", "MSG 5 x\r\n",
    ],
    "alge-timy": ShippedProfileTests.alge + ["n0034\r", "m0001 C1  15:44:14.7033 00\r"],
    "espnow-debug": ["Bytes received: 8\r\n", "peg: 3\r\n", "\r\n"],
    "peg-json": [
      #"{"ev":"start","t":2345678}"# + "\n", #"{"ev":"in","t":3870123,"h":1}"# + "\n",
      #"{"ev":"stop","t":19847012}"# + "\n",
    ],
    "piezo-9hpt-readings": ["reading1:4095\r\n", "reading1:0\r\n", "reading9:1200\r\n"],
    "reference-pegboard": ReferencePegboardTests.example.split(separator: "\n").map { $0 + "\n" }
      + ["B,4294967000", "T,10,2,+1", "E,30,L,1", "F,7,loose", "D,0000"].map(checked),
  ]

  @Test(arguments: shippedNames) func aDriverSurvivesDamagedBytes(name: String) throws {
    let seeds = try #require(Self.lines[name]).map { Array($0.utf8) }
    var input = RandomInput(seeds: seeds)
    let driver = opened(try shipped(name))
    if name == "reference-pegboard" { driver.receive(ReferencePegboardTests.example, at: 2) }
    var time: Microseconds = 3_000_000
    for round in 0..<3000 {
      time += Microseconds(input.below(20_000))
      driver.receive(input.next(), at: time)
      if let wake = driver.recorder.wakeTime, wake <= time { driver.wake(at: time) }
      if round % 500 == 499 {
        #expect(driver.recorder.samples.allSatisfy { $0.values.allSatisfy { ($0 ?? 0).isFinite && ($0 ?? 0) >= 0 } })
        #expect(driver.recorder.events.allSatisfy { $0.fields.count <= 32 })
        driver.recorder.clear()
      }
    }
    driver.recorder.clear()
    // After all that, whole lines are understood again.
    time += 60_000_000
    driver.receive("\n\r\n", at: Double(time) / 1e6)
    driver.receive(seeds[0], at: time)
    driver.receive(seeds[1], at: time)
    #expect(!driver.recorder.events.isEmpty)
  }

  @Test func aDamagedProfileIsRefusedWithASentence() throws {
    var input = RandomInput(seeds: try shippedNames.map { Array(try shipped($0).utf8) })
    for _ in 0..<2000 {
      let driver = driver(String(decoding: input.next(), as: UTF8.self))
      let sentence = driver.recorder.faults.first?.sentence
      #expect(driver.isRefused == (sentence != nil))
      if let sentence { #expect(sentence.hasSuffix(".") && sentence.contains("ine ")) }
      if !driver.isRefused { driver.start() }
    }
  }

  /// Words in the places of others: the mistakes that a person makes.
  @Test func aProfileOfMixedUpPartsIsRefusedOrRuns() throws {
    var input = RandomInput(seeds: [])
    let texts = try shippedNames.map { try shipped($0) }
    let words = texts.flatMap { $0.split(separator: "\"").map(String.init) }
    for _ in 0..<1500 {
      var parts = texts[input.below(texts.count)].split(separator: "\"", omittingEmptySubsequences: false).map(
        String.init)
      for _ in 0...input.below(3) {
        let at = input.below(parts.count / 2) * 2 + 1
        if at < parts.count { parts[at] = words[input.below(words.count)] }
      }
      let driver = driver(parts.joined(separator: "\""))
      #expect(driver.isRefused == !driver.recorder.faults.isEmpty)
      if !driver.isRefused {
        driver.start()
        driver.receive(ReferencePegboardTests.example, at: 1)
        driver.receive("START 1\nreading1:5\n{\"ev\":\"in\",\"h\":1}\n", at: 2)
      }
    }
  }

  @Test func aPatternOfAnyCharactersIsRefusedOrQuick() throws {
    var input = RandomInput(
      seeds: ["^START(?: (?<t>\\d+))?$", "(a|b)*[^,]{2,5}\\s", "^(ST|US),?$"].map { Array($0.utf8) })
    for _ in 0..<3000 {
      let printable: (UInt8) -> Bool = { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
      let pattern: [UInt8] = input.next().filter(printable)
      let driver = opened(
        profile(#""rules": [{"regex": "\#(String(decoding: pattern, as: UTF8.self))", "event": null}]"#))
      if !driver.isRefused { driver.receive(String(repeating: "a,1 ", count: 60) + "\n", at: 1) }
    }
  }
}
