internal import Glibc
internal import Platform

/// Standard output, without a buffer of its own: what was written has been seen.
enum StandardOutput {
  /// Writes all bytes. A reader that has gone ends the program, as it does any other.
  static func write(_ bytes: some Sequence<UInt8>) { writeAll(1, Array(bytes)) }

  /// Writes lines.
  static func write(lines: [String]) {
    if !lines.isEmpty { write(lines.joined(separator: "\n").utf8 + [0x0A]) }
  }
}

/// Standard error.
enum StandardError {
  /// Writes a line.
  static func write(_ line: String) { writeAll(2, Array(line.utf8) + [0x0A]) }
}

private func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
    } else if errno == EAGAIN {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&waiting, 1, -1)
    } else if errno != EINTR {
      if descriptor == 1 {
        StandardError.write("thenar: the output cannot be written: \(SystemFailure.last.text).")
      }
      exit(1)
    }
  }
}
