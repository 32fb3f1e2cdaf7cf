public import Wire

extension Message {
  /// Reads a line (without its newline); throws ``ClientError/malformed(problem:line:)``. Members that are not known
  /// are passed over.
  public init(parsing line: [UInt8]) throws(ClientError) {
    do { self = try Message(line: line) } catch { throw .malformed(problem: error.problem, line: line) }
  }
}
