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
  .target(name: "DriverTestKit", dependencies: ["CThenarDriver", "DriverKit"]),
]

let tests: [Target] = [
  .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON", "DriverTestKit"]),
  .testTarget(name: "DriverKitTests", dependencies: ["DriverKit", "DriverTestKit", "CThenarDriver"]),
]

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

for target in libraries + tests {
  target.swiftSettings = (target.swiftSettings ?? []) + strict
}

let package = Package(
  name: "thenar",
  products: [],
  targets: systemLibraries + libraries + tests
)
