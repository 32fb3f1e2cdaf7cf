/// What a consumer can ask for.
package enum Method: String, CaseIterable, Sendable {
  /// Says who asks and which protocol it speaks: ``HelloRequest``, ``HelloAnswer``.
  case hello
  /// Asks to be told: ``Subscription``, ``SubscriptionAnswer``.
  case subscribe
  /// Ends a subscription: ``UnsubscribeRequest``, which is its own answer.
  case unsubscribe
  /// Asks for the schema of all lines and the errors: ``DescribeAnswer``.
  case describe
  /// Asks for the connection's counters: ``ConnectionCounters``.
  case stats
  /// Asks for the hub's present: ``PingAnswer``.
  case ping
  /// Asks for all devices: ``DeviceList``.
  case listDevices = "devices.list"
  /// Asks for all driver modules: ``DriverList``.
  case listDrivers = "drivers.list"
  /// Gives a command to an instrument: ``CommandRequest``, ``CommandAnswer``.
  case command = "device.command"
}
