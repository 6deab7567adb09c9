// swift-tools-version: 6.2
import PackageDescription

// Ours alone: what depends on this package builds it with warnings as warnings. The Makefile and CI set it.
let warningsAreErrors = Context.environment["CO3_WARNINGS_AS_ERRORS"] != nil

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

// The headers of Linux distributions are where compilers look; elsewhere pkg-config knows the place.
#if os(Linux)
  let gsl: String? = nil
  let zlib: String? = nil
#else
  let gsl: String? = "gsl"
  let zlib: String? = "zlib"
#endif

// SwiftPM leaves a package out where every reference to it has a condition that does not hold.
let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser", condition: .when(traits: ["Tools"]))
let grdb = Target.Dependency.product(
  name: "GRDB", package: "GRDB.swift", condition: .when(traits: ["SQLite"]))
let logging = Target.Dependency.product(
  name: "Logging", package: "swift-log", condition: .when(traits: ["Instrumentation"]))
let metrics = Target.Dependency.product(
  name: "CoreMetrics", package: "swift-metrics", condition: .when(traits: ["Instrumentation"]))

let package = Package(
  name: "co3",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "Syncer", targets: ["Syncer"]),
    .library(name: "SyncerRouting", targets: ["SyncerRouting"]),
    .library(name: "SyncerTesting", targets: ["SyncerTesting"]),
    .library(name: "SyncerSimulation", targets: ["SyncerSimulation"]),
    .library(name: "SyncerReports", targets: ["SyncerReports"]),
    .library(name: "SyncerFiles", targets: ["SyncerFiles"]),
    .library(name: "SyncerTables", targets: ["SyncerTables"]),
    .library(name: "SyncerSQLite", targets: ["SyncerSQLite"]),
    .library(name: "SyncerInstrumentation", targets: ["SyncerInstrumentation"]),
    .library(name: "Console", targets: ["Console"]),
    .executable(name: "co3sim", targets: ["co3sim"]),
    .executable(name: "co3index", targets: ["co3index"]),
  ],
  traits: [
    .default(enabledTraits: ["Simulation", "SQLite", "Instrumentation", "Tools"]),
    .trait(name: "Simulation", description: "SyncerSimulation: needs GSL and zlib"),
    .trait(name: "SQLite", description: "SyncerSQLite: needs SQLite"),
    .trait(name: "Instrumentation", description: "SyncerInstrumentation"),
    .trait(
      name: "Tools", description: "The programs co3sim and co3index",
      enabledTraits: ["Simulation", "SQLite"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    .target(
      name: "Syncer", swiftSettings: settings,
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "SyncerRouting", dependencies: ["Syncer"], swiftSettings: settings),
    .target(
      name: "SyncerTesting", dependencies: ["Syncer", "SafeOutput"], swiftSettings: settings),
    .systemLibrary(
      name: "CGSL", pkgConfig: gsl, providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .target(
      name: "SyncerSimulation",
      dependencies: [
        "Syncer", "SyncerTesting", "SafeOutput",
        .target(name: "CGSL", condition: .when(traits: ["Simulation"])),
        .target(name: "CZlib", condition: .when(traits: ["Simulation"])),
      ], swiftSettings: settings),
    .target(
      name: "SyncerReports",
      dependencies: [
        "Syncer", "SyncerSimulation", "SafeOutput",
        .product(
          name: "Mustache", package: "swift-mustache", condition: .when(traits: ["Simulation"])),
      ], swiftSettings: settings),
    .systemLibrary(
      name: "CZlib", pkgConfig: zlib, providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CRename"),
    .target(name: "SafeOutput", dependencies: ["CRename"], swiftSettings: settings),
    .target(
      name: "Console", dependencies: ["SafeOutput", "Syncer", "SyncerTables"],
      swiftSettings: settings),
    .executableTarget(
      name: "co3sim",
      dependencies: ["Console", "SafeOutput", "SyncerReports", "SyncerSimulation", argumentParser],
      swiftSettings: settings),
    .systemLibrary(name: "COpen"),
    .target(name: "SyncerFiles", dependencies: ["COpen", "Syncer"], swiftSettings: settings),
    .target(name: "SyncerTables", dependencies: ["Syncer"], swiftSettings: settings),
    .target(
      name: "SyncerSQLite", dependencies: ["Syncer", "SyncerTables", grdb], swiftSettings: settings),
    .target(
      name: "SyncerInstrumentation", dependencies: ["Syncer", logging, metrics],
      swiftSettings: settings),
    .executableTarget(
      name: "co3index",
      dependencies: [
        "Console", "SafeOutput", "SyncerFiles", "SyncerSQLite", argumentParser,
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Tools"])),
      ], exclude: ["README.md"], swiftSettings: settings),
    .testTarget(
      name: "SyncerTests", dependencies: ["Syncer", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "SyncerRoutingTests",
      dependencies: ["SyncerRouting", "SyncerTesting", "Syncer", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SyncerTestingTests", dependencies: ["SyncerTesting", "Syncer", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SyncerSimulationTests",
      dependencies: [
        "SyncerReports", "SyncerSimulation", "SyncerRouting", "SyncerTesting", "Syncer",
        "SafeOutput", "TestSupport",
      ], exclude: ["Golden"], swiftSettings: settings),
    .target(
      name: "TestSupport", dependencies: ["Syncer"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "SyncerFilesTests", dependencies: ["SyncerFiles", "Syncer", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "SyncerSQLiteTests",
      dependencies: ["SyncerSQLite", "Syncer", "TestSupport", grdb], swiftSettings: settings),
    .testTarget(
      name: "SyncerInstrumentationTests",
      dependencies: [
        "SyncerInstrumentation", "Syncer", "SyncerTesting", logging, metrics,
        .product(
          name: "InMemoryLogging", package: "swift-log",
          condition: .when(traits: ["Instrumentation"])),
        .product(
          name: "MetricsTestKit", package: "swift-metrics",
          condition: .when(traits: ["Instrumentation"])),
      ], swiftSettings: settings),
    .testTarget(
      name: "Co3indexTests",
      dependencies: [
        "co3index", "Console", "Syncer", "SyncerFiles", "SyncerSQLite", "SyncerSimulation",
        "TestSupport", grdb,
      ], exclude: ["Recordings"], swiftSettings: settings),
  ]
)
