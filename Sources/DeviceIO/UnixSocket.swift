internal import Glibc

/// A path as the address of a Unix socket.
struct UnixAddress {
  private var address = sockaddr_un()

  /// `nil`: the path is longer than an address can be.
  init?(path: String) {
    address.sun_family = sa_family_t(AF_UNIX)
    let room = MemoryLayout.size(ofValue: address.sun_path)
    guard path.utf8.count < room else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  }

  mutating func connect(_ descriptor: Int32) -> Bool {
    withSockAddress { Glibc.connect(descriptor, $0, $1) == 0 }
  }

  mutating func bind(_ descriptor: Int32) -> Bool {
    withSockAddress { Glibc.bind(descriptor, $0, $1) == 0 }
  }

  private mutating func withSockAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}

/// A new socket that does not block, or `nil` with errno set.
func makeSocket(_ kind: SocketLine.Kind) -> Int32? {
  let type = kind == .reports ? SOCK_SEQPACKET : SOCK_STREAM
  let descriptor = socket(
    AF_UNIX, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
  return descriptor >= 0 ? descriptor : nil
}

/// Why an emulator cannot listen.
package struct ListenFailure: Error, Equatable {
  /// One plain sentence that names the path and the fix.
  package var sentence: String
}

/// A listening socket at `path`, in the place of one that nobody listens at any more. It does not block.
package func listenAt(_ path: String, _ kind: SocketLine.Kind) throws(ListenFailure) -> Int32 {
  let descriptor = try prepareToListenAt(path, kind)
  do throws(ListenFailure) { try beginToListen(descriptor, at: path) } catch {
    close(descriptor)
    throw error
  }
  return descriptor
}

/// A socket that nobody can see yet; what stood in its place and nobody listened at is gone.
package func prepareToListenAt(_ path: String, _ kind: SocketLine.Kind) throws(ListenFailure) -> Int32 {
  var address = try socketAddress(path)
  try removeStaleSocket(path, &address, kind)
  guard let descriptor = makeSocket(kind) else { throw ListenFailure(sentence: cannotListen(path)) }
  return descriptor
}

/// Makes such a socket one that clients can connect to.
package func beginToListen(_ descriptor: Int32, at path: String) throws(ListenFailure) {
  var address = try socketAddress(path)
  guard address.bind(descriptor), listen(descriptor, 4) == 0 else { throw ListenFailure(sentence: cannotListen(path)) }
}

private func socketAddress(_ path: String) throws(ListenFailure) -> UnixAddress {
  guard let address = UnixAddress(path: path) else {
    throw ListenFailure(sentence: "\(path) is too long for a socket: use a path of at most 107 bytes.")
  }
  return address
}

private func removeStaleSocket(
  _ path: String, _ address: inout UnixAddress, _ kind: SocketLine.Kind
) throws(ListenFailure) {
  var found = stat()
  guard lstat(path, &found) == 0 else { return }
  guard found.st_mode & S_IFMT == S_IFSOCK else {
    throw ListenFailure(sentence: "\(path) exists and is not a socket: give another path or remove it.")
  }
  guard let probe = makeSocket(kind) else { return }
  defer { close(probe) }
  if address.connect(probe) || errno != ECONNREFUSED {
    throw ListenFailure(sentence: "Another program listens at \(path): end it or give another path.")
  }
  unlink(path)
}

private func cannotListen(_ path: String) -> String {
  "Nobody can listen at \(path): \(errorText(errno)). Check its folder."
}
