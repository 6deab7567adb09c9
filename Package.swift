// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "co3",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Syncer", targets: ["Syncer"]),
    .library(name: "SyncerSimulation", targets: ["SyncerSimulation"]),
    .executable(name: "co3sim", targets: ["co3sim"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    .target(
      name: "Syncer", swiftSettings: settings,
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .target(
      name: "SyncerSimulation", dependencies: ["Syncer", "CGSL", "CZlib"],
      swiftSettings: settings),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .executableTarget(
      name: "co3sim",
      dependencies: [
        "SyncerSimulation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .testTarget(name: "SyncerTests", dependencies: ["Syncer"], swiftSettings: settings),
    .testTarget(
      name: "SyncerSimulationTests", dependencies: ["SyncerSimulation", "Syncer"],
      exclude: ["Golden"], swiftSettings: settings),
  ]
)
