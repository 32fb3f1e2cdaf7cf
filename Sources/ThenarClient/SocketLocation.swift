internal import Glibc

/// Where the hub's socket is: the one rule that hub and consumers share.
public struct SocketLocation: Sendable {
  /// The socket of a hub that runs as a system service.
  public static let ofSystemService = "/run/thenar/consumer.sock"

  /// Numeric user id.
  public var user: UInt32
  /// `$THENAR_SOCKET`; empty: not set.
  public var override: String
  /// `$XDG_RUNTIME_DIR`; empty: not set.
  public var runtimeDirectory: String

  /// The facts by which this process finds the socket.
  public init() {
    self.init(
      user: geteuid(), override: environment("THENAR_SOCKET"), runtimeDirectory: environment("XDG_RUNTIME_DIR"))
  }

  /// The facts, given by hand.
  public init(user: UInt32, override: String = "", runtimeDirectory: String = "") {
    self.user = user
    self.override = override
    self.runtimeDirectory = runtimeDirectory
  }

  /// Where a hub of this user listens: what `--socket` says, or `$THENAR_SOCKET`, or the place of the system service
  /// for root, or the user's own run-time directory, or a directory of the user's own in `/tmp`.
  public func forHub(option: String? = nil) -> String {
    if let chosen = chosen(option) { return chosen }
    if user == 0 { return Self.ofSystemService }
    return runtimeDirectory.isEmpty ? inTemporaryDirectory : inRuntimeDirectory
  }

  /// Where a consumer of this user looks for a hub, in this order. The first socket that exists is the one.
  public func forConsumer(option: String? = nil) -> [String] {
    if let chosen = chosen(option) { return [chosen] }
    let own = runtimeDirectory.isEmpty ? [] : [inRuntimeDirectory]
    return [Self.ofSystemService] + own + [inTemporaryDirectory]
  }

  /// The socket to connect to. Throws ``ClientError/notRunning(tried:)`` with all the places when there is none.
  ///
  /// Anybody can make a directory in `/tmp`: one that belongs to another user is passed over, so that no other user
  /// can play the hub.
  public func find(option: String? = nil) throws(ClientError) -> String {
    let places = forConsumer(option: option)
    if chosen(option) != nil { return places[0] }
    for place in places {
      var status = stat()
      guard stat(place, &status) == 0 || errno == EACCES else { continue }
      if place == inTemporaryDirectory, !ownsTemporaryDirectory { continue }
      return place
    }
    throw .notRunning(tried: places)
  }

  private func chosen(_ option: String?) -> String? {
    if let option, !option.isEmpty { return option }
    return override.isEmpty ? nil : override
  }

  private var inRuntimeDirectory: String { "\(runtimeDirectory)/thenar/consumer.sock" }
  private var temporaryDirectory: String { "/tmp/thenar-\(user)" }
  private var inTemporaryDirectory: String { "\(temporaryDirectory)/consumer.sock" }

  private var ownsTemporaryDirectory: Bool {
    var status = stat()
    return lstat(temporaryDirectory, &status) == 0 && status.st_uid == user
  }
}

private func environment(_ name: String) -> String {
  getenv(name).map { String(cString: $0) } ?? ""
}
