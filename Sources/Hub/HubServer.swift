internal import NIOCore
internal import NIOPosix
internal import StrictJSON
internal import Synchronization

/// A running hub: the socket that consumers connect to, and the loop that owns everything.
///
/// Everything happens on one event loop; the functions here may be called from any thread.
package final class HubServer: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let hub: NIOLoopBound<Hub>
  private let listener: SocketListener
  private let audit: AuditLog?
  private let server: any Channel
  private let stopped = Mutex(false)
  /// Names this life of the stream.
  package let epoch: String

  /// Opens the socket and begins. Throws a ``SocketFailure`` when the socket cannot be made.
  package init(_ options: HubOptions) throws {
    listener = try SocketListener(path: options.socketPath, group: options.socketGroup)
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let epoch = Self.makeEpoch()
    self.epoch = epoch
    let hub = try loop.submit {
      NIOLoopBound(Hub(options: options, epoch: epoch, loop: loop), eventLoop: loop)
    }.wait()
    self.hub = hub
    audit = try loop.submit { hub.value.audit }.wait()
    server = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 16 << 10, high: 64 << 10))
      .childChannelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 4096))
      .childChannelInitializer { channel in
        channel.peer().flatMapThrowing { peer in
          try channel.pipeline.syncOperations.addHandler(
            ConsumerHandler(
              hub: hub.value, peer: peer, role: options.roles.role(of: peer), queueLimit: options.queueBytes))
        }
      }
      .withBoundSocket(listener.descriptor).wait()
    loop.scheduleRepeatedTask(initialDelay: .milliseconds(250), delay: .milliseconds(250)) { _ in hub.value.tick() }
  }

  /// A device is there and to be driven.
  package func attach(_ assignment: DeviceAssignment) { onLoop { $0.attach(assignment) } }
  /// A device is there and is not driven.
  package func show(_ device: IdleDevice) { onLoop { $0.show(device) } }
  /// A device was unplugged.
  package func detach(_ key: DeviceIdentityKey) { onLoop { $0.detach(key) } }

  /// Closes the instruments in good order, tells the consumers, and removes the socket. Blocks until that is done.
  /// Does nothing the second time.
  package func stop() {
    let wasStopped = stopped.withLock { stopped in
      defer { stopped = true }
      return stopped
    }
    if wasStopped { return }
    let promise = group.next().makePromise(of: Void.self)
    onLoop { $0.shutDown { promise.succeed(()) } }
    // Five seconds at most: two for the workers to close, the rest for those that must be killed.
    group.next().scheduleTask(in: .seconds(5)) { promise.succeed(()) }
    try? promise.futureResult.wait()
    audit?.finish()
    try? server.close().wait()
    listener.remove()
    try? group.syncShutdownGracefully()
  }

  private func onLoop(_ body: @escaping @Sendable (Hub) -> Void) {
    let hub = hub
    group.next().execute { body(hub.value) }
  }

  /// Eight random hexadecimal digits.
  private static func makeEpoch() -> String {
    let digits = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension Channel {
  /// Who connected, as the kernel says (`SO_PEERCRED`).
  fileprivate func peer() -> EventLoopFuture<Peer> {
    guard let options = self as? any SocketOptionProvider else {
      return eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
    }
    // struct ucred does not reach Swift; three 32-bit numbers have its layout.
    let credentials: EventLoopFuture<(UInt32, UInt32, UInt32)> = options.unsafeGetSocketOption(
      level: .socket, name: .init(rawValue: 17))
    return credentials.map { Peer(process: $0.0, user: $0.1, group: $0.2) }
  }
}
