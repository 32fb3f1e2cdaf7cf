// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "acorn",
  products: [
    // What Thenar loads: .build/debug/libAcorn.so
    .library(name: "Acorn", type: .dynamic, targets: ["Acorn"])
  ],
  dependencies: [
    .package(name: "thenar", path: "../..")
  ],
  targets: [
    .target(
      name: "Acorn",
      dependencies: [
        .product(name: "DriverKit", package: "thenar"), .product(name: "EmulatedHand", package: "thenar"),
      ]),
    .testTarget(
      name: "AcornTests",
      dependencies: [
        "Acorn", .product(name: "DriverKit", package: "thenar"), .product(name: "DriverTestKit", package: "thenar"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
