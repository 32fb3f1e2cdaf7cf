/// Cuts a stream of bytes into frames and reads them. Where the stream was cut on its way is no matter. It holds at most
/// one frame and what came with one read, and every stretch of bytes that is no frame is told.
public struct Framer<D: Dialect> {
  /// What tells one frame from the next.
  public enum Shape: Equatable, Sendable {
    /// Each frame ends with one of these bytes, which are no part of it. Empty frames are not told.
    case line(ends: [UInt8])
    /// Each frame ends with these bytes in a row, which are no part of it. Of one that grew too long the newest `longest`
    /// bytes are read: there may be a frame behind what is none.
    case terminated(by: [UInt8])
    /// All frames are of one length. After damage it looks at every byte for the next valid one.
    case fixed(length: Int)
    /// Each frame stands between a start and one of the ends, which are no part of it.
    case delimited(start: UInt8, ends: [UInt8])
    /// The byte at `offset` says how long the frame is, less `extra` bytes. After damage it looks at every byte.
    case lengthPrefixed(offset: Int, extra: Int)
  }

  /// What bytes brought to light.
  public enum Finding {
    /// A valid frame that says something. `bytesBehind`: bytes of this read that came after it.
    case statement(D.Statement, bytesBehind: Int)
    /// So many bytes in a row that are no valid frame; at least one frame was lost with them.
    case damage(bytes: Int)
  }

  private let shape: Shape
  private let longest: Int
  /// What the frames mean; it may change between two of them.
  public var dialect: D
  private var buffer: [UInt8] = []
  /// Bytes of the buffer in which no end was found.
  private var searched = 0
  /// Bytes that are no valid frame and have not been told.
  private var damaged = 0
  /// The rest of a frame that is told already, or whose beginning nobody saw, is left out.
  private var isSkipping = false

  /// A framer for frames of at most `longest` bytes.
  public init(_ shape: Shape, longest: Int, dialect: D) {
    self.shape = shape
    if case .fixed(let length) = shape { self.longest = max(1, length) } else { self.longest = max(1, longest) }
    self.dialect = dialect
  }

  /// Bytes that wait for the rest of their frame.
  public var waitingBytes: Int { buffer.count }

  /// The bytes to come may begin in the middle of a frame: what comes before the next one is no damage.
  public mutating func beginInTheMiddle() {
    buffer = []
    (searched, damaged) = (0, 0)
    isSkipping = true
  }

  /// Takes bytes as they were read and tells what is in them.
  public mutating func take(_ bytes: Span<UInt8>, _ found: (Finding) -> Void) {
    bytes.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    var start = 0
    switch shape {
    case .line(let ends): lines(ends, &start, found)
    case .terminated(let end): terminated(end, &start, found)
    case .fixed(let length): slide(&start, found) { _, _ in length }
    case .delimited(let first, let ends): delimited(first, ends, &start, found)
    case .lengthPrefixed(let offset, let extra):
      slide(&start, found) { buffer, start in
        start + offset < buffer.count ? Int(buffer[start + offset]) + extra : nil
      }
    }
    buffer.removeFirst(start)
    searched = max(0, searched - start)
    if damaged >= longest { tellDamage(found) }
  }

  // MARK: shapes

  private mutating func lines(_ ends: [UInt8], _ start: inout Int, _ found: (Finding) -> Void) {
    while let end = firstIndex(of: ends, from: max(start, searched)) {
      if isSkipping {
        isSkipping = false
      } else if end - start > longest {
        damaged += end - start
        tellDamage(found)
      } else if end > start {
        read(start..<end, behind: end + 1, found)
      }
      start = end + 1
    }
    searched = buffer.count
    if buffer.count - start > longest || isSkipping { drop(&start, found) }
  }

  private mutating func terminated(_ end: [UInt8], _ start: inout Int, _ found: (Finding) -> Void) {
    while let stop = firstRange(of: end, from: max(start, searched - end.count + 1)) {
      if isSkipping {
        isSkipping = false
      } else {
        leave(upTo: stop - longest, &start)
        read(start..<stop, behind: stop + end.count, found)
      }
      start = stop + end.count
    }
    searched = buffer.count
    leave(upTo: buffer.count - longest - end.count + 1, &start)
  }

  /// Bytes before `index` are of no use any more.
  private mutating func leave(upTo index: Int, _ start: inout Int) {
    if index <= start { return }
    if !isSkipping { damaged += index - start }
    start = index
  }

  private mutating func delimited(
    _ first: UInt8, _ ends: [UInt8], _ start: inout Int, _ found: (Finding) -> Void
  ) {
    while true {
      guard let begin = firstIndex(of: [first], from: start) else {
        if !isSkipping { damaged += buffer.count - start }
        start = buffer.count
        return
      }
      if !isSkipping { damaged += begin - start }
      isSkipping = false
      start = begin
      // A second start before the end: the frame between them has lost its end.
      guard let end = firstIndex(of: ends + [first], from: begin + 1), end - begin - 1 <= longest else {
        if buffer.count - begin - 1 <= longest { return }
        damaged += 1
        start = begin + 1
        continue
      }
      if buffer[end] == first, !ends.contains(first) {
        damaged += end - begin
        start = end
      } else {
        read(begin + 1..<end, behind: end + 1, found)
        start = end + 1
      }
    }
  }

  /// Frames without delimiters: what is no valid frame is left behind byte by byte.
  private mutating func slide(
    _ start: inout Int, _ found: (Finding) -> Void, length: ([UInt8], Int) -> Int?
  ) {
    while start < buffer.count, let length = length(buffer, start) {
      if length >= 1, length <= longest {
        if buffer.count - start < length { return }
        if dialect.isValid(buffer.span.extracting(start..<start + length)) {
          isSkipping = false
          read(start..<start + length, behind: start + length, found)
          start += length
          continue
        }
      }
      start += 1
      if !isSkipping { damaged += 1 }
    }
  }

  // MARK: parts of it

  private func firstIndex(of ends: [UInt8], from index: Int) -> Int? {
    if index >= buffer.count { return nil }
    if ends.count == 1 { return buffer[index...].firstIndex(of: ends[0]) }
    return buffer[index...].firstIndex(where: ends.contains)
  }

  private func firstRange(of end: [UInt8], from index: Int) -> Int? {
    guard index <= buffer.count - end.count else { return nil }
    return (index...buffer.count - end.count).first { buffer[$0..<$0 + end.count].elementsEqual(end) }
  }

  private mutating func read(_ range: Range<Int>, behind: Int, _ found: (Finding) -> Void) {
    guard dialect.isValid(buffer.span.extracting(range)) else {
      damaged += range.count
      return tellDamage(found)
    }
    let statement = dialect.read(buffer.span.extracting(range))
    let bytesBehind = buffer.count - behind
    tellDamage(found)
    if let statement { found(.statement(statement, bytesBehind: bytesBehind)) }
  }

  /// A line became too long: it is told, and the rest of it is left out.
  private mutating func drop(_ start: inout Int, _ found: (Finding) -> Void) {
    if !isSkipping {
      damaged += buffer.count - start
      tellDamage(found)
    }
    isSkipping = true
    start = buffer.count
  }

  private mutating func tellDamage(_ found: (Finding) -> Void) {
    if damaged == 0 { return }
    found(.damage(bytes: damaged))
    damaged = 0
  }
}

extension Framer: Sendable where D: Sendable {}
