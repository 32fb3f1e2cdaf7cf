internal import StrictJSON

extension HubClient {
  /// Asks to be told; what follows comes through ``next(timeout:)``: the devices, a
  /// ``Notification/Content/snapshotEnd(_:)``, then what happens.
  @discardableResult
  public func subscribe(
    _ subscription: Subscription, timeout: Duration = .seconds(5)
  ) throws(ClientError) -> SubscriptionAnswer {
    let node = try call("subscribe", subscription.parameters, timeout: timeout)
    return try understood(node) { node throws(JSONMismatch) in try SubscriptionAnswer(node) }
  }

  /// All devices that the hub knows.
  public func devices() throws(ClientError) -> [Device] {
    let node = try call("devices.list")
    return try understood(node) { node throws(JSONMismatch) in
      var fields = try JSONFields(node, "result")
      return try fields.list("devices").map { element throws(JSONMismatch) in
        try Device(JSONFields(element, "devices"))
      }
    }
  }

  /// All driver modules that the hub found.
  public func drivers() throws(ClientError) -> [DriverSummary] {
    let node = try call("drivers.list")
    return try understood(node) { node throws(JSONMismatch) in
      var fields = try JSONFields(node, "result")
      return try fields.list("drivers").map { element throws(JSONMismatch) in try DriverSummary(element) }
    }
  }

  /// The hub's present: microseconds on the boot-time clock of the station.
  public func ping() throws(ClientError) -> Int64 {
    let node = try call("ping")
    return try understood(node) { node throws(JSONMismatch) in
      var fields = try JSONFields(node, "result")
      return try fields.requiredTime("t_us")
    }
  }

  private func understood<Answer>(
    _ node: JSONNode, _ read: (JSONNode) throws(JSONMismatch) -> Answer
  ) throws(ClientError) -> Answer {
    do { return try read(node) } catch {
      var writer = JSONWriter()
      writer.node(node)
      throw .malformed(problem: error.sentence, line: writer.bytes)
    }
  }
}
