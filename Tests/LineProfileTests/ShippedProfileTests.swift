import DriverKit
import DriverTestKit
import Testing

/// The other profiles that the module brings, each with lines of its section in PROTOCOL.md.
@Suite struct ShippedProfileTests {
  @Test(arguments: shippedNames) func everyShippedProfileLoads(name: String) throws {
    let driver = driver(try shipped(name))
    #expect(driver.recorder.faults == [])
    #expect(try shipped(name).contains("\"id\": \"\(name)\""))
  }

  @Test func agilityContestKeepsTheMilliseconds() throws {
    let driver = opened(try shipped("agilitycontest-chrono"))
    driver.receive("START 1000\r\nINT 4", at: 5.183)
    driver.receive("123\r\n", at: 8.306)
    driver.receive("STOP 25817\r\n", at: 30)
    #expect(
      driver.recorder.told == [
        "trial.started @1000000 source=button", "trial.split @4123000 elapsed_us=3123000 index=1",
        "trial.stopped @25817000 elapsed_us=24817000 source=button",
      ])
    #expect(
      driver.recorder.samples == [
        .init(channel: 0, values: [24.817], raw: [24_817], time: 30_000_000, deviceTime: 25_817_000)
      ])
  }

  @Test func agilityContestMayStartAtZeroAndSpeakInSmallLetters() throws {
    let driver = opened(try shipped("agilitycontest-chrono"))
    driver.receive("START 90000\n", at: 20)
    driver.receive("STOP  95000\nstart\n", at: 25)
    driver.receive("int  1200\nFail\nok\nmsg 5 hello\n", at: 26.2)
    driver.receive("stop 3000\nRESET\n", at: 28)
    #expect(
      driver.recorder.told == [
        "trial.started @90000000 source=button", "trial.stopped @95000000 elapsed_us=5000000 source=button",
        "trial.started @0 source=button", "trial.split @1200000 elapsed_us=1200000 index=1",
        "device.fault cleared=false code=sensor", "device.fault cleared=true code=sensor",
        "trial.stopped @3000000 elapsed_us=3000000 source=button", "trial.reset reason=button",
      ])
    #expect(driver.recorder.tallies == [:])
    #expect(driver.recorder.events[2].raw == "start")
  }

  @Test func agilityContestCommandsTakeArgumentsThatCannotEndTheLine() throws {
    let driver = opened(try shipped("agilitycontest-chrono"))
    driver.command("message", #"{"seconds": 5, "text": "Ready, go"}"#, number: 1, at: 3_000_000)
    driver.command("message", #"{"seconds": 5, "text": "a\r\nRESET"}"#, number: 2, at: 3_000_000)
    driver.command("message", #"{"seconds": 5}"#, number: 3, at: 3_000_000)
    driver.command("message", #"{"seconds": [5], "text": ""}"#, number: 4, at: 3_000_000)
    driver.command("message", "[", number: 5, at: 3_000_000)
    driver.command("message", "[]", number: 6, at: 3_000_000)
    driver.command("reset", number: 7, at: 3_000_000)
    #expect(driver.recorder.writes == ["MSG 5 Ready, go\r\n", "RESET\r\n"].map { Array($0.utf8) })
    #expect(
      driver.recorder.outcomes == [
        1: "", 2: "The argument \"text\" must be a number or at most 64 printable ASCII characters.",
        3: "The command needs an argument \"text\".",
        4: "The argument \"seconds\" must be a number or at most 64 printable ASCII characters.",
        5: "The arguments are not JSON.", 6: "The arguments must be a JSON object.", 7: "",
      ])
  }

  /// Lines of PROTOCOL.md 3.5, with their checksums.
  static let alge: [String] = [
    " 0001 C0  15:43:49.8863 00>9\r", " 0001 C1  15:44:14.7033 00=7\r", " 0001 RT  00:00:24.81   00=8\r",
    " 0015 C0M 15:43:55.6200 0007\r", "?0034 C1M 21:46:48.3300 0028\r", "c0001 C1  15:44:14.7034 001;\r",
  ]

  @Test func algeLinesAreUnderstood() throws {
    let driver = opened(try shipped("alge-timy"))
    driver.receive(Self.alge[0], at: 10)
    driver.receive(Self.alge[1], at: 34.8)
    driver.receive(Self.alge[2] + Self.alge[5], at: 35)
    #expect(
      driver.recorder.told == [
        "trial.started @56629886300 n=1 source=signal",
        "trial.stopped @56654703300 elapsed_us=24817000 n=1 source=signal",
        "trial.result elapsed_us=24810000 n=1", "event.revoked channel=1 n=1 ref_time_us=56654703400",
      ])
    #expect(
      driver.recorder.samples == [
        .init(channel: 0, values: [24.817], time: 34_800_000, deviceTime: 56_654_703_300)
      ])
    #expect(driver.recorder.tallies == [:])
  }

  @Test func algeKeypadImpulsesAndThoseWithoutANumberCount() throws {
    let driver = opened(try shipped("alge-timy"))
    driver.receive(Self.alge[3], at: 10)
    driver.receive(Self.alge[4], at: 21_782.7)
    #expect(
      driver.recorder.told == [
        "trial.started @56635620000 n=15 source=signal",
        "trial.stopped @78408330000 elapsed_us=21772710000 source=signal",
      ])
  }

  @Test func algeAcceptsLinesWithoutChecksumAndDropsWrongOnes() throws {
    let driver = opened(try shipped("alge-timy"))
    driver.receive(" 0001 C0  15:43:49.8863 00>8\r", at: 10)
    driver.receive(" 0001 c0  23:59:59,5000 00\r", at: 20)
    driver.receive(" 0001 c1  00:00:01,7500 00\r", at: 22.3)
    #expect(
      driver.recorder.told == [
        "device.fault inferred code=checksum_errors count=1",
        "trial.started @86399500000 n=1 source=signal",
        "trial.stopped @86401750000 elapsed_us=2250000 n=1 source=signal",
      ])
    let strict = opened(try shipped("alge-timy"), #""checksum": {"required": true}"#)
    strict.receive(" 0001 c0  23:59:59,5000 00\r", at: 20)
    #expect(strict.recorder.tallies == ["checksum_errors": 1])
  }

  @Test func algeStopsOfAnotherNumberGiveNoResult() throws {
    let driver = opened(try shipped("alge-timy"))
    driver.receive(" 0001 C0  10:00:00.0000 00\r 0002 C1  10:00:05.0000 00\r", at: 20)
    #expect(
      driver.recorder.told == [
        "trial.started @36000000000 n=1 source=signal", "trial.stopped @36005000000 suspect n=2 source=signal",
      ])
    #expect(driver.recorder.samples == [])
  }

  @Test func aRevokedAlgeStartEndsTheTrialAndMemoryIsNotCountedAgain() throws {
    let driver = opened(try shipped("alge-timy"))
    driver.receive(" 0001 C0  10:00:00.0000 00\rc0001 C0  10:00:00.0000 00\r", at: 20)
    driver.receive("m0001 C0  09:00:00.0000 00\rn0034\rNSF 1.0\r\r 0001 C2  10:00:01.0000 00\r12:00:00.1\r", at: 21)
    #expect(
      driver.recorder.told == [
        "trial.started @36000000000 n=1 source=signal", "trial.aborted inferred reason=start_revoked",
        "event.revoked channel=0 n=1 ref_time_us=36000000000", "trial.split @36001000000 suspect",
      ])
    #expect(driver.recorder.tallies == [:])
  }

  @Test func piezoReadingsAreTheirOwnEventsAndDropsArePegs() throws {
    let driver = opened(try shipped("piezo-9hpt-readings"))
    driver.receive("reading1:4095\r\nreading3:3000\r\n", at: 3)
    driver.receive("reading1:3695\r\nreading3:1600\r\n", at: 3.5)
    driver.receive("reading1:3294\r\nreading3:99\r\n", at: 4)
    driver.receive("reading1:3200\r\nreading3:0\r\nreading12:5\r\n", at: 4.5)
    driver.receive("reading1:4000\r\nreading1:0\r\n", at: 5)
    let pegs = driver.recorder.told.filter { $0.hasPrefix("peg") }
    #expect(
      pegs == [
        "peg.inserted inferred hole=1 level=3294.0", "peg.inserted inferred hole=3 level=99.0",
        "peg.inserted inferred hole=1 level=0.0",
      ])
    #expect(driver.recorder.told.first == "sample.raw channel=1 unit={count} value=4095.0")
    #expect(driver.recorder.events.filter { $0.name == "sample.raw" }.count == 10)
    #expect(Set(driver.recorder.events.map(\.uncertainty)) == [500_000])
    #expect(driver.recorder.tallies == ["unmatched_lines": 1])
    #expect(driver.recorder.channels.isEmpty)
  }

  @Test func espnowDebugLinesArePegs() throws {
    let driver = opened(try shipped("espnow-debug"))
    driver.receive("Bytes received: 8\r\npeg: 3\r\n\r\npeg: 18\r\npeg: 19\r\n", at: 3)
    #expect(driver.recorder.told == ["peg.inserted hole=3", "peg.inserted hole=18"])
    #expect(driver.recorder.tallies == ["unmatched_lines": 1])
    #expect(
      driver.recorder.faults.map(\.sentence) == ["No rule of the profile knows this line: \"peg: 19\"."])
  }

  @Test func jsonLinesAreUnderstood() throws {
    let driver = opened(try shipped("peg-json"))
    driver.receive(#"{"ev":"start","t":2345678}"# + "\n", at: 10)
    driver.receive(#"{"ev":"in","t":3870123,"h":1,"rssi":-60}"# + "\n", at: 11.5)
    driver.receive(#"{"ev":"out","t":14002211,"h":1}"# + "\n" + #"{"ev":"dance"}"# + "\n", at: 21.7)
    driver.receive(#"{"ev":"in","t":3870123,"h":"# + "\nhello\n" + #"{"ev":"in","t":15000000,"h":12}"# + "\n", at: 22)
    driver.receive(#"{"ev":"stop","t":19847012}"# + "\n", at: 27.5)
    #expect(
      driver.recorder.told == [
        "trial.started @2345678 source=signal", "peg.inserted @3870123 hole=1 order=1",
        "peg.removed @14002211 hole=1 order=1", "device.fault inferred code=bad_values count=1",
        "trial.stopped @19847012 suspect elapsed_us=17501334 lines_lost=4 source=signal",
      ])
    #expect(driver.recorder.tallies == ["unmatched_lines": 3, "bad_values": 1])
  }
}
