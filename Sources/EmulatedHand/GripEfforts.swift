/// Force of a hand that squeezes, rests and squeezes again, without end: what an emulated force instrument feels.
///
/// The shape is that of published grip curves (Plugins/GoDirect/PROTOCOL.md 7.3): a rise of 0.2 to 0.6 s, a plateau that
/// tires by 1 to 3 % a second with a small tremor, and a release within 0.3 s. The same seed gives the same efforts.
public struct GripEfforts: Sendable {
  private struct Effort {
    var start, rise, hold, release, peak, decline: Double
    var end: Double { start + rise + hold + release }
  }

  private let peaks: ClosedRange<Double>
  private let rests: ClosedRange<Double>
  private var random: SeededRandom
  private var effort: Effort

  /// Efforts with a peak somewhere in `peaks`, in newtons, and rests in between somewhere in `rests`, in seconds.
  public init(seed: UInt64, peaks: ClosedRange<Double>, rests: ClosedRange<Double> = 1.5...3) {
    self.peaks = peaks
    self.rests = rests
    random = SeededRandom(seed: seed)
    effort = Effort(start: 0, rise: 0, hold: 0, release: 0, peak: 0, decline: 0)
    effort = next(after: -0.7)
  }

  /// Newtons at a time in seconds since the first call; times must not run backwards.
  public mutating func force(at time: Double) -> Double {
    while time > effort.end { effort = next(after: effort.end) }
    let t = time - effort.start
    if t < 0 { return 0 }
    if t < effort.rise { return effort.peak * smooth(t / effort.rise) }
    let plateau = effort.peak * (1 - effort.decline * min(t - effort.rise, effort.hold))
    let held = t - effort.rise
    if held < effort.hold { return plateau * (1 + 0.004 * triangle(held * 9.5)) }
    return plateau * (1 - smooth((held - effort.hold) / effort.release))
  }

  private mutating func next(after time: Double) -> Effort {
    Effort(
      start: time + random.number(in: rests), rise: random.number(in: 0.2...0.6), hold: random.number(in: 2.5...4),
      release: random.number(in: 0.15...0.3), peak: random.number(in: peaks), decline: random.number(in: 0.01...0.03))
  }

  /// 0 to 1 with a gentle beginning and end.
  private func smooth(_ x: Double) -> Double { x * x * (3 - 2 * x) }

  /// -1 to 1 and back, once per unit.
  private func triangle(_ x: Double) -> Double { 4 * ((x - x.rounded(.down)) - 0.5).magnitude - 1 }
}
