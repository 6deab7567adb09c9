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
    .library(name: "SyncerFiles", targets: ["SyncerFiles"]),
    .library(name: "SyncerSQLite", targets: ["SyncerSQLite"]),
    .library(name: "SyncerInstrumentation", targets: ["SyncerInstrumentation"]),
    .executable(name: "co3sim", targets: ["co3sim"]),
    .executable(name: "co3index", targets: ["co3index"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    .target(
      name: "Syncer", swiftSettings: settings,
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .target(
      name: "SyncerSimulation",
      dependencies: [
        "Syncer", "CGSL", "CZlib", .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "Mustache", package: "swift-mustache"),
      ], swiftSettings: settings),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "Console", swiftSettings: settings),
    .executableTarget(
      name: "co3sim",
      dependencies: [
        "Console", "SyncerSimulation",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .target(name: "SyncerFiles", dependencies: ["Syncer"], swiftSettings: settings),
    .target(
      name: "SyncerSQLite",
      dependencies: ["Syncer", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: settings),
    .target(
      name: "SyncerInstrumentation",
      dependencies: [
        "Syncer",
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "co3index",
      dependencies: [
        "Console", "SyncerFiles", "SyncerSQLite",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Crypto", package: "swift-crypto"),
      ], exclude: ["README.md"], swiftSettings: settings),
    .testTarget(name: "SyncerTests", dependencies: ["Syncer"], swiftSettings: settings),
    .testTarget(
      name: "SyncerSimulationTests", dependencies: ["SyncerSimulation", "Syncer"],
      exclude: ["Golden"], swiftSettings: settings),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
      name: "SyncerFilesTests", dependencies: ["SyncerFiles", "Syncer", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SyncerSQLiteTests",
      dependencies: [
        "SyncerSQLite", "Syncer", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: settings),
    .testTarget(
      name: "SyncerInstrumentationTests",
      dependencies: [
        "SyncerInstrumentation", "Syncer", "SyncerSimulation",
        .product(name: "InMemoryLogging", package: "swift-log"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
      ], swiftSettings: settings),
    .testTarget(
      name: "Co3indexTests",
      dependencies: [
        "co3index", "Syncer", "SyncerFiles", "SyncerSQLite", "SyncerSimulation", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], exclude: ["Recordings"], swiftSettings: settings),
  ]
)
