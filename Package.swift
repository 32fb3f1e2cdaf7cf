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
  .target(name: "EmulatedHand"),
  .target(name: "WorkerLink"),
  .target(name: "MeasurementStream", dependencies: ["StrictJSON"]),
  .target(name: "Trials", dependencies: ["MeasurementStream"]),
  .target(name: "ThenarClient", dependencies: ["StrictJSON"]),
  .target(name: "WatchScreen", dependencies: ["ThenarClient", "StrictJSON"]),
  .target(name: "DriverTestKit", dependencies: ["CThenarDriver", "DriverKit"]),
]

let programs: [Target] = [
  .executableTarget(
    name: "thenar",
    dependencies: [
      "ThenarClient", "WatchScreen", "StrictJSON",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ])
]

// A driver module is a target under Plugins/ and a dynamic library of the same name.
let modules: [Target] = []

let tests: [Target] = [
  .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON", "DriverTestKit"]),
  .testTarget(name: "WorkerLinkTests", dependencies: ["WorkerLink", "DriverTestKit"]),
  .testTarget(name: "MeasurementStreamTests", dependencies: ["MeasurementStream"]),
  .testTarget(name: "TrialsTests", dependencies: ["Trials", "MeasurementStream"]),
  .testTarget(name: "EmulatedHandTests", dependencies: ["EmulatedHand"]),
  .testTarget(name: "DriverKitTests", dependencies: ["DriverKit", "DriverTestKit", "CThenarDriver"]),
  .target(name: "FakeHub", dependencies: ["StrictJSON"], path: "Tests/FakeHub"),
  .testTarget(
    name: "ThenarClientTests",
    dependencies: ["ThenarClient", "FakeHub", "MeasurementStream", "StrictJSON", "DriverTestKit"]),
  .testTarget(name: "WatchScreenTests", dependencies: ["WatchScreen", "ThenarClient", "StrictJSON", "DriverTestKit"]),
  .testTarget(name: "ThenarCommandTests", dependencies: ["thenar", "FakeHub", "StrictJSON"]),
]

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

for target in libraries + programs + modules + tests {
  target.swiftSettings = (target.swiftSettings ?? []) + strict
}

let package = Package(
  name: "thenar",
  products: [.library(name: "ThenarClient", targets: ["ThenarClient"])]
    + modules.map { .library(name: $0.name, type: .dynamic, targets: [$0.name]) },
  dependencies: [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")],
  targets: systemLibraries + libraries + programs + modules + tests
)
