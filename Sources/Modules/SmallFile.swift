import Glibc

/// Reads a regular file that a person wrote: a little more than 1 MiB at most, so that its parser sees it to be too long.
package func readSmallFile(_ path: String) throws(SystemFailure) -> [UInt8] {
  // O_NONBLOCK: opening a named pipe must not wait for a writer.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  if descriptor < 0 { throw SystemFailure(code: errno) }
  defer { _ = close(descriptor) }
  var status = stat()
  if fstat(descriptor, &status) != 0 { throw SystemFailure(code: errno) }
  if status.st_mode & S_IFMT != S_IFREG {
    throw SystemFailure(code: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
  }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16_384)
  while bytes.count <= 1 << 20 {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw SystemFailure(code: errno)
    }
    if count == 0 { break }
    bytes.append(contentsOf: chunk[..<count])
  }
  return bytes
}

/// Why the system did not do what it was asked for.
package struct SystemFailure: Error, Equatable {
  /// The `errno`.
  package let code: Int32

  /// A failure with an `errno`.
  package init(code: Int32) { self.code = code }

  /// Nothing of that name is there.
  package var isAbsence: Bool { code == ENOENT || code == ENOTDIR }

  /// The system's own words: `Permission denied`.
  package var text: String {
    var buffer = [CChar](repeating: 0, count: 128)
    if strerror_r(code, &buffer, buffer.count) != 0 { return "error \(code)" }
    return buffer.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
  }
}
