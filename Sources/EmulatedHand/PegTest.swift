/// One nine-hole peg test as a practised hand does it: when the clock starts, each peg goes in and comes out, and it stops.
///
/// The order of holes is shuffled; total times fall between about 16 and 24 s, where healthy adults are
/// (Mathiowetz et al. 1985, Adult norms for the nine hole peg test of finger dexterity).
public struct PegTest: Sendable {
  /// Something that the hand does.
  public enum Move: Equatable, Sendable {
    /// The first peg is touched.
    case start
    /// A peg goes into a hole, numbered from 1.
    case insert(hole: Int)
    /// A peg comes out of a hole, numbered from 1.
    case remove(hole: Int)
    /// The last peg is back in the container.
    case stop
  }

  /// The moves in order, each with its time in microseconds since the start.
  public let moves: [(time: Int64, move: Move)]

  /// Microseconds from start to stop.
  public var duration: Int64 { moves.last?.time ?? 0 }

  /// A test; the same seed gives the same one.
  public init(seed: UInt64, holes: Int = 9) {
    var random = SeededRandom(seed: seed)
    var time: Int64 = 0
    var moves: [(time: Int64, move: Move)] = [(0, .start)]
    func after(_ seconds: ClosedRange<Double>) -> Int64 {
      time += Int64(random.number(in: seconds) * 1e6)
      return time
    }
    for hole in (1...holes).shuffled(using: &random) { moves.append((after(0.9...1.5), .insert(hole: hole))) }
    for hole in (1...holes).shuffled(using: &random) { moves.append((after(0.55...0.95), .remove(hole: hole))) }
    moves.append((after(0.4...0.7), .stop))
    self.moves = moves
  }
}
