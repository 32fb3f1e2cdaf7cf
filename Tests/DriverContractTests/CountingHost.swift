import CThenarDriver

/// A function of the host table.
private enum Call: Int, CaseIterable {
  case write, channel, identify, ready, samples, event, lost, wakeAt, tally, fault, outcome, requestFeature,
    writeFeature
}

private final class Counts { var byCall = [Int](repeating: 0, count: Call.allCases.count) }

private func count(_ context: UnsafeMutableRawPointer?, _ call: Call) {
  guard let context else { return }
  Unmanaged<Counts>.fromOpaque(context).takeUnretainedValue().byCall[call.rawValue] += 1
}

/// A host that counts calls and looks at nothing: for a module whose pointers cannot be trusted.
final class CountingHost {
  private let counts = Counts()
  private let table: UnsafeMutablePointer<thenar_host>

  /// How often each function of the host was called; those that were not are left out.
  var calls: [String: Int] {
    let counted = Call.allCases.map { ("\($0)", counts.byCall[$0.rawValue]) }
    return [String: Int](uniqueKeysWithValues: counted.filter { $0.1 > 0 })
  }

  init() {
    table = .allocate(capacity: 1)
    table.initialize(
      to: thenar_host(
        struct_size: UInt32(MemoryLayout<thenar_host>.size), context: Unmanaged.passUnretained(counts).toOpaque(),
        write: { context, _, _ in count(context, .write) }, channel: { context, _ in count(context, .channel) },
        identify: { context, _ in count(context, .identify) }, ready: { context in count(context, .ready) },
        samples: { context, _ in count(context, .samples) }, event: { context, _ in count(context, .event) },
        lost: { context, _, _, _ in count(context, .lost) }, wake_at: { context, _ in count(context, .wakeAt) },
        tally: { context, _, _ in count(context, .tally) }, fault: { context, _, _, _ in count(context, .fault) },
        outcome: { context, _, _ in count(context, .outcome) },
        request_feature: { context, _ in count(context, .requestFeature) },
        write_feature: { context, _, _ in count(context, .writeFeature) }))
  }

  deinit { table.deallocate() }

  /// Makes an instance of the driver, runs `body` with it and takes it down.
  func with(_ driver: thenar_driver, settings: String, _ body: (UnsafeMutableRawPointer?) -> Void) {
    var settings = settings
    settings.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) { text in
        var setup = thenar_setup()
        setup.struct_size = UInt32(MemoryLayout<thenar_setup>.size)
        setup.settings = thenar_text(bytes: text.baseAddress, count: text.count)
        guard let instance = driver.create(driver.context, table, &setup) else { return }
        body(instance)
        driver.destroy(instance)
      }
    }
  }
}
