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
  // What driver modules are made of.
  .target(name: "CThenarDriver"),
  .target(name: "DriverKit", dependencies: ["CThenarDriver", "StrictJSON"]),
  .target(name: "DriverTestKit", dependencies: ["CThenarDriver", "DriverKit"]),
  .target(name: "EmulatedHand"),
  .target(name: "HIDReportDescriptor"),
  // The worker process: one module, one device.
  .target(name: "WorkerLink"),
  .target(name: "DeviceIO", dependencies: ["CHIDAPI", "CPlatform", "CSerialPort", "WorkerLink"]),
  .target(name: "DeviceTestKit", dependencies: ["DeviceIO"]),
  .target(name: "Worker", dependencies: ["CPlatform", "CThenarDriver", "DeviceIO", "WorkerLink"]),
  .executableTarget(name: "thenar-worker", dependencies: ["CPlatform", "Worker"]),
  // The hub: the stream and its socket.
  .target(name: "MeasurementStream", dependencies: ["StrictJSON"]),
  .target(name: "Trials", dependencies: ["MeasurementStream"]),
  .target(
    name: "Hub",
    dependencies: [
      "MeasurementStream", "Platform", "StrictJSON", "Trials", "WorkerLink",
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
    ]),
  // What the hub is told: which devices are there, and what is to be done with them.
  .target(name: "Manifests", dependencies: ["Platform", "StrictJSON"]),
  .target(name: "Configuration", dependencies: ["Manifests", "Platform", "StrictJSON"]),
  .target(name: "Matching", dependencies: ["Configuration", "Manifests", "StrictJSON"]),
  .target(name: "Discovery", dependencies: ["CUdev", "HIDReportDescriptor", "Manifests", "Matching"]),
  // What people and programs use.
  .target(name: "ThenarClient", dependencies: ["StrictJSON"]),
  .target(name: "WatchScreen", dependencies: ["StrictJSON", "ThenarClient"]),
  .target(
    name: "Station",
    dependencies: [
      "Configuration", "Discovery", "Hub", "Manifests", "Matching", "MeasurementStream", "Platform", "StrictJSON",
      "ThenarClient", "WorkerLink",
      .product(name: "Logging", package: "swift-log"),
    ]),
  .executableTarget(
    name: "thenar",
    dependencies: [
      "Configuration", "Manifests", "Matching", "Platform", "Station", "StrictJSON", "ThenarClient", "WatchScreen",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ]),
]

// A driver module is a target under Plugins/ and a dynamic library of the same name.
let modules: [Target] = [
  .target(
    name: "GoDirect", dependencies: ["CThenarDriver", "DriverKit", "EmulatedHand", "StrictJSON"],
    path: "Plugins/GoDirect", exclude: ["driver.json"]),
  .target(
    name: "HIDForce",
    dependencies: ["CThenarDriver", "DriverKit", "EmulatedHand", "HIDReportDescriptor", "StrictJSON"],
    path: "Plugins/HIDForce", exclude: ["driver.json"]),
  .target(
    name: "LineProfile", dependencies: ["CThenarDriver", "DriverKit", "EmulatedHand", "StrictJSON"],
    path: "Plugins/LineProfile", exclude: ["driver.json", "profiles"]),
  .target(
    name: "StackMat", dependencies: ["CThenarDriver", "DriverKit", "EmulatedHand", "StrictJSON"],
    path: "Plugins/StackMat", exclude: ["driver.json"]),
]

// Modules in C that the tests load: the example of docs/write-a-driver.md, and one that breaks every rule.
let testModules: [Target] = [
  .target(name: "CExample", dependencies: ["CThenarDriver"], path: "Tests/Modules/CExample", exclude: ["driver.json"]),
  .target(name: "Hostile", dependencies: ["CThenarDriver"], path: "Tests/Modules/Hostile", exclude: ["driver.json"]),
]

let tests: [Target] = [
  .testTarget(name: "PlatformTests", dependencies: ["CPlatform", "Platform"]),
  .testTarget(name: "StrictJSONTests", dependencies: ["DriverTestKit", "StrictJSON"]),
  .testTarget(name: "DriverKitTests", dependencies: ["CThenarDriver", "DriverKit", "DriverTestKit", "StrictJSON"]),
  .testTarget(
    name: "DriverContractTests", dependencies: ["CExample", "CThenarDriver", "DriverKit", "DriverTestKit", "Hostile"]),
  .testTarget(name: "EmulatedHandTests", dependencies: ["EmulatedHand"]),
  .testTarget(name: "HIDReportDescriptorTests", dependencies: ["DriverTestKit", "HIDReportDescriptor"]),
  .testTarget(name: "GoDirectTests", dependencies: ["DriverKit", "DriverTestKit", "GoDirect", "StrictJSON"]),
  .testTarget(
    name: "HIDForceTests",
    dependencies: ["DriverKit", "DriverTestKit", "HIDForce", "HIDReportDescriptor", "StrictJSON"]),
  .testTarget(name: "LineProfileTests", dependencies: ["DriverKit", "DriverTestKit", "LineProfile", "StrictJSON"]),
  .testTarget(name: "StackMatTests", dependencies: ["DriverKit", "DriverTestKit", "StackMat"]),
  .testTarget(name: "WorkerLinkTests", dependencies: ["DriverTestKit", "WorkerLink"]),
  .testTarget(name: "DeviceIOTests", dependencies: ["CPlatform", "DeviceIO", "DeviceTestKit", "WorkerLink"]),
  .testTarget(
    name: "WorkerTests",
    dependencies: [
      "CPlatform", "CThenarDriver", "DeviceIO", "DeviceTestKit", "DriverKit", "DriverTestKit", "StrictJSON", "Worker",
      "WorkerLink", "thenar-worker",
    ]),
  .testTarget(name: "MeasurementStreamTests", dependencies: ["MeasurementStream"]),
  .testTarget(name: "TrialsTests", dependencies: ["MeasurementStream", "Trials"]),
  .target(name: "HubTestKit", dependencies: ["Hub", "StrictJSON", "WorkerLink"], path: "Tests/HubTestKit"),
  .testTarget(
    name: "ProtocolTests",
    dependencies: ["Hub", "HubTestKit", "Manifests", "MeasurementStream", "Platform", "StrictJSON", "WorkerLink"]),
  .testTarget(
    name: "HubTests",
    dependencies: [
      "DriverTestKit", "Hub", "HubTestKit", "MeasurementStream", "StrictJSON", "WorkerLink",
      .product(name: "NIOCore", package: "swift-nio"),
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
      "Configuration", "Discovery", "Hub", "Manifests", "Matching", "ModuleSamples", "Station", "StrictJSON",
      "WorkerLink",
    ]),
  .target(name: "FakeHub", dependencies: ["StrictJSON"], path: "Tests/FakeHub"),
  .testTarget(
    name: "ThenarClientTests",
    dependencies: ["DriverTestKit", "FakeHub", "MeasurementStream", "StrictJSON", "ThenarClient"]),
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

for target in libraries + modules + tests {
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
    "StrictJSON", "DriverKit", "EmulatedHand", "HIDReportDescriptor", "WorkerLink", "DeviceIO", "Worker",
    "thenar-worker", "GoDirect", "HIDForce", "StackMat",
  ]
  for target in libraries + modules where inWorkers.contains(target.name) { target.swiftSettings?.append(small) }
}

for target in testModules {
  target.cSettings = [.treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra")]
}

let package = Package(
  name: "thenar",
  products: [.library(name: "ThenarClient", targets: ["ThenarClient"])]
    + (modules + testModules).map { .library(name: $0.name, type: .dynamic, targets: [$0.name]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: systemLibraries + libraries + modules + testModules + tests,
  cLanguageStandard: .c11
)
