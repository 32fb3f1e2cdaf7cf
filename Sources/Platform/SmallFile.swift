import Glibc

/// Reads a regular file that a person wrote: a little more than 1 MiB at most, so that its parser sees it to be too long.
/// One that others could have changed is refused.
package func readSmallFile(
  _ path: String, trusting trust: FileTrust = .ofThisProcess
) throws(FileFailure) -> [UInt8] {
  let descriptor = try trust.open(path)
  defer { close(descriptor) }
  do throws(SystemFailure) {
    switch try FileFacts(of: descriptor).kind {
    case .file: return try readAll(descriptor)
    case .directory: throw SystemFailure(code: EISDIR)
    case .link, .other: throw SystemFailure(code: EINVAL)
    }
  } catch {
    throw .system(error)
  }
}

private func readAll(_ descriptor: Int32) throws(SystemFailure) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16_384)
  while bytes.count <= 1 << 20 {
    let count = read(descriptor, &chunk, chunk.count)
    if count < 0 {
      if errno == EINTR { continue }
      throw .last
    }
    if count == 0 { break }
    bytes.append(contentsOf: chunk[..<count])
  }
  return bytes
}
