import DriverKit
import DriverTestKit
import GoDirect
import Testing

@Suite struct EmulatorTests {
  private func emulator(_ settings: String = "{}") throws -> EmulatorInstance {
    try #require(EmulatorInstance(goDirectModule, settings: settings))
  }

  private func ask(_ emulator: EmulatorInstance, _ command: GoDirectCommand, _ counter: UInt8 = 9, at now: Microseconds)
    -> [[UInt8]]
  {
    emulator.receive(Array(command.frame(counter: counter).outputReport.dropFirst()), at: now)
    return emulator.takeSent()
  }

  @Test func theWorkedSessionIsAnsweredByteForByte() throws {
    let emulator = try emulator(
      #"{"serial": "151000C1", "sequence_N": [0.010810852, 0.71874237, 1.0432053, 100.25, 101.5]}"#)
    for step in Worked.session.dropLast(2) {
      emulator.receive(GoDirectReport.carrying(hex(step.sent)), at: 0)
      let sent = emulator.takeSent()
      let expected = frame(step.answer).reports
      #expect(Array(sent.prefix(expected.count)) == expected)
      let isStart = step.command == .startMeasuring(mask: 2)
      #expect(sent.count == expected.count + (isStart ? 1 : 0))
      if isStart { #expect(sent.last == frame(Worked.firstSample).reports[0]) }
    }
    #expect(emulator.wakeTime == 10_000)
    emulator.wake(at: 10_000)
    #expect(emulator.takeSent() == frame(Worked.secondSample).reports)
    emulator.receive(GoDirectReport.carrying(hex(Worked.session[8].sent)), at: 15_000)
    emulator.receive(GoDirectReport.carrying(hex(Worked.session[9].sent)), at: 15_000)
    // One frame of the worked session was not sent, so these counters are one lower.
    #expect(
      emulator.takeSent() == [report("07 98 07 0a b8 19 f6 00"), report("07 98 07 0b f3 54 f5 00")])
    #expect(emulator.wakeTime == nil)
  }

  @Test func aLateWakeUpIsCaughtUpWith() throws {
    let emulator = try emulator(#"{"sequence_N": [1, 2, 3, 4]}"#)
    _ = ask(emulator, .setPeriod(10_000), at: 0)
    _ = ask(emulator, .startMeasuring(mask: 2), at: 1000)
    emulator.wake(at: 36_000)
    let values = emulator.takeSent().map { Measurement(GoDirectFrame(validating: Array($0[1...Int($0[0])]))!) }
    #expect(values == [2, 3, 4].map { .samples(.init(channels: [1], count: 1, values: [$0])) })
    #expect(emulator.wakeTime == 41_000)
  }

  @Test func fastSamplesShareFramesOfOneReport() throws {
    let emulator = try emulator()
    _ = ask(emulator, .setPeriod(1000), at: 0)
    _ = ask(emulator, .startMeasuring(mask: 0x02), at: 0)
    #expect(emulator.wakeTime == 9000)
    emulator.wake(at: 9000)
    #expect(emulator.takeSent().map { Int($0[0]) } == [9 + 40])
    // Stopping flushes what has been taken: samples 10 and 11.
    let last = ask(emulator, .stopMeasuring, at: 11_500)
    #expect(last.map { Int($0[0]) } == [9 + 8, 7])
    _ = ask(emulator, .startMeasuring(mask: 0xFE), at: 20_000)
    emulator.wake(at: 22_000)
    #expect(emulator.takeSent().map { Int($0[0]) } == [37, 37])
  }

  @Test func anInstrumentThatNobodyReadsSaysWhatItDropped() throws {
    let emulator = try emulator(#"{"constant_N": 5}"#)
    _ = ask(emulator, .startMeasuring(mask: 2), at: 0)
    emulator.wake(at: 3_600_000_000)
    let sent = emulator.takeSent()
    #expect(sent.count == 3)
    #expect(Array(sent[0][5..<10]) == [0x0D, 2, 0, 0xFF, 0xFF])
    #expect(Array(sent[1][5..<10]) == [0x0D, 2, 0, 0xFF, 0xFF])
    #expect(sent[2][5] == 0x0D)
  }

  @Test(arguments: [
    ("06 58 06 f9 af 50 08", "07 98 07 00 1e 50 f9 36"),  // no sensor 8
    ("0f 58 0f f8 6c 1b ff 00 f3 00 00 00 00 00 00 00", "07 98 07 00 e8 1b f8 36"),  // a period of 0.2 ms
    ("05 58 05 f4 a9 58", "07 98 07 00 1c 58 f4 31"),  // IDENTIFY
    ("13 58 13 f7 7b 18 ff 01 01 00 00 00 00 00 00 00 00 00 00 00", "07 98 07 00 e4 18 f7 36"),  // channel 0
  ])
  func whatCannotBeDoneIsRefused(_ command: String, _ answer: String) throws {
    let emulator = try emulator()
    emulator.receive(report(command), at: 0)
    #expect(emulator.takeSent() == [report(answer)])
  }

  @Test(arguments: ["05 58 05 fd 6b 10", "06 58 06 fd 6b 10 00", "05 98 05 fd aa 10", "00", "40", "05 58"])
  func whatIsNotACommandIsNotAnswered(_ bytes: String) throws {
    let emulator = try emulator()
    emulator.receive(report(bytes), at: 0)
    emulator.receive(hex(bytes), at: 0)
    #expect(emulator.takeSent().isEmpty)
  }

  @Test func thePeriodDoesNotChangeWhileItMeasures() throws {
    let emulator = try emulator()
    _ = ask(emulator, .startMeasuring(mask: 2), at: 0)
    #expect(ask(emulator, .setPeriod(10_000), at: 1000).map { $0[7] } == [0x34])
    #expect(emulator.wakeTime == 20_000)
  }

  @Test func aHandLooksLikeTheRealThing() throws {
    let emulator = try emulator(#"{"seed": 7}"#)
    _ = ask(emulator, .setPeriod(10_000), at: 0)
    var sent = ask(emulator, .startMeasuring(mask: 2), at: 0).dropFirst().map { $0 }
    for tick in 1...3000 {
      emulator.wake(at: Microseconds(tick) * 10_000)
      sent += emulator.takeSent()
    }
    let newtons = sent.map { Float(bitPattern: $0[10...13].reversed().reduce(0) { $0 << 8 | UInt32($1) }) }
    #expect(newtons.count == 3001)
    let unloaded = try #require(newtons.min())
    #expect((-1.41...1.91).contains(unloaded))
    #expect(try (250...405).contains(#require(newtons.max())))
    let steps = newtons.map { Double($0 - unloaded) / 0.01475 }
    #expect(steps.allSatisfy { ($0 - $0.rounded()).magnitude < 0.01 })
  }
}
