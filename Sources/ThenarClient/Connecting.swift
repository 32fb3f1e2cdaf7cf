internal import Glibc

/// A connected, non-blocking socket.
func connectedSocket(_ path: String) throws(ClientError) -> Int32 {
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { throw .pathTooLong(path) }
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  guard descriptor >= 0 else { throw .system(call: "socket", errno: errno) }
  // connect waits while the listener's queue is full; a hub that hangs must not hang its consumers.
  var patience = timeval(tv_sec: 5, tv_usec: 0)
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  let result = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  let failure = result == 0 ? 0 : errno
  if failure == 0, fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0 { return descriptor }
  close(descriptor)
  switch failure {
  case ENOENT, ENOTDIR, ECONNREFUSED: throw .notRunning(tried: [path])
  case EACCES, EPERM: throw .notAllowed(path: path, group: owningGroup(of: path))
  case EAGAIN: throw .timedOut("connecting")
  case EPROTOTYPE, ENOTSOCK: throw .notThenar(path: path)
  default: throw .system(call: "connect", errno: failure == 0 ? errno : failure)
  }
}

/// The group that owns a socket, or its directory where the socket cannot be seen.
private func owningGroup(of path: String) -> String {
  var status = stat()
  if stat(path, &status) != 0 {
    let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    guard stat(directory, &status) == 0 else { return "" }
  }
  var group = Glibc.group()
  var found: UnsafeMutablePointer<Glibc.group>?
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { names in
    guard getgrgid_r(status.st_gid, &group, names.baseAddress, names.count, &found) == 0, found != nil,
      let name = group.gr_name
    else { return "" }
    return String(cString: name)
  }
}
