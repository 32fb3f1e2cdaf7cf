internal import Glibc

/// Why the socket could not be made.
package struct SocketFailure: Error, Equatable {
  /// One plain sentence that names the path and the fix.
  package var sentence: String
}

/// The listening socket of the hub, made with care: narrow rights, no stale file, no second hub.
package struct SocketListener: Sendable {
  /// The listening descriptor.
  package let descriptor: Int32
  /// Its path.
  package let path: String
  private let lock: Int32

  /// Makes the directory (0750) if it is missing, and the socket (0660) in it, both for a group if one is given.
  package init(path: String, group: UInt32?) throws(SocketFailure) {
    self.path = path
    guard path.hasPrefix("/") else {
      throw SocketFailure(sentence: "The socket path \(path) does not begin with \"/\": give the whole path.")
    }
    guard path.utf8.count <= 107 else {
      throw SocketFailure(
        sentence: "The socket path has \(path.utf8.count) bytes, and the kernel allows 107: choose a shorter one.")
    }
    try Self.makeDirectory(of: path, group: group)
    // Held for as long as the hub lives; the kernel lets go of it however the hub ends.
    lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if lock < 0 { throw Self.failure("The lock file \(path).lock could not be opened") }
    if flock(lock, LOCK_EX | LOCK_NB) != 0 {
      close(lock)
      throw SocketFailure(
        sentence: "Another Thenar already serves \(path): stop it first, or give this one another --socket.")
    }
    do throws(SocketFailure) {
      descriptor = try Self.listen(path, group: group)
    } catch {
      close(lock)
      throw error
    }
  }

  /// Removes the socket's file and lets another hub take its place. The descriptor belongs to whoever listens on it.
  package func remove() {
    unlink(path)
    // Not only closed: a child that is just being started would hold it until its exec.
    flock(lock, LOCK_UN)
    close(lock)
  }

  private static func makeDirectory(of path: String, group: UInt32?) throws(SocketFailure) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let directory = String(path[..<slash])
    if mkdir(directory, 0o750) == 0 {
      chmod(directory, 0o750)
      if let group { chown(directory, uid_t.max, group) }
    } else if errno != EEXIST {
      throw failure("The directory \(directory) for the socket could not be made")
    }
  }

  private static func listen(_ path: String, group: UInt32?) throws(SocketFailure) -> Int32 {
    var information = stat()
    if lstat(path, &information) == 0 {
      guard information.st_mode & S_IFMT == S_IFSOCK else {
        throw SocketFailure(sentence: "\(path) exists and is no socket: remove it, or give another --socket.")
      }
      // The lock is ours, so whoever made this socket is gone.
      unlink(path)
    }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw failure("No socket could be made") }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    // Narrow from the first moment: the umask cannot widen what fchmod before bind has set.
    fchmod(descriptor, 0o600)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard bound == 0 else {
      let error = failure("The socket \(path) could not be made")
      close(descriptor)
      throw error
    }
    if let group { chown(path, uid_t.max, group) }
    chmod(path, 0o660)
    guard Glibc.listen(descriptor, 1024) == 0 else {
      let error = failure("The socket \(path) cannot be listened on")
      close(descriptor)
      throw error
    }
    return descriptor
  }

  private static func failure(_ what: String) -> SocketFailure {
    SocketFailure(sentence: "\(what): \(String(cString: strerror(errno))). Check the directory's owner and rights.")
  }
}
