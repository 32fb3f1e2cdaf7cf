import Glibc

/// Why the system did not do what it was asked for.
package struct SystemFailure: Error, Equatable {
  /// The `errno`.
  package let code: Int32

  /// A failure with an `errno`.
  package init(code: Int32) { self.code = code }

  /// The failure of the call that was made last.
  package static var last: SystemFailure { SystemFailure(code: errno) }

  /// Nothing of that name is there.
  package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// The system's own words: `Permission denied`.
  package var text: String {
    var buffer = [CChar](repeating: 0, count: 128)
    if strerror_r(code, &buffer, buffer.count) != 0 { return "error \(code)" }
    return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }
}
