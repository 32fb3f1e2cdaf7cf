internal import Readings
internal import StrictJSON

/// Samples, one after the other, about which the same is to be said.
public struct QualityRun: Equatable, Sendable {
  /// Which samples of the batch.
  public var samples: Range<Int>
  /// What is to be said: `over_range`.
  public var words: [String]

  /// A run.
  package init(samples: Range<Int>, words: [String]) {
    self.samples = samples
    self.words = words
  }
}

/// Words of the wire for what is to be said about a number. A word that this build does not know makes the number
/// suspect: it must not look good because we are old.
struct QualityReading {
  let quality: Quality
  let later: [String]

  init(words: [String]) {
    later = words.filter { !Quality.words.contains($0) }
    quality = later.isEmpty ? Quality(words: words) : Quality(words: words).union(.suspect)
  }
}

extension Quality {
  /// The member `q` of an event or a result; none where there is nothing to say.
  func write(to writer: inout JSONWriter) {
    if isDisjoint(with: .all) { return }
    writer.list("q", words) { $0.string($1) }
  }
}

extension JSONFields {
  /// The member `q` of an event or a result.
  mutating func qualityWords() throws(JSONMismatch) -> QualityReading { QualityReading(words: try strings("q")) }

  /// The member `q` of a batch of `count` samples: the quality of each (none: all are good), and the words that this
  /// build does not know.
  mutating func qualityRuns(count: Int) throws(JSONMismatch) -> (quality: [Quality], later: [QualityRun]) {
    var (quality, later, end) = ([Quality](), [QualityRun](), 0)
    for run in try list("q") {
      // Runs that rise, so that a short line cannot ask for endless work.
      guard let elements = run.elements, elements.count >= 2, let first = elements[0].integer,
        let length = elements[1].integer, first >= Int64(end), length >= 0, first <= count, length <= count,
        first + length <= count
      else { throw mismatch("q", run, "must hold rising runs of samples: [first, count, words]") }
      let samples = Int(first)..<Int(first + length)
      end = samples.upperBound
      let reading = QualityReading(words: elements[2...].compactMap(\.string))
      if quality.isEmpty { quality = [Quality](repeating: [], count: count) }
      for index in samples { quality[index] = reading.quality }
      if !reading.later.isEmpty { later.append(QualityRun(samples: samples, words: reading.later)) }
    }
    return (quality, later)
  }
}

extension JSONWriter {
  /// The member `q` of a batch: runs of samples about which there is something to say, `[first, count, words…]`.
  mutating func qualityRuns(_ quality: [Quality]) {
    guard quality.contains(where: { !$0.isDisjoint(with: .all) }) else { return }
    key("q")
    beginArray()
    var index = 0
    while index < quality.count {
      let said = quality[index].intersection(.all)
      var end = index + 1
      while end < quality.count, quality[end].intersection(.all) == said { end += 1 }
      if !said.isEmpty {
        beginArray()
        integer(index)
        integer(end - index)
        for word in said.words { string(word) }
        endArray()
      }
      index = end
    }
    endArray()
  }
}
