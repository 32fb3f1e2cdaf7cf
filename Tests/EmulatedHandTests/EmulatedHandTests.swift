import EmulatedHand
import Testing

@Suite struct EmulatedHandTests {
  @Test func effortsRiseHoldAndRelease() {
    var hand = GripEfforts(seed: 7, peaks: 250...400)
    let curve = (0..<3000).map { hand.force(at: Double($0) / 100) }
    let peak = curve.max() ?? 0
    #expect((240...410).contains(peak))
    #expect(curve.min() ?? -1 >= 0)
    let onsets = zip(curve, curve.dropFirst()).count { $0 < 20 && $1 >= 20 }
    #expect((3...8).contains(onsets), "30 s hold a few efforts, not \(onsets)")
    var same = GripEfforts(seed: 7, peaks: 250...400)
    #expect(curve == (0..<3000).map { same.force(at: Double($0) / 100) })
  }

  @Test(arguments: 1...20) func everyPegGoesInOnceAndComesOutOnce(_ seed: UInt64) {
    let test = PegTest(seed: seed)
    let holes = Set(1...9)
    #expect(Set(test.moves.compactMap { if case .insert(let hole) = $0.move { hole } else { nil } }) == holes)
    #expect(Set(test.moves.compactMap { if case .remove(let hole) = $0.move { hole } else { nil } }) == holes)
    #expect(test.moves.first?.move == .start && test.moves.last?.move == .stop && test.moves.count == 20)
    #expect((13_000_000...25_000_000).contains(test.duration))
    #expect(zip(test.moves, test.moves.dropFirst()).allSatisfy { $0.time < $1.time })
  }
}
