internal import Glibc

/// Runs `body` with the path of a Unix socket on which a script is played to each program that connects, one after the
/// other and on a thread of its own. The script's number counts connections from 0; a connection is closed when the
/// script returns.
package func withFakeHub<Answer>(
  _ script: @escaping @Sendable (FakeConnection, Int) -> Void, _ body: (_ path: String) throws -> Answer
) rethrows -> Answer {
  let directory = makeDirectory()
  let path = "\(directory)/consumer.sock"
  let listener = listeningSocket(path)
  startThread {
    // The thread closes what it waits on: closed from outside, the number could be another test's socket by now.
    defer { close(listener) }
    var number = 0
    while true {
      let accepted = accept(listener, nil, nil)
      if accepted < 0 { return }
      script(FakeConnection(accepted), number)
      number += 1
    }
  }
  defer {
    shutdown(listener, Int32(SHUT_RDWR))
    unlink(path)
    rmdir(directory)
  }
  return try body(path)
}

/// Runs `body` with a path at which a socket is, but nobody listens: what a hub that was killed leaves.
package func withAbandonedSocket(_ body: (_ path: String) throws -> Void) rethrows {
  let directory = makeDirectory()
  let path = "\(directory)/consumer.sock"
  close(listeningSocket(path))
  defer {
    unlink(path)
    rmdir(directory)
  }
  try body(path)
}

/// A path at which there is nothing.
package let missingSocket = "/tmp/fake-hub-missing/consumer.sock"

func makeDirectory() -> String {
  var template = Array("/tmp/fake-hub-XXXXXX".utf8CString)
  return template.withUnsafeMutableBufferPointer { buffer in
    // The buffer is never empty.
    guard mkdtemp(buffer.baseAddress!) != nil else { fatalError("no directory for a test: \(errno)") }
    return String(cString: buffer.baseAddress!)
  }
}

func listeningSocket(_ path: String) -> Int32 {
  let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let bound = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  guard bound == 0, listen(listener, 8) == 0 else { fatalError("no socket for a test: \(errno)") }
  return listener
}

private final class Work: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func startThread(_ body: @escaping @Sendable () -> Void) {
  var thread = pthread_t()
  let work = Unmanaged.passRetained(Work(body)).toOpaque()
  let failure = pthread_create(
    &thread, nil,
    { work in
      // The pointer was made above from exactly such an object.
      Unmanaged<Work>.fromOpaque(work!).takeRetainedValue().body()
      return nil
    }, work)
  guard failure == 0 else { fatalError("no thread for a test: \(failure)") }
  pthread_detach(thread)
}
