import DriverKit

/// What the instrument has said of itself since INIT.
struct Opening {
  var status: DeviceStatus?
  var info: DeviceInfo?
  var defaultMask: UInt32 = 0
  /// Channels that are still to be asked about, in order.
  var unasked: [UInt8] = []
  /// Channels whose unit is known.
  var measured: [MeasuredChannel] = []
}

extension GoDirectDriver {
  /// Charge below which a person is told, in percent.
  private static let lowBattery = 10.0

  /// Begins a conversation, or begins it anew.
  mutating func beginOpening(at now: Microseconds, _ host: DriverHost) {
    phase = .opening
    assembler.reset()
    opening = Opening()
    hasSamples = false
    send(.initialize, at: now, host)
    watch(host)
  }

  /// The pending command has been answered; goes on with the next one.
  mutating func receive(
    _ response: GoDirectResponse, to command: GoDirectCommand, at now: Microseconds, _ host: DriverHost
  ) {
    switch command {
    case .initialize: send(.status, at: now, host)
    case .status:
      guard let status = DeviceStatus(response) else { return refuse(command, response, host) }
      opening.status = status
      send(.deviceInfo, at: now, host)
    case .deviceInfo:
      guard let info = DeviceInfo(response) else { return refuse(command, response, host) }
      opening.info = info
      introduce(info, host)
      send(.defaultMask, at: now, host)
    case .defaultMask:
      guard let mask = response.mask else { return refuse(command, response, host) }
      opening.defaultMask = mask
      send(.availableMask, at: now, host)
    case .availableMask:
      guard let mask = response.mask else { return refuse(command, response, host) }
      do throws(MeasurementPlan.Refusal) {
        opening.unasked = try MeasurementPlan.sensors(
          wanted: settings.sensors, defaultMask: opening.defaultMask, availableMask: mask)
      } catch {
        return end(.refuse, "sensors", "\(name): \(error.sentence)", host)
      }
      askNextSensor(at: now, host)
    case .sensorInfo(let channel):
      take(response, channel: channel, host)
      askNextSensor(at: now, host)
    case .stopMeasuring:
      guard response.status == .success, let plan else { return refuse(command, response, host) }
      send(.setPeriod(plan.period), at: now, host)
    case .setPeriod:
      guard response.status == .success, let plan else { return refuse(command, response, host) }
      startMeasuring(plan, at: now, host)
    case .startMeasuring:
      guard response.status == .success else { return refuse(command, response, host) }
      becomeReady(host)
    case .disconnect: break
    }
  }

  private func introduce(_ info: DeviceInfo, _ host: DriverHost) {
    let charge = opening.status.map { Double($0.batteryPercent) }.flatMap { $0 <= 100 ? $0 : nil }
    host.identify(
      Identity(
        vendor: "Vernier", model: info.orderCode, serial: info.serial, firmware: info.firmware.description,
        batteryPercent: charge))
    if let charge, charge <= Self.lowBattery {
      host.fault(.note, "low_battery", "\(name): the battery is at \(Int(charge)) %: charge it.")
    }
    if let words = opening.status?.complaints.words, !words.isEmpty {
      host.fault(.note, "instrument_status", "\(name) reports: \(words.joined(separator: ", ")).")
    }
  }

  private mutating func askNextSensor(at now: Microseconds, _ host: DriverHost) {
    if opening.unasked.isEmpty { return makePlan(at: now, host) }
    send(.sensorInfo(channel: opening.unasked.removeFirst()), at: now, host)
  }

  private mutating func take(_ response: GoDirectResponse, channel: UInt8, _ host: DriverHost) {
    if let sensor = SensorInfo(response), sensor.channel == channel {
      if let measured = MeasuredChannel(sensor) { return opening.measured.append(measured) }
      leaveOut(
        "sensor \(channel) (\(sensor.description)) measures in \"\(sensor.unit)\", which is no unit of force, "
          + "acceleration or angular velocity that this driver knows", host)
    } else {
      leaveOut("sensor \(channel) does not say what it measures because \(reason(in: response))", host)
    }
  }

  private func leaveOut(_ why: String, _ host: DriverHost) {
    host.fault(.note, "sensor_left_out", "\(name): \(why); it is left out.")
  }

  private mutating func makePlan(at now: Microseconds, _ host: DriverHost) {
    if opening.measured.isEmpty {
      return end(
        .refuse, "sensors",
        "\(name): no sensor is left that can be measured: choose others with the setting \"sensors\".", host)
    }
    do throws(MeasurementPlan.Refusal) {
      let plan = try MeasurementPlan(opening.measured, period: settings.period)
      self.plan = plan
      if let wanted = settings.period, wanted != plan.period {
        host.fault(
          .note, "period_rounded",
          "\(name) cannot measure every \(milliseconds(wanted)) ms and measures every \(milliseconds(plan.period)) ms.")
      }
      send(.stopMeasuring, at: now, host)
    } catch {
      end(.refuse, "sensors", "\(name): \(error.sentence)", host)
    }
  }

  private mutating func startMeasuring(_ plan: MeasurementPlan, at now: Microseconds, _ host: DriverHost) {
    let before = clocks
    clocks = [:]
    for channel in plan.channels {
      host.declare(channel.declaration(period: plan.period))
      let number = channel.sensor.channel
      clocks[number] = SampleClock(period: plan.period, resumingAfter: before[number]?.newest)
    }
    send(.startMeasuring(mask: plan.mask), at: now, host)
    phase = .measuring
    lastSign = now
  }

  /// The instrument measures: its answer said so, or its first samples did.
  mutating func becomeReady(_ host: DriverHost) {
    if isReady { return }
    isReady = true
    host.ready()
  }

  private mutating func refuse(_ command: GoDirectCommand, _ response: GoDirectResponse, _ host: DriverHost) {
    let isSetting = command.id == .setPeriod && response.status == .invalidParameter && settings.period != nil
    end(
      isSetting ? .refuse : .restart, "refused",
      "\(name) refused when asked \(command.purpose) because \(reason(in: response))"
        + (isSetting ? ": change \"period_ms\"." : "."), host)
  }

  private func reason(in response: GoDirectResponse) -> String {
    guard let status = response.status, status != .success else { return "its answer cannot be read" }
    return status.reason
  }
}
