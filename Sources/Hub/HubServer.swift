package import Consumers
internal import Dispatch
internal import Glibc
internal import Loop
package import Supervision
internal import Synchronization
package import Wire

/// A running hub: the socket that consumers connect to, and the thread that owns everything else.
///
/// The functions here may be called from any thread.
package final class HubServer: Sendable {
  private let listener: SocketListener
  private let mailbox: Mailbox<Hub>
  private let stopped = Mutex(false)
  private let hasEnded = DispatchSemaphore(value: 0)
  /// Names this life of the stream.
  package let epoch: String

  /// Opens the socket and begins. Throws a ``SocketFailure`` when the socket cannot be made, an
  /// ``EventLoop/Failure`` when the machine has no more descriptors.
  package init(_ options: HubOptions) throws {
    let options = Self.fitting(options)
    let listener = try SocketListener(path: options.socketPath, group: options.socketGroup)
    let epoch = Self.makeEpoch()
    let mailbox: Mailbox<Hub>
    do { mailbox = try Mailbox<Hub>() } catch {
      listener.remove()
      throw error
    }
    self.listener = listener
    self.epoch = epoch
    self.mailbox = mailbox
    HubThread.start { [hasEnded] in
      do throws(EventLoop.Failure) {
        let hub = try Hub(options: options, epoch: epoch, listener: listener.descriptor, mailbox: mailbox)
        try hub.run()
      } catch {
        options.log("The hub cannot go on: \(error.sentence)")
      }
      hasEnded.signal()
    }
  }

  /// A device is there and to be driven.
  package func attach(_ assignment: DeviceAssignment) { mailbox.post { $0.attach(assignment) } }
  /// What is to be run for a device changed; one whose worker would get the same goes on without a hole.
  package func update(_ assignment: DeviceAssignment) { mailbox.post { $0.update(assignment) } }
  /// A device is there and is not driven.
  package func show(_ device: IdleDevice) { mailbox.post { $0.show(device) } }
  /// A device was unplugged.
  package func detach(_ key: DeviceIdentityKey) { mailbox.post { $0.detach(key) } }
  /// A device is known no longer.
  package func forget(_ key: DeviceIdentityKey) { mailbox.post { $0.forget(key) } }
  /// Who may do what, for consumers that connect from now on.
  package func setRoles(_ roles: Roles) { mailbox.post { $0.consumers.roles = roles } }

  /// The driver modules, as `drivers.list` tells of them from now on.
  package func setDrivers(_ drivers: [DriverReport]) { mailbox.post { $0.drivers = drivers } }

  /// Closes the instruments in good order, tells the consumers, and removes the socket. Blocks until that is done, some
  /// seconds at most. Does nothing the second time.
  package func stop() {
    let wasStopped = stopped.withLock { stopped in
      defer { stopped = true }
      return stopped
    }
    if wasStopped { return }
    // Two seconds for the workers to close, the rest for those that must be ended.
    mailbox.post { $0.shutDown(within: 5_000_000) {} }
    _ = hasEnded.wait(timeout: .now() + .seconds(8))
    listener.remove()
  }

  /// Every consumer and every device needs a descriptor: as many as the machine allows, with room for devices.
  private static func fitting(_ options: HubOptions) -> HubOptions {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return options }
    let wanted = rlim_t(options.consumerLimits.consumers + 256)
    if limit.rlim_cur < wanted {
      limit.rlim_cur = min(limit.rlim_max, wanted)
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    var options = options
    let descriptors = Int(min(limit.rlim_cur, 1 << 20))
    options.consumerLimits.consumers = min(
      options.consumerLimits.consumers, max(1, descriptors >= 512 ? descriptors - 256 : descriptors / 4))
    return options
  }

  /// Eight random hexadecimal digits.
  private static func makeEpoch() -> String {
    let digits = String(UInt32.random(in: 0...UInt32.max), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
