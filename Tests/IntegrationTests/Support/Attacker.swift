import Glibc
import Testing

/// A consumer that keeps no promise: it sends bytes, and reads only when it is told to.
final class Attacker {
  let descriptor: Int32

  /// Connects.
  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(result == 0, "\(path) takes no connection: \(String(cString: strerror(errno)))")
  }

  deinit { close(descriptor) }

  /// Sends as much as the hub takes at once.
  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
  }

  /// Waits for some bytes; `nil` at the end, or when none come for as long as a test waits.
  func receive() -> String? {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&entry, 1, Int32(patience * 1000)) == 1 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  /// A request line.
  static func request(_ method: String, _ parameters: String = "{}") -> String {
    #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"# + "\n"
  }
}

extension RunningStation {
  /// Kilobytes of the hub that are in memory.
  var residentKilobytes: Int {
    get throws {
      let status = try contents(of: "/proc/\(hub.process)/status")
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
      return try #require(Int(line.split(whereSeparator: { !$0.isNumber })[0]))
    }
  }

  /// Open descriptors of the hub.
  var descriptors: Int { folderEntries("/proc/\(hub.process)/fd") }

  /// Waits until the hub has no more descriptors than so many; gives how many it has.
  func descriptors(fallTo most: Int) -> Int {
    for _ in 0..<Int(patience * 100) where descriptors > most { usleep(10_000) }
    return descriptors
  }

  private func folderEntries(_ path: String) -> Int {
    guard let folder = opendir(path) else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    return count
  }
}
