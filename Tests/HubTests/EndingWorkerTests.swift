import Glibc
import Hub
import HubTestKit
import Platform
import Supervision
import Synchronization
import Testing

/// The station's time, which the test moves.
private final class Clock: Sendable {
  private let time = Mutex<Int64>(1_000_000_000)
  var now: Int64 { time.withLock { $0 } }
  func pass(_ microseconds: Int64) { time.withLock { $0 += microseconds } }
}

/// Processes that the hub was given in the place of workers.
private final class Processes: Sendable {
  private let all = Mutex<[OwnedProcess]>([])
  private let started = Signal()

  func start() throws(LaunchFailure) -> OwnedProcess {
    do throws(SystemFailure) {
      let process = try OwnedProcess(
        program: "/bin/sleep", arguments: ["sleep", "1000"], environment: [], control: 0, errors: 2,
        limits: .init(memory: 0, files: 0))
      all.withLock { $0.append(process) }
      started.raise()
      return process
    } catch {
      throw LaunchFailure("sleep could not be started")
    }
  }

  func waitForOne() { started.wait() }
  var count: Int { all.withLock { $0.count } }
  var first: OwnedProcess? { all.withLock { $0.first } }
}

/// No process of a worker is left behind, and none is ended before its time.
@Suite struct EndingWorkerTests {
  /// A regular file in the place of a link cannot be waited for.
  @Test func aWorkerWhoseLinkCannotBeWatchedIsReaped() throws {
    let processes = Processes()
    let station = try TestStation {
      $0.launch = { _ throws(LaunchFailure) in
        let process = try processes.start()
        return WorkerProcess(descriptor: open("/proc/self/exe", O_RDONLY | O_CLOEXEC), process)
      }
    }
    station.server.attach(station.assignment("grip-1"))
    processes.waitForOne()
    let number = try #require(processes.first?.number)
    // Until it is reaped its number is taken. The hub tries again in the meantime.
    while kill(number, 0) == 0, processes.count < 4 { usleep(1000) }
    #expect(kill(number, 0) == -1 && errno == ESRCH)
    station.server.detach(station.assignment("grip-1").key)
  }

  @Test func aWorkerOfADeviceThatIsForgottenHasTwoSecondsToCloseItsInstrument() throws {
    let (processes, clock) = (Processes(), Clock())
    let station = try TestStation {
      $0.clock = { clock.now }
      $0.launch = { _ throws(LaunchFailure) in
        var pair: [Int32] = [0, 0]
        precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &pair) == 0)
        // The other end stays open: the link of a driver that is still at work.
        return WorkerProcess(descriptor: pair[0], try processes.start())
      }
    }
    station.server.attach(station.assignment("grip-1"))
    processes.waitForOne()
    let consumer = station.connect()
    station.server.forget(station.assignment("grip-1").key)
    for _ in 0..<2 {
      clock.pass(900_000)
      for _ in 0..<3 { _ = consumer.ask("ping") }
    }
    #expect(processes.first?.hasEnded == false)
    while processes.first?.hasEnded == false {
      clock.pass(500_000)
      _ = consumer.ask("ping")
    }
  }
}
