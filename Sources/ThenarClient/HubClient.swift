public import StrictJSON
public import Wire

/// A connection to the hub: asks, and is told.
///
/// ```swift
/// let hub = try HubClient(connectingTo: SocketLocation().find())
/// try hub.subscribe(Subscription())
/// while let notification = try hub.next(timeout: .seconds(5)) {
///   if case .result(let result) = notification.content { print(result.id, result.outcome) }
/// }
/// ```
///
/// It blocks the thread that calls it and belongs to that thread. The hub closes a connection on which nothing was asked
/// for ten seconds. All errors are ``ClientError``; ``ClientError/sentence`` says what to do.
public final class HubClient {
  /// The version of the protocol that this client speaks.
  public static let protocolVersion: Int64 = 1

  /// What the greeting says.
  public let welcome: Welcome
  /// The greeting as it came.
  public let greeting: Notification

  private let socket: LineSocket
  private var lastID: Int64 = 0
  /// What came while a reply was awaited, oldest first.
  private var waiting: ArraySlice<Result<Notification, ClientError>> = []

  /// Connects and waits for the greeting.
  public init(connectingTo path: String, timeout: Duration = .seconds(5)) throws(ClientError) {
    socket = try LineSocket(connectingTo: path)
    let line: [UInt8]?
    do { line = try socket.next(timeout: timeout) } catch .closed { throw .notRunning(tried: [path]) }
    guard let line else { throw .timedOut("its greeting") }
    guard case .notification(let first)? = try? Message(parsing: line), case .welcome(let welcome) = first.content
    else { throw .notThenar(path: path) }
    self.welcome = welcome
    greeting = first
    if Self.protocolVersion < welcome.oldestProtocol || Self.protocolVersion > welcome.newestProtocol {
      throw .otherProtocol(minimum: welcome.oldestProtocol, maximum: welcome.newestProtocol)
    }
  }

  /// The socket, to wait on together with other descriptors. Call ``next(timeout:)`` with `.zero` until it gives `nil`
  /// before waiting on it.
  public var descriptor: Int32 { socket.descriptor }

  /// The next notification, in the order in which the hub sent them, or `nil` when the time is over. No time-out: waits
  /// for ever.
  ///
  /// After ``ClientError/malformed(problem:line:)`` the connection can still be used: the next call goes on after the
  /// line that could not be understood.
  public func next(timeout: Duration?) throws(ClientError) -> Notification? {
    if let first = waiting.popFirst() { return try first.get() }
    let deadline = Deadline(in: timeout)
    while let line = try socket.next(until: deadline) {
      // A reply that nobody awaits any more came after its time-out.
      if case .notification(let notification) = try Message(parsing: line) { return notification }
    }
    return nil
  }

  /// Calls a method and waits for its answer. Notifications that come meanwhile are kept for ``next(timeout:)``.
  @discardableResult
  public func call(
    _ method: String, _ parameters: JSONNode = .emptyObject, timeout: Duration = .seconds(5)
  ) throws(ClientError) -> JSONNode {
    try call(method, timeout: timeout) { $0.members(of: parameters) }
  }

  /// Calls a method whose parameters are written as the members of an open object.
  func call(
    _ method: String, timeout: Duration, _ parameters: (inout JSONWriter) -> Void
  ) throws(ClientError) -> JSONNode {
    lastID += 1
    let deadline = Deadline(in: timeout)
    try socket.send(Self.request(method, id: lastID, parameters), until: deadline)
    while !deadline.isOver, let line = try socket.next(until: deadline) {
      let message: Message
      do { message = try Message(parsing: line) } catch {
        waiting.append(.failure(error))
        continue
      }
      switch message {
      case .notification(let notification): waiting.append(.success(notification))
      case .reply(let reply) where reply.id == lastID || reply.id == nil: return try answer(reply)
      case .reply: break
      }
    }
    throw .timedOut(method)
  }

  private func answer(_ reply: Reply) throws(ClientError) -> JSONNode {
    switch reply.outcome {
    case .success(let node): return node
    case .failure(let refused): throw .refused(refused)
    }
  }

  /// The line of a request, without its newline, for those who talk to a ``LineSocket``.
  public static func request(_ method: String, _ parameters: JSONNode = .emptyObject, id: Int64) -> [UInt8] {
    request(method, id: id) { $0.members(of: parameters) }
  }

  private static func request(_ method: String, id: Int64, _ parameters: (inout JSONWriter) -> Void) -> [UInt8] {
    Array(wireLine { $0.request(method, id: JSONNode(.integer(id)), parameters) }.dropLast())
  }
}

extension JSONWriter {
  /// The members of an object; none of anything else.
  fileprivate mutating func members(of object: JSONNode) {
    for member in object.members ?? [] {
      key(member.key)
      node(member.node)
    }
  }
}
