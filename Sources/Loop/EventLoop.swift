internal import CLoop
internal import Glibc
internal import Synchronization

/// One thread that waits for many descriptors. All that it owns is touched by that thread only; ``Mailbox`` is the way in
/// from others.
///
/// Why not SwiftNIO: a channel costs 6,300 instructions for each record and consumer where the system call alone is
/// needed, its handlers are entered again from inside their own writes, and every line of code that runs between two
/// sleeps is paid for in latency, because nothing of it is in the caches any more.
package final class EventLoop {
  /// The loop could not be made or cannot wait.
  package struct Failure: Error {
    /// One plain sentence.
    package let sentence: String

    init(_ what: String, _ error: Int32) { sentence = "\(what): \(String(cString: strerror(error)))." }
  }

  /// A watched descriptor. Let go of it with ``EventLoop/remove(_:)`` before the descriptor is closed.
  package struct Registration {
    fileprivate let slot: Int
    fileprivate let generation: UInt32
    fileprivate let descriptor: Int32
  }

  private struct Slot {
    var handler: (any ReadinessHandler)?
    var generation: UInt32
    var goesFirst: Bool
  }

  private let epoll: Int32
  private var slots: [Slot] = []
  private var free: [Int] = []
  private let events = UnsafeMutablePointer<thenar_loop_event>.allocate(capacity: mostEvents)
  private static let mostEvents = 256
  private var count = 0

  /// A loop that watches nothing yet.
  package init() throws(Failure) {
    epoll = thenar_loop_open()
    if epoll < 0 { throw Failure("The hub cannot wait for its descriptors", -epoll) }
  }

  deinit {
    if epoll >= 0 { close(epoll) }
    events.deallocate()
  }

  /// Watches a descriptor. Handlers that go first are told before all others of one turn: readings before requests.
  package func add(
    _ descriptor: Int32, for readiness: Readiness, goesFirst: Bool = false, _ handler: any ReadinessHandler
  ) throws(Failure) -> Registration {
    let slot = free.popLast() ?? slots.count
    if slot == slots.count { slots.append(Slot(handler: nil, generation: 0, goesFirst: false)) }
    slots[slot].handler = handler
    slots[slot].goesFirst = goesFirst
    let registration = Registration(slot: slot, generation: slots[slot].generation, descriptor: descriptor)
    let error = thenar_loop_add(epoll, descriptor, readiness.rawValue, Self.token(registration))
    if error != 0 {
      release(slot)
      throw Failure("A descriptor cannot be waited for", error)
    }
    return registration
  }

  /// Waits for something else from now on.
  package func change(_ registration: Registration, to readiness: Readiness) {
    _ = thenar_loop_change(epoll, registration.descriptor, readiness.rawValue, Self.token(registration))
  }

  /// Watches a descriptor no longer. What the kernel has already said of it in this turn is not told any more.
  package func remove(_ registration: Registration) {
    guard slots[registration.slot].generation == registration.generation else { return }
    _ = thenar_loop_remove(epoll, registration.descriptor)
    release(registration.slot)
  }

  private func release(_ slot: Int) {
    slots[slot].handler = nil
    slots[slot].generation &+= 1
    free.append(slot)
  }

  /// Waits until something is ready or so many milliseconds are over.
  package func wait(milliseconds: Int32) throws(Failure) {
    let count = thenar_loop_wait(epoll, events, Int32(Self.mostEvents), milliseconds)
    if count < 0 { throw Failure("The hub cannot wait for its descriptors", -count) }
    self.count = Int(count)
  }

  /// Tells the handlers what the last ``wait(milliseconds:)`` brought.
  package func tellHandlers() {
    let count = self.count
    self.count = 0
    if count == 1 { return tell(events[0]) }
    for goesFirst in [true, false] {
      for index in 0..<count where events[index].token != .max && slots[Self.slot(events[index])].goesFirst == goesFirst
      {
        tell(events[index])
        // Told once, also if its place has gone to one of the other kind since.
        events[index].token = .max
      }
    }
  }

  private func tell(_ event: thenar_loop_event) {
    if event.token == .max { return }
    let slot = Self.slot(event)
    // A handler before this one may have let go of it, and even given its place away.
    guard slots[slot].generation == UInt32(event.token >> 32), let handler = slots[slot].handler else { return }
    handler.ready(Readiness(rawValue: event.readiness))
  }

  private static func slot(_ event: thenar_loop_event) -> Int { Int(event.token & 0xFFFF_FFFF) }

  private static func token(_ registration: Registration) -> UInt64 {
    UInt64(registration.generation) << 32 | UInt64(registration.slot)
  }
}
