// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "co3", path: "..")],
  targets: [
    .systemLibrary(name: "CGSLForFloor", pkgConfig: "gsl"),
    .target(
      name: "Floor", dependencies: ["CGSLForFloor"], cSettings: [.unsafeFlags(["-O2"])]),
    .executableTarget(
      name: "ratios",
      dependencies: [
        "Floor",
        .product(name: "Syncer", package: "co3"),
        .product(name: "SyncerSimulation", package: "co3"),
        .product(name: "SyncerTesting", package: "co3"),
      ], path: "Sources/Ratios", swiftSettings: settings),
    .executableTarget(
      name: "streams", dependencies: [.product(name: "Syncer", package: "co3")],
      path: "Sources/Streams", swiftSettings: settings),
  ]
)
