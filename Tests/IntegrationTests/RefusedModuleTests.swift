import StrictJSON
import Testing
import ThenarClient

extension Integration {
  /// Modules that cannot be used, beside others that can.
  @Suite struct RefusedModules {
    private static let example = "Tests/Modules/CExample"

    /// What is wrong with a folder, and what people are told of it.
    private static func spoil(_ folder: TemporaryFolder) throws {
      func put(_ name: String, _ text: String) throws { try folder.write("modules/\(name)/driver.json", text) }
      func word(_ text: String) -> JSONNode { JSONNode(.string(text)) }
      try put("abi", manifest(of: example, ["id": word("for-tomorrow"), "abi": JSONNode(.integer(2))]))
      try put("broken", "{ \"id\": \"broken\",\n  \"name\": }")
      try put("missing", manifest(of: example, ["id": word("missing"), "library": word("libNowhere.so")]))
      try put("one", manifest(of: example, ["id": word("twin")]))
      try put("other", manifest(of: example, ["id": word("twin")]))
      try put("impostor", manifest(of: example, ["id": word("impostor")]))
      try put("text", manifest(of: example, ["id": word("text"), "library": word("libText.so")]))
      try folder.write("modules/text/libText.so", "This is no library.")
    }

    @Test func eachIsRefusedWithAReasonAndTheOthersGoOn() throws {
      let folder = try TemporaryFolder()
      try Self.spoil(folder)
      let modules = folder.path + "/modules"
      let station = try RunningStation(
        [
          "--modules", Build.modules, "--modules", modules, "--emulate", "go-direct", "--emulate", "impostor",
          "--emulate", "text",
        ], in: folder)
      let consumer = try station.consumer()
      try consumer.next("go-direct-emu00001", is: .streaming)

      let refused = try consumer.client.drivers().filter { $0.state == "refused" }
      let sentences = Dictionary(grouping: refused, by: \.file).mapValues { $0.map(\.sentence) }
      #expect(
        sentences == [
          "\(modules)/abi/driver.json": [
            "\(modules)/abi/driver.json, line 1: \"abi\" is 2: the module was made for driver ABI 2 and this Thenar "
              + "speaks 1; rebuild the module for it or update Thenar."
          ],
          "\(modules)/broken/driver.json": [
            "\(modules)/broken/driver.json, line 2: column 11: a value was expected, not \"}\"; correct the file there."
          ],
          "\(modules)/missing/driver.json": [
            "\(modules)/missing/driver.json: \"library\" names libNowhere.so, which can be read in none of "
              + "\(modules)/missing/libNowhere.so, \(Build.directory)/libNowhere.so; build the module, or put the "
              + "library into \(modules)/missing."
          ],
          "\(modules)/one/driver.json": [Self.twins(modules)],
          "\(modules)/other/driver.json": [Self.twins(modules)],
        ])

      // Each in its own time: a worker had to start and to find out.
      let failed = try ["impostor-emucex01", "text-emucex01"].map { try consumer.newest($0, is: .failed) }
      let reasons = Dictionary(uniqueKeysWithValues: failed.map { ($0.driver.id, $0.sentence) })
      let library = Build.directory + "/libCExample.so"
      #expect(
        reasons == [
          "impostor": "\(library) has no function thenar_driver_impostor: it is not the driver module impostor; "
            + "correct its driver.json.",
          "text": "The driver module \(modules)/text/libText.so cannot be loaded: \(modules)/text/libText.so: "
            + "file too short. Install the module again.",
        ])
      try consumer.take(10, of: "go-direct-emu00001")
      #expect(consumer.faults == [])
      #expect(try station.stop() == .status(0))
    }

    private static func twins(_ modules: String) -> String {
      "\(modules)/one/driver.json and \(modules)/other/driver.json have the same \"id\", \"twin\": remove all but one of "
        + "them."
    }

    @Test func aModuleInCMeasuresAndObeys() throws {
      let device = "c-example-emucex01"
      let station = try RunningStation([
        "--modules", Build.repository + "/Tests/Modules", "--emulate", "c-example",
      ])
      let consumer = try station.consumer()
      // Its hand squeezes and lets go once in forty samples.
      try consumer.take(40, of: device)
      let values = consumer.measurements(of: device).flatMap(\.samples.values).filter(\.isFinite)
      #expect(values.max() == 201.2 && values.min() == 1.2)

      let command = JSONNode(
        .object([JSONMember("device", JSONNode(.string(device))), JSONMember("command", JSONNode(.string("zero")))]))
      #expect(try consumer.client.call("device.command", command)["state"]?.string == "done")
      #expect(consumer.faults == [])
      #expect(consumer.gaps == [])
      #expect(try station.stop() == .status(0))
    }
  }
}
