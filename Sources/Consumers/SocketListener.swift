internal import Glibc

/// Why the socket could not be made.
package struct SocketFailure: Error, Equatable {
  /// One plain sentence that names the path and the fix.
  package var sentence: String
}

/// The listening socket of the hub, made with care: in a directory that nobody else can change, with narrow rights from
/// the first moment, no stale file, no second hub.
package struct SocketListener: Sendable {
  /// The listening descriptor.
  package let descriptor: Int32
  /// Its path.
  package let path: String
  private let directory: Int32
  private let name: String
  private let lock: Int32

  /// Makes the directory (0750) if it is missing, and the socket (0660) in it, both for a group if one is given.
  package init(path: String, group: UInt32?) throws(SocketFailure) {
    self.path = path
    guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/") else {
      throw SocketFailure(sentence: "The socket path \(path) does not begin with \"/\": give the whole path.")
    }
    guard path.utf8.count <= 107 else {
      throw SocketFailure(
        sentence: "The socket path has \(path.utf8.count) bytes, and the kernel allows 107: choose a shorter one.")
    }
    name = String(path[path.index(after: slash)...])
    guard !name.isEmpty else {
      throw SocketFailure(sentence: "The socket path \(path) ends with \"/\": give the name of the socket, too.")
    }
    directory = try SocketDirectory.open(slash == path.startIndex ? "/" : String(path[..<slash]), group: group)
    var lock: Int32 = -1
    do throws(SocketFailure) {
      lock = try Self.takeLock(directory, name, path)
      descriptor = try Self.listen(directory, name, path, group: group)
      self.lock = lock
    } catch {
      if lock >= 0 { close(lock) }
      close(directory)
      throw error
    }
  }

  /// Removes the socket's file and lets another hub take its place. The descriptor is closed.
  package func remove() {
    unlinkat(directory, name, 0)
    close(descriptor)
    // Not only closed: a child that is just being started would hold it until its exec.
    flock(lock, LOCK_UN)
    close(lock)
    close(directory)
  }

  /// Held for as long as the hub lives; the kernel lets go of it however the hub ends.
  private static func takeLock(_ directory: Int32, _ name: String, _ path: String) throws(SocketFailure) -> Int32 {
    let lock = openat(directory, name + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if lock < 0 { throw failure("The lock file \(path).lock could not be opened") }
    if flock(lock, LOCK_EX | LOCK_NB) == 0 { return lock }
    close(lock)
    throw SocketFailure(
      sentence: "Another Thenar already serves \(path): stop it first, or give this one another --socket.")
  }

  private static func listen(
    _ directory: Int32, _ name: String, _ path: String, group: UInt32?
  ) throws(SocketFailure) -> Int32 {
    var information = stat()
    if fstatat(directory, name, &information, AT_SYMLINK_NOFOLLOW) == 0 {
      guard information.st_mode & S_IFMT == S_IFSOCK else {
        throw SocketFailure(sentence: "\(path) exists and is no socket: remove it, or give another --socket.")
      }
      // The lock is ours, so whoever made this socket is gone.
      unlinkat(directory, name, 0)
    }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_UNIX, kind, 0)
    if descriptor < 0 { throw failure("No socket could be made") }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    // Nobody but us until the group is set: the kernel makes the file with these rights.
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
    if let group { fchownat(directory, name, uid_t.max, group, AT_SYMLINK_NOFOLLOW) }
    fchmodat(directory, name, 0o660, 0)
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
