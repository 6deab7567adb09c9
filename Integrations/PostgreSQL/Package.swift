// swift-tools-version: 6.2
import PackageDescription

// Ours alone, as in the package above.
let warningsAreErrors = Context.environment["CO3_WARNINGS_AS_ERRORS"] != nil

let settings: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

// On Debian the header is found without pkg-config (shim.h).
#if os(Linux)
  let libpq: String? = nil
#else
  let libpq: String? = "libpq"
#endif

let package = Package(
  name: "co3-postgresql",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "SyncerPostgreSQL", targets: ["SyncerPostgreSQL"]),
    .executable(name: "co3backfill", targets: ["co3backfill"]),
  ],
  dependencies: [
    .package(name: "co3", path: "../..", traits: []),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibPQ", pkgConfig: libpq, providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
    .target(
      name: "SyncerPostgreSQL",
      dependencies: [
        "CLibPQ", .product(name: "Syncer", package: "co3"),
        .product(name: "SyncerTables", package: "co3"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "co3backfill",
      dependencies: [
        "SyncerPostgreSQL", .product(name: "Syncer", package: "co3"),
        .product(name: "SyncerTables", package: "co3"),
        .product(name: "Console", package: "co3"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: settings),
    .testTarget(
      name: "SyncerPostgreSQLTests",
      dependencies: [
        "SyncerPostgreSQL", "co3backfill", .product(name: "Syncer", package: "co3"),
        .product(name: "SyncerTables", package: "co3"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: settings),
  ]
)
