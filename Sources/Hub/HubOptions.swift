package import MeasurementStream
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
  /// Bytes that may wait for one consumer.
  package var queueBytes = 4 << 20
  /// Bytes of records that are kept in memory to resume from.
  package var ringBytes = 4 << 20
  /// Microseconds for which a consumer with a filling queue may read nothing before it is closed.
  package var consumerPatience: Int64 = 30_000_000
  /// Microseconds for which a consumer may ask for nothing after it connected.
  package var silencePatience: Int64 = 10_000_000
  /// Microseconds after which a consumer that has said nothing is closed: places are not free.
  package var silence: Int64 = 10_000_000
  /// Consumers at the same time.
  package var consumers = 2048
  /// When an effort begins and ends.
  package var effortRule = EffortRule.standard
  /// What one device may send.
  package var deviceLimits = DeviceIntake.Limits()
  /// Microseconds for which a driver may leave a ping unanswered before it is taken to hang. Longer than the 5 s for
  /// which the kernel may hold up a write to a HID device.
  package var driverPatience: Int64 = 8_000_000
  /// Who may do what.
  package var roles: Roles
  /// Where commands are recorded; `nil`: nowhere.
  package var auditPath: String?
  /// The driver modules, as `drivers.list` tells of them: JSON objects.
  package var drivers: [[UInt8]] = []
  /// Starts a worker. Called on the hub's loop; must not block for long.
  package var launch: @Sendable (WorkerSetup) throws(LaunchFailure) -> WorkerProcess
  /// Is told what a technician should know, in plain sentences.
  package var log: @Sendable (String) -> Void

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
