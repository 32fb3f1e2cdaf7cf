internal import Readings
package import StrictJSON

/// What one trial came to, as a record of the stream.
public struct ResultRecord: Equatable, Sendable {
  /// The record's number.
  public var sequence: UInt64
  /// The result's own name.
  public var id: String
  /// The result.
  public var result: TrialResult
  /// The result that this one corrects.
  public var supersedes: String?
  /// Quality words that this build does not know. The result is suspect then.
  public private(set) var laterQuality: [String] = []

  /// A record; see the properties.
  package init(sequence: UInt64, id: String, result: TrialResult, supersedes: String? = nil) {
    self.sequence = sequence
    self.id = id
    self.result = result
    self.supersedes = supersedes
  }

  /// What is to be said about the samples or events of the trial: `over_range`.
  public var qualityWords: [String] { result.quality.words + laterQuality }
}

extension ResultRecord: Telling {
  package static let method: StaticString = "result"

  package func write(to writer: inout JSONWriter) {
    writer.member("seq", sequence)
    writer.member("result", id)
    writer.member("device", result.device)
    writer.known("channel", result.channel)
    let isValid = result.void == nil
    writer.member("kind", result.outcome.kind)
    writer.member("state", isValid ? "valid" : "void")
    writer.known("reason", result.void ?? "")
    switch result.outcome {
    case .effort(let effort): effort.write(to: &writer, isValid: isValid)
    case .time(let timing): timing.write(to: &writer, isValid: isValid)
    case .other: break
    }
    result.quality.write(to: &writer)
    writer.list("seqs", [result.sequences.lowerBound, result.sequences.upperBound]) { $0.integer($1) }
    writer.known("model", result.instrument.model)
    writer.known("serial", result.instrument.serial)
    writer.known("fw", result.instrument.firmware)
    writer.known("driver", result.driver)
    writer.known("engine", result.engine)
    if result.emulated { writer.member("emulated", true) }
    writer.member("final", true)
    writer.key("supersedes")
    if let supersedes { writer.string(supersedes) } else { writer.null() }
  }

  package init(_ fields: JSONFields) throws(JSONMismatch) {
    var fields = fields
    sequence = try fields.requiredCount("seq")
    id = try fields.requiredString("result")
    supersedes = try fields.string("supersedes")
    // Only the word "valid" makes a result valid: a word that a later version invents must not let a number through.
    let state = try fields.requiredString("state")
    let reason = try fields.text("reason")
    let words = try fields.qualityWords()
    laterQuality = words.later
    let seqs = try fields.required("seqs")
    let ends = (seqs.elements ?? []).compactMap(\.integer)
    guard ends.count == 2, 0 <= ends[0], ends[0] <= ends[1] else {
      throw fields.mismatch("seqs", seqs, "must hold the numbers of the first and the last record")
    }
    result = TrialResult(
      device: try fields.requiredString("device"), channel: try fields.text("channel"),
      outcome: try TrialResult.Outcome(&fields, isValid: state == "valid"),
      void: state == "valid" ? nil : reason.isEmpty ? state : reason, quality: words.quality,
      sequences: UInt64(ends[0])...UInt64(ends[1]),
      instrument: .init(
        model: try fields.text("model"), serial: try fields.text("serial"), firmware: try fields.text("fw")),
      driver: try fields.text("driver"), engine: try fields.text("engine"),
      emulated: try fields.flag("emulated") ?? false)
  }
}

extension TrialResult.Outcome {
  fileprivate var kind: String {
    switch self {
    case .effort: "effort"
    case .time: "time"
    case .other(let kind): kind
    }
  }

  fileprivate init(_ fields: inout JSONFields, isValid: Bool) throws(JSONMismatch) {
    switch try fields.requiredString("kind") {
    case "effort": self = .effort(try TrialResult.Effort(&fields, isValid: isValid))
    case "time": self = .time(try TrialResult.Timing(&fields, isValid: isValid))
    case let kind: self = .other(kind)
    }
  }
}

extension TrialResult.Effort {
  fileprivate func write(to writer: inout JSONWriter, isValid: Bool) {
    writer.member("peak_N", isValid ? peak ?? .nan : .nan)
    if let peakRaw, isValid {
      writer.member("peak_raw", peakRaw)
      writer.known("raw_unit", rawUnit)
    }
    writer.member("at_us", peakTime)
    writer.member("onset_us", onset)
    writer.member("release_us", release)
    writer.member("samples", samples)
    writer.member("baseline_N", baseline ?? .nan)
    writer.key("tare")
    writer.null()
    writer.object("rule") { rule.write(to: &$0) }
  }

  fileprivate init(_ fields: inout JSONFields, isValid: Bool) throws(JSONMismatch) {
    let peak = try fields.anyNumber("peak_N")
    let peakRaw = try fields.anyNumber("peak_raw")
    self.init(
      peak: isValid ? peak : nil, peakRaw: isValid ? peakRaw : nil, rawUnit: try fields.text("raw_unit"),
      peakTime: try fields.requiredTime("at_us"), onset: try fields.requiredTime("onset_us"),
      release: try fields.requiredTime("release_us"), baseline: try fields.anyNumber("baseline_N"),
      samples: Int(clamping: try fields.requiredCount("samples")),
      rule: try EffortRule(JSONFields(fields.required("rule"), fields.path(of: "rule"))))
  }
}

extension TrialResult.Timing {
  fileprivate func write(to writer: inout JSONWriter, isValid: Bool) {
    let elapsed = isValid ? elapsed : nil
    writer.member("elapsed_s", elapsed.map { Double($0) / 1e6 } ?? .nan)
    writer.known("elapsed_us", elapsed)
    writer.unlessZero("resolution_us", resolution)
    writer.known("clock", clock)
    writer.known("started_by", startedBy)
    writer.known("stopped_by", stoppedBy)
    writer.member("at_us", stop)
  }

  fileprivate init(_ fields: inout JSONFields, isValid: Bool) throws(JSONMismatch) {
    let elapsed = try fields.time("elapsed_us")
    self.init(
      elapsed: isValid ? elapsed : nil, resolution: try fields.time("resolution_us") ?? 0,
      clock: try fields.text("clock"), startedBy: try fields.text("started_by"),
      stoppedBy: try fields.text("stopped_by"), stop: try fields.requiredTime("at_us"))
  }
}
