// swift-tools-version: 6.2
import PackageDescription

// One section per kind of target; within a section, from the bottom of the architecture upwards (docs/architecture.md).

let systemLibraries: [Target] = [
  .systemLibrary(name: "CHIDAPI", pkgConfig: "hidapi-hidraw", providers: [.apt(["libhidapi-dev"])]),
  .systemLibrary(name: "CSerialPort", pkgConfig: "libserialport", providers: [.apt(["libserialport-dev"])]),
  .systemLibrary(name: "CUdev", pkgConfig: "libudev", providers: [.apt(["libudev-dev"])]),
]

let libraries: [Target] = [
  .target(name: "CThenarDriver"),
  .target(name: "StrictJSON"),
  .target(name: "DriverKit", dependencies: ["CThenarDriver", "StrictJSON"]),
  .target(name: "HIDReportDescriptor"),
  .target(name: "EmulatedHand"),
  .target(name: "WorkerLink"),
  .target(name: "MeasurementStream", dependencies: ["StrictJSON"]),
  .target(name: "Trials", dependencies: ["MeasurementStream"]),
  .target(
    name: "Hub",
    dependencies: [
      "MeasurementStream", "StrictJSON", "Trials", "WorkerLink",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
    ]),
  .target(name: "DriverTestKit", dependencies: ["CThenarDriver", "DriverKit"]),
  .target(name: "Modules", dependencies: ["StrictJSON"]),
  .target(name: "Configuration", dependencies: ["Modules", "StrictJSON"]),
  .target(name: "Discovery", dependencies: ["CUdev", "HIDReportDescriptor", "Modules"]),
]

// A driver module is a target under Plugins/ and a dynamic library of the same name.
let modules: [Target] = [
  .target(
    name: "GoDirect", dependencies: ["DriverKit", "StrictJSON", "EmulatedHand", "CThenarDriver"],
    path: "Plugins/GoDirect", exclude: ["driver.json"]),
  .target(
    name: "HIDForce", dependencies: ["DriverKit", "StrictJSON", "EmulatedHand", "CThenarDriver", "HIDReportDescriptor"],
    path: "Plugins/HIDForce", exclude: ["driver.json"]),
  .target(
    name: "StackMat", dependencies: ["DriverKit", "StrictJSON", "EmulatedHand", "CThenarDriver"],
    path: "Plugins/StackMat", exclude: ["driver.json"]),
]

// Modules in C that the tests load: the example of docs/write-a-driver.md, and one that breaks every rule.
let testModules: [Target] = [
  .target(name: "CExample", dependencies: ["CThenarDriver"], path: "Tests/Modules/CExample", exclude: ["driver.json"]),
  .target(name: "Hostile", dependencies: ["CThenarDriver"], path: "Tests/Modules/Hostile", exclude: ["driver.json"]),
]

let tests: [Target] = [
  .target(name: "HubTestKit", dependencies: ["Hub", "StrictJSON", "WorkerLink"], path: "Tests/HubTestKit"),
  .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON", "DriverTestKit"]),
  .testTarget(name: "WorkerLinkTests", dependencies: ["WorkerLink", "DriverTestKit"]),
  .testTarget(name: "MeasurementStreamTests", dependencies: ["MeasurementStream"]),
  .testTarget(name: "TrialsTests", dependencies: ["Trials", "MeasurementStream"]),
  .testTarget(
    name: "HubTests",
    dependencies: [
      "DriverTestKit", "Hub", "HubTestKit", "MeasurementStream", "StrictJSON", "WorkerLink",
      .product(name: "NIOCore", package: "swift-nio"),
    ]),
  .testTarget(
    name: "ProtocolTests",
    dependencies: ["Hub", "HubTestKit", "MeasurementStream", "Modules", "StrictJSON", "WorkerLink"]),
  .testTarget(name: "EmulatedHandTests", dependencies: ["EmulatedHand"]),
  .testTarget(name: "DriverKitTests", dependencies: ["DriverKit", "DriverTestKit", "CThenarDriver"]),
  .testTarget(name: "ModulesTests", dependencies: ["Modules", "StrictJSON", "DriverTestKit", "CThenarDriver"]),
  .testTarget(name: "ConfigurationTests", dependencies: ["Configuration", "Modules", "StrictJSON", "DriverTestKit"]),
  .testTarget(name: "DiscoveryTests", dependencies: ["Discovery", "Modules", "DriverTestKit"]),
  .testTarget(name: "GoDirectTests", dependencies: ["GoDirect", "DriverKit", "DriverTestKit", "StrictJSON"]),
  .testTarget(name: "HIDReportDescriptorTests", dependencies: ["HIDReportDescriptor", "DriverTestKit"]),
  .testTarget(
    name: "HIDForceTests", dependencies: ["HIDForce", "DriverKit", "DriverTestKit", "StrictJSON", "HIDReportDescriptor"]),
  .testTarget(name: "StackMatTests", dependencies: ["StackMat", "DriverKit", "DriverTestKit"]),
  .testTarget(
    name: "DriverContractTests", dependencies: ["CExample", "Hostile", "DriverKit", "DriverTestKit", "CThenarDriver"]),
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
for target in testModules {
  target.cSettings = [.treatAllWarnings(as: .error), .enableWarning("all"), .enableWarning("extra")]
}

let package = Package(
  name: "thenar",
  products: (modules + testModules).map { .library(name: $0.name, type: .dynamic, targets: [$0.name]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: systemLibraries + libraries + modules + testModules + tests,
  cLanguageStandard: .c11
)
