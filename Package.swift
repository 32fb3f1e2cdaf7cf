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
  .target(name: "DriverTestKit", dependencies: ["CThenarDriver", "DriverKit"]),
]

// A driver module is a target under Plugins/ and a dynamic library of the same name.
let modules: [Target] = [
  .target(
    name: "LineProfile", dependencies: ["DriverKit", "StrictJSON", "EmulatedHand", "CThenarDriver"],
    path: "Plugins/LineProfile", exclude: ["driver.json", "profiles"])
]

let tests: [Target] = [
  .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON", "DriverTestKit"]),
  .testTarget(name: "EmulatedHandTests", dependencies: ["EmulatedHand"]),
  .testTarget(name: "DriverKitTests", dependencies: ["DriverKit", "DriverTestKit", "CThenarDriver"]),
  .testTarget(name: "LineProfileTests", dependencies: ["LineProfile", "DriverKit", "DriverTestKit", "StrictJSON"]),
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

let package = Package(
  name: "thenar",
  products: modules.map { .library(name: $0.name, type: .dynamic, targets: [$0.name]) },
  targets: systemLibraries + libraries + modules + tests
)
