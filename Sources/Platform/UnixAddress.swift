package import Glibc

/// The address of a Unix socket.
package struct UnixAddress {
  /// Most bytes of a path: `sun_path` has 108, and the NUL takes one.
  package static let longestPath = 107

  private var address = sockaddr_un()

  /// The address of a path; `nil` where it is too long, or has a NUL in it.
  package init?(path: String) {
    guard path.utf8.count <= Self.longestPath, !path.utf8.contains(0) else { return nil }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  }

  /// Lends the address as `bind` and `connect` take it.
  package func withAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
    }
  }
}
