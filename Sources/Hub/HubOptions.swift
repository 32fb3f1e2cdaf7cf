package import Consumers
internal import Platform
package import Readings
package import Supervision
package import Wire
package import WorkerLink

/// What a hub needs to know when it starts.
package struct HubOptions: Sendable {
  /// Version of this build.
  package var build: String
  /// Name of the station, or empty.
  package var station = ""
  /// Path of the consumers' socket.
  package var socketPath: String
  /// Group that may open the socket.
  package var socketGroup: UInt32?
  /// Bytes of records that are kept in memory: what a consumer that is slow or comes back can still get.
  package var ringBytes = 4 << 20
  /// What consumers may cost.
  package var consumerLimits = ConsumerLimits()
  /// What one device may send.
  package var deviceLimits = DeviceLimits()
  /// When an effort begins and ends.
  package var effortRule = EffortRule.standard
  /// For how long a driver may leave a ping unanswered before it is taken to hang. Longer than the 5 s for which the kernel
  /// may hold up a write to a HID device.
  package var driverPatience: Microseconds = 8_000_000
  /// Who may do what.
  package var roles: Roles
  /// Where commands are recorded; `nil`: nowhere.
  package var auditPath: String?
  /// The driver modules, as `drivers.list` tells of them.
  package var drivers: [DriverReport] = []
  /// Starts a worker. Called on the hub's loop; must not block for long.
  package var launch: @Sendable (WorkerSetup) throws(LaunchFailure) -> WorkerProcess
  /// Is told what a technician should know, in plain sentences. Called on the hub's loop; must not wait.
  package var log: @Sendable (String) -> Void
  /// The station's clock; tests move their own.
  package var clock: @Sendable () -> Microseconds = { SystemClock.boot() }

  /// Options with the usual limits.
  package init(
    build: String, socketPath: String, roles: Roles,
    launch: @escaping @Sendable (WorkerSetup) throws(LaunchFailure) -> WorkerProcess,
    log: @escaping @Sendable (String) -> Void
  ) {
    self.build = build
    self.socketPath = socketPath
    self.roles = roles
    self.launch = launch
    self.log = log
  }
}
