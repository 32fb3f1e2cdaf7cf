internal import StrictJSON
public import Wire

extension HubClient {
  /// Says who asks; the hub says what it may do.
  public func hello(client: String = "") throws(ClientError) -> HelloAnswer {
    try answer(to: .hello, HelloRequest(client: client))
  }

  /// Asks to be told; what follows comes through ``next(timeout:)``: the devices, a snapshot's end, then what happens.
  @discardableResult
  public func subscribe(
    _ subscription: Subscription, timeout: Duration = .seconds(5)
  ) throws(ClientError) -> SubscriptionAnswer {
    try answer(to: .subscribe, subscription, timeout: timeout)
  }

  /// All devices that the hub knows.
  public func devices() throws(ClientError) -> [DeviceRecord] {
    try (answer(to: .listDevices) as DeviceList).devices
  }

  /// All driver modules that the hub found.
  public func drivers() throws(ClientError) -> [DriverReport] {
    try (answer(to: .listDrivers) as DriverList).drivers
  }

  /// The hub's present: microseconds on the boot-time clock of the station.
  public func ping() throws(ClientError) -> Int64 { try (answer(to: .ping) as PingAnswer).time }

  private func answer<Answer: WireObject>(
    to method: Wire.Method, _ parameters: (any WireObject)? = nil, timeout: Duration = .seconds(5)
  ) throws(ClientError) -> Answer {
    let node = try call(method.rawValue, timeout: timeout) { parameters?.write(to: &$0) }
    do { return try Reply.read(node) } catch {
      var writer = JSONWriter()
      writer.node(node)
      throw .malformed(problem: error.sentence, line: writer.bytes)
    }
  }
}
