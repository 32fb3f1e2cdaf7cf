internal import CThenarDriver
internal import ContractCoding
internal import DeviceIO
internal import Readings

/// What an emulator is created with.
package struct EmulatorSetup: Sendable {
  /// The emulator talks in HID reports.
  package var isHID: Bool
  /// A JSON object.
  package var settings: String
  /// Empty for serial instruments.
  package var reportDescriptor: [UInt8]

  /// A setup; see the properties.
  package init(isHID: Bool, settings: String = "{}", reportDescriptor: [UInt8] = []) {
    self.isHID = isHID
    self.settings = settings
    self.reportDescriptor = reportDescriptor
  }
}

/// One instance of a module's emulator, connected or not.
final class EmulatedInstrument {
  private let table: thenar_emulator
  private let calls = EmulatorCalls()
  private let hostTable: UnsafeMutablePointer<thenar_emulator_host>
  private let instance: UnsafeMutableRawPointer

  /// Creates an instance that sends through `send`.
  init(
    _ table: thenar_emulator, setup: EmulatorSetup, send: ((UnsafeRawBufferPointer) -> Void)?,
    sendFeature: ((UInt8, UnsafeRawBufferPointer) -> Void)? = nil
  ) throws(EmulatorFailure) {
    self.table = table
    hostTable = .allocate(capacity: 1)
    hostTable.initialize(to: makeEmulatorHostTable(calls))
    let (emulator, hostTable) = (self.table, self.hostTable)
    let made = withLentSetup(
      usbVendor: 0, usbProduct: 0, serial: "", settings: setup.settings,
      reportDescriptor: setup.isHID ? setup.reportDescriptor : []
    ) { emulator.create(emulator.context, hostTable, $0) }
    guard let made else {
      hostTable.deallocate()
      throw EmulatorFailure(sentence: calls.refusal ?? "The emulator refused its settings and did not say why.")
    }
    instance = made
    calls.send = send
    calls.sendFeature = sendFeature
  }

  deinit {
    table.destroy(instance)
    hostTable.deallocate()
  }

  /// When the emulator wants to be woken.
  var wakeTime: Int64? { calls.wakeTime }

  func connected(at now: Int64) { table.connected(instance, now) }

  func receive(_ bytes: UnsafeRawBufferPointer, at now: Int64) {
    table.receive(instance, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, now)
  }

  /// An emulator without feature reports refuses, as an instrument without them does.
  func featureRequested(_ report: UInt8, at now: Int64) {
    guard let ask = table.feature_requested else {
      calls.sendFeature?(report, UnsafeRawBufferPointer(start: nil, count: 0))
      return
    }
    ask(instance, report, now)
  }

  func featureWritten(_ bytes: UnsafeRawBufferPointer, at now: Int64) {
    table.feature_written?(instance, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, now)
  }

  func wake(at now: Int64) {
    calls.wakeTime = nil
    table.wake(instance, now)
  }
}

/// What an emulator asked for.
private final class EmulatorCalls {
  var send: ((UnsafeRawBufferPointer) -> Void)?
  var sendFeature: ((UInt8, UnsafeRawBufferPointer) -> Void)?
  var wakeTime: Int64?
  var refusal: String?
}

/// The calls behind a context, which is the object that `EmulatedInstrument` keeps for as long as the table exists.
private func emulatorCalls(_ context: UnsafeMutableRawPointer?) -> EmulatorCalls? {
  context.map { Unmanaged<EmulatorCalls>.fromOpaque($0).takeUnretainedValue() }
}

private func makeEmulatorHostTable(_ calls: EmulatorCalls) -> thenar_emulator_host {
  thenar_emulator_host(
    struct_size: UInt32(MemoryLayout<thenar_emulator_host>.size),
    context: Unmanaged.passUnretained(calls).toOpaque(),
    send: { context, bytes, count in
      guard let bytes, count > 0 else { return }
      emulatorCalls(context)?.send?(UnsafeRawBufferPointer(start: bytes, count: count))
    },
    wake_at: { context, time in emulatorCalls(context)?.wakeTime = time == THENAR_NO_TIME ? nil : time },
    refuse: { context, text in
      emulatorCalls(context)?.refusal = try? freeText(text, limit: ReadingLimits.sentenceBytes, "text")
    },
    send_feature: { context, report, bytes, count in
      let bytes = UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count)
      emulatorCalls(context)?.sendFeature?(report, bytes)
    })
}
