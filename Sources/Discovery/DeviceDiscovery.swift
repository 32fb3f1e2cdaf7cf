import Glibc
import Matching
import Synchronization

/// Sees hidraw devices and USB serial ports come and go, on a thread of its own.
package final class DeviceDiscovery: Sendable {
  private let thread: pthread_t
  /// The end of a line whose closing tells the thread to end; `nil` when that is done.
  private let stopSignal: Mutex<Int32?>

  /// Begins: first come the devices that are there, then those that come and go. Nothing that is plugged in meanwhile is
  /// missed or told twice.
  ///
  /// `tell` is called on discovery's own thread, one event at a time; while it runs nothing else is seen, so it hands the
  /// event on and returns. The last call has ended when ``stop()`` returns.
  package init(tell: @escaping @Sendable (DiscoveryEvent) -> Void) throws(DiscoveryFailure) {
    let monitor = try UdevMonitor()
    // A pair of sockets and not a pipe, because Swift sees no pipe2 and a worker must not inherit either end.
    var ends: [Int32] = [-1, -1]
    if socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) != 0 {
      throw DiscoveryFailure("Discovery has no descriptor left; raise the limit of open files.")
    }
    let loop = Unmanaged.passRetained(DiscoveryLoop(monitor: monitor, stopSignal: ends[0], tell: tell))
    var thread = pthread_t()
    // The loop, with all of libudev in it, goes over to the new thread, which alone uses and releases it.
    let result = pthread_create(&thread, nil, runDiscovery, loop.toOpaque())
    self.thread = thread
    stopSignal = Mutex(result == 0 ? ends[1] : nil)
    if result != 0 {
      loop.release()
      close(ends[1])
      throw DiscoveryFailure("Discovery's thread could not be started; raise the limit of processes.")
    }
  }

  deinit { stop() }

  /// Ends discovery, and waits for it unless called from within `tell`. Again: does nothing.
  package func stop() {
    let signal = stopSignal.withLock { signal in
      defer { signal = nil }
      return signal
    }
    guard let signal else { return }
    close(signal)
    if pthread_equal(thread, pthread_self()) != 0 {
      pthread_detach(thread)
    } else {
      pthread_join(thread, nil)
    }
  }
}

private func runDiscovery(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let context { Unmanaged<DiscoveryLoop>.fromOpaque(context).takeRetainedValue().run() }
  return nil
}

/// What runs on discovery's thread.
private final class DiscoveryLoop {
  private let monitor: UdevMonitor
  private let stopSignal: Int32
  private let tell: @Sendable (DiscoveryEvent) -> Void
  private var present = PresentDevices()

  init(monitor: UdevMonitor, stopSignal: Int32, tell: @escaping @Sendable (DiscoveryEvent) -> Void) {
    self.monitor = monitor
    self.stopSignal = stopSignal
    self.tell = tell
  }

  deinit { close(stopSignal) }

  func run() {
    report(present.replace(with: monitor.lookAround()))
    var waits = [
      pollfd(fd: monitor.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stopSignal, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      if poll(&waits, nfds_t(waits.count), -1) < 0 {
        if errno == EINTR { continue }
        return tell(.failed("Waiting for devices failed; restart Thenar."))
      }
      if waits[1].revents != 0 { return }
      if waits[0].revents != 0 { takeEvents() }
    }
  }

  private func takeEvents() {
    while true {
      switch monitor.next() {
      case .present(let sighting): report(present.see(sighting))
      case .gone(let syspath): report(present.lose(syspath: syspath))
      case .other: continue
      case .lost: report(present.replace(with: monitor.lookAround()))
      case .none: return
      }
    }
  }

  private func report(_ events: [DiscoveryEvent]) { events.forEach(tell) }
}
