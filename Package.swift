// swift-tools-version: 6.2
import PackageDescription

// One section per kind of target; within a section, from the bottom of the architecture upwards (docs/architecture.md).

let systemLibraries: [Target] = [
  .systemLibrary(name: "CHIDAPI", pkgConfig: "hidapi-hidraw", providers: [.apt(["libhidapi-dev"])]),
  .systemLibrary(name: "CSerialPort", pkgConfig: "libserialport", providers: [.apt(["libserialport-dev"])]),
  .systemLibrary(name: "CUdev", pkgConfig: "libudev", providers: [.apt(["libudev-dev"])]),
]

let libraries: [Target] = [
  .target(name: "CPlatform"),
  .target(name: "Platform", dependencies: ["CPlatform"]),
  .target(name: "StrictJSON"),
  // The one model of what instruments say.
  .target(name: "Readings"),
  // What stands on the socket: each record, request and answer written and read in one place.
  .target(name: "Wire", dependencies: ["Readings", "StrictJSON"], resources: [.embedInCode("wire.schema.json")]),
  .target(name: "Schemas", dependencies: ["StrictJSON"]),
  // What driver modules are made of.
  .target(name: "CThenarDriver"),
  .target(name: "ContractCoding", dependencies: ["CThenarDriver", "Readings"]),
  .target(name: "DriverKit", dependencies: ["CThenarDriver", "ContractCoding", "Readings", "StrictJSON"]),
  .target(name: "DriverTestKit", dependencies: ["CThenarDriver", "ContractCoding", "DriverKit"]),
  .target(name: "EmulatedHand"),
  .target(name: "HIDReportDescriptor"),
  // The worker process: one module, one device.
  .target(name: "WorkerLink", dependencies: ["Readings"]),
  .target(name: "DeviceIO", dependencies: ["CHIDAPI", "CPlatform", "CSerialPort", "Readings", "WorkerLink"]),
  .target(name: "DeviceTestKit", dependencies: ["DeviceIO"]),
  .target(
    name: "Worker",
    dependencies: ["CPlatform", "CThenarDriver", "ContractCoding", "DeviceIO", "Readings", "WorkerLink"]),
  .executableTarget(name: "thenar-worker", dependencies: ["CPlatform", "CThenarDriver", "Worker"]),
  // The hub: the stream and its socket.
  .target(name: "CLoop"),
  .target(name: "Loop", dependencies: ["CLoop"]),
  .target(name: "Stream", dependencies: ["StrictJSON", "Wire"]),
  .target(name: "Trials", dependencies: ["Readings", "Wire"]),
  .target(name: "Supervision", dependencies: ["Loop", "Platform", "Readings", "Wire", "WorkerLink"]),
  .target(name: "Consumers", dependencies: ["CLoop", "Loop", "Platform", "Readings", "Stream", "StrictJSON", "Wire"]),
  .target(
    name: "Hub",
    dependencies: [
      "Consumers", "Loop", "Platform", "Readings", "Stream", "StrictJSON", "Supervision", "Trials", "Wire",
      "WorkerLink",
    ]),
  // What the hub is told: which devices are there, and what is to be done with them.
  .target(name: "Manifests", dependencies: ["Platform", "StrictJSON"]),
  .target(name: "Configuration", dependencies: ["Manifests", "Platform", "StrictJSON"]),
  .target(name: "Matching", dependencies: ["Configuration", "Manifests", "StrictJSON"]),
  .target(name: "Discovery", dependencies: ["CUdev", "HIDReportDescriptor", "Manifests", "Matching"]),
  // What people and programs use.
  .target(name: "ThenarClient", dependencies: ["Readings", "StrictJSON", "Wire"]),
  .target(name: "WatchScreen", dependencies: ["Readings", "ThenarClient", "Wire"]),
  .target(
    name: "Station",
    dependencies: [
      "CPlatform", "Configuration", "Consumers", "Discovery", "Hub", "Loop", "Manifests", "Matching", "Platform",
      "Readings", "StrictJSON", "Supervision", "ThenarClient", "Wire", "WorkerLink",
      .product(name: "Logging", package: "swift-log"),
    ]),
  // What `thenar drivers new` writes: a package that builds.
  .target(
    name: "DriverTemplate", path: "Templates", sources: ["DriverTemplate"],
    resources: [
      "Package.swift", "driver.json", "PROTOCOL.md", "README.md", "gitignore", "Sources/Acorn/AcornReport.swift",
      "Sources/Acorn/AcornDriver.swift", "Sources/Acorn/AcornEmulator.swift", "Sources/Acorn/Module.swift",
      "Tests/AcornTests/AcornTests.swift",
    ].map { .embedInCode("Driver/" + $0) }),
  .executableTarget(
    name: "thenar",
    dependencies: [
      "Configuration", "DriverTemplate", "Manifests", "Matching", "Platform", "Station", "StrictJSON", "ThenarClient",
      "WatchScreen",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
]

// A driver module is a target under Plugins/ and a dynamic library of the same name.
let modules: [Target] = [
  .target(
    name: "GoDirect", dependencies: ["DriverKit", "EmulatedHand"],
    path: "Plugins/GoDirect", exclude: ["driver.json", "PROTOCOL.md"]),
  .target(
    name: "HIDForce", dependencies: ["DriverKit", "EmulatedHand", "HIDReportDescriptor"],
    path: "Plugins/HIDForce", exclude: ["driver.json", "PROTOCOL.md"]),
  .target(
    name: "LineProfile", dependencies: ["DriverKit", "EmulatedHand", "Schemas"],
    path: "Plugins/LineProfile", exclude: ["driver.json", "PROTOCOL.md", "profiles"]),
  .target(
    name: "StackMat", dependencies: ["DriverKit", "EmulatedHand"],
    path: "Plugins/StackMat", exclude: ["driver.json", "PROTOCOL.md"]),
]

// What scripts/generate runs; not part of what is installed.
let tools: [Target] = [
  .executableTarget(name: "thenar-schemas", dependencies: ["LineProfile", "Schemas"]),
  // What a record costs in the hub: Benchmarks/cost.
  .target(name: "CAllocationCount", path: "Benchmarks/CAllocationCount"),
  .executableTarget(
    name: "hub-cost",
    dependencies: [
      "CAllocationCount", "Consumers", "Hub", "Platform", "Readings", "Supervision", "Wire", "WorkerLink",
    ],
    path: "Benchmarks/hub-cost"),
]

// Modules in C that the tests load: the example of docs/write-a-driver.md, one that was built with the first contract,
// and one that breaks every rule.
let testModules: [Target] = [
  .target(name: "CExample", dependencies: ["CThenarDriver"], path: "Tests/Modules/CExample", exclude: ["driver.json"]),
  .target(name: "FirstContract", path: "Tests/Modules/FirstContract"),
  .target(name: "Hostile", dependencies: ["CThenarDriver"], path: "Tests/Modules/Hostile", exclude: ["driver.json"]),
]

let tests: [Target] = [
  .testTarget(name: "PlatformTests", dependencies: ["CPlatform", "Platform"]),
  .testTarget(name: "StrictJSONTests", dependencies: ["DriverTestKit", "StrictJSON"]),
  .testTarget(name: "WireTests", dependencies: ["DriverTestKit", "Readings", "StrictJSON", "Wire"]),
  .testTarget(name: "SchemasTests", dependencies: ["Schemas", "StrictJSON"]),
  .testTarget(name: "DriverKitTests", dependencies: ["CThenarDriver", "DriverKit", "DriverTestKit", "StrictJSON"]),
  .testTarget(
    name: "DriverContractTests",
    dependencies: [
      "CExample", "CThenarDriver", "ContractCoding", "DriverKit", "DriverTestKit", "FirstContract", "Hostile", "Worker",
    ]),
  .testTarget(name: "EmulatedHandTests", dependencies: ["EmulatedHand"]),
  .testTarget(name: "HIDReportDescriptorTests", dependencies: ["DriverTestKit", "HIDReportDescriptor"]),
  .testTarget(name: "GoDirectTests", dependencies: ["DriverKit", "DriverTestKit", "GoDirect", "StrictJSON"]),
  .testTarget(
    name: "HIDForceTests",
    dependencies: ["DriverKit", "DriverTestKit", "HIDForce", "HIDReportDescriptor", "StrictJSON"]),
  .testTarget(
    name: "LineProfileTests", dependencies: ["DriverKit", "DriverTestKit", "LineProfile", "Schemas", "StrictJSON"]),
  .testTarget(name: "StackMatTests", dependencies: ["DriverKit", "DriverTestKit", "StackMat"]),
  .testTarget(name: "WorkerLinkTests", dependencies: ["DriverTestKit", "Readings", "WorkerLink"]),
  .testTarget(
    name: "DeviceIOTests", dependencies: ["CPlatform", "DeviceIO", "DeviceTestKit", "Readings", "WorkerLink"]),
  .testTarget(
    name: "WorkerTests",
    dependencies: [
      "CPlatform", "CThenarDriver", "ContractCoding", "DeviceIO", "DeviceTestKit", "DriverKit", "DriverTestKit",
      "Readings", "StrictJSON", "Worker", "WorkerLink", "thenar-worker",
    ]),

  .testTarget(name: "LoopTests", dependencies: ["Loop"]),
  .testTarget(name: "StreamTests", dependencies: ["DriverTestKit", "Stream", "StrictJSON", "Wire"]),
  .testTarget(name: "TrialsTests", dependencies: ["Readings", "Trials", "Wire"]),
  .testTarget(
    name: "SupervisionTests", dependencies: ["DriverTestKit", "Loop", "Readings", "Supervision", "Wire", "WorkerLink"]),
  .testTarget(
    name: "ConsumersTests",
    dependencies: ["Consumers", "DriverTestKit", "Loop", "Readings", "Stream", "StrictJSON", "Wire"]),
  .target(
    name: "HubTestKit", dependencies: ["Consumers", "Hub", "Readings", "StrictJSON", "Supervision", "WorkerLink"],
    path: "Tests/HubTestKit"),
  .testTarget(
    name: "ProtocolTests",
    dependencies: [
      "Consumers", "Hub", "HubTestKit", "Manifests", "Platform", "Readings", "Supervision", "Wire", "StrictJSON",
      "WorkerLink",
    ]),
  .testTarget(
    name: "HubTests",
    dependencies: [
      "Consumers", "DriverTestKit", "Hub", "HubTestKit", "Platform", "Readings", "Stream", "StrictJSON", "Supervision",
      "Wire", "WorkerLink",
    ]),
  .target(name: "ModuleSamples", dependencies: ["Manifests", "Matching"], path: "Tests/ModuleSamples"),
  .testTarget(
    name: "ManifestsTests",
    dependencies: ["CThenarDriver", "DriverTestKit", "Manifests", "ModuleSamples", "Platform", "StrictJSON"]),
  .testTarget(
    name: "ConfigurationTests",
    dependencies: ["Configuration", "DriverTestKit", "Manifests", "Platform", "StrictJSON"]),
  .testTarget(
    name: "MatchingTests",
    dependencies: [
      "Configuration", "DriverTestKit", "Manifests", "Matching", "ModuleSamples", "Platform", "StrictJSON",
    ]),
  .testTarget(name: "DiscoveryTests", dependencies: ["Discovery", "DriverTestKit", "Manifests", "Matching"]),
  .testTarget(
    name: "StationTests",
    dependencies: [
      "Configuration", "Discovery", "Manifests", "Matching", "ModuleSamples", "Station", "StrictJSON",
      "WorkerLink", "Consumers", "Supervision", "Wire",
    ]),
  .testTarget(name: "DriverTemplateTests", dependencies: ["DriverTemplate", "Manifests"]),
  .target(name: "FakeHub", dependencies: ["StrictJSON"], path: "Tests/FakeHub"),
  .testTarget(
    name: "ThenarClientTests",
    dependencies: ["DriverTestKit", "FakeHub", "StrictJSON", "ThenarClient", "Wire"]),
  .testTarget(name: "ThenarCommandTests", dependencies: ["FakeHub", "StrictJSON", "thenar"]),
  .testTarget(name: "WatchScreenTests", dependencies: ["DriverTestKit", "StrictJSON", "ThenarClient", "WatchScreen"]),
  .target(name: "CProcess", path: "Tests/CProcess"),
  // It starts the programs and loads the modules of the build, and links with none of them.
  .testTarget(name: "IntegrationTests", dependencies: ["CProcess", "StrictJSON", "ThenarClient"]),
]

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

for target in libraries + modules + tools + tests {
  target.swiftSettings = (target.swiftSettings ?? []) + strict
}

// Swift links its string processing and its concurrency into everything, needed or not: 2 MB of a worker's memory.
// SwiftPM calls the flags against that unsafe and refuses packages with them as dependencies, so only `make build` asks
// for them, and ThenarClient can be depended on.
if Context.environment["THENAR_SMALL_WORKERS"] == "1" {
  let small = SwiftSetting.unsafeFlags([
    "-Xfrontend", "-disable-implicit-string-processing-module-import",
    "-Xfrontend", "-disable-implicit-concurrency-module-import",
  ])
  let inWorkers: Set = [
    "Readings", "StrictJSON", "Schemas", "ContractCoding", "DriverKit", "EmulatedHand", "HIDReportDescriptor",
    "WorkerLink", "DeviceIO",
    "Worker",
    "thenar-worker", "GoDirect", "HIDForce", "LineProfile", "StackMat",
  ]
  for target in libraries + modules where inWorkers.contains(target.name) { target.swiftSettings?.append(small) }
  // Checks at run time that nobody changes a value while somebody else does: a quarter of the hub's instructions. The
  // tests, and every debug build, have them.
  let unchecked = SwiftSetting.unsafeFlags(["-enforce-exclusivity=unchecked"])
  for target in libraries + modules { target.swiftSettings?.append(unchecked) }
}

for target in testModules {
  target.cSettings = [.treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra")]
}

// What packages of others may depend on: programs that read the stream, and drivers in repositories of their own.
let forOthers: [Product] = ["ThenarClient", "DriverKit", "DriverTestKit", "EmulatedHand", "HIDReportDescriptor"].map {
  .library(name: $0, targets: [$0])
}

let package = Package(
  name: "thenar",
  products: forOthers
    + (modules + testModules).map { .library(name: $0.name, type: .dynamic, targets: [$0.name]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
  targets: systemLibraries + libraries + modules + tools + testModules + tests,
  cLanguageStandard: .c11
)
