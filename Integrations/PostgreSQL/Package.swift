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
    .library(name: "SyncerPostgreSQL", targets: ["SyncerPostgreSQL"])
  ],
  dependencies: [
    .package(name: "co3", path: "../..", traits: [])
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
    .testTarget(
      name: "SyncerPostgreSQLTests",
      dependencies: [
        "SyncerPostgreSQL", .product(name: "Syncer", package: "co3"),
        .product(name: "SyncerTables", package: "co3"),
      ], swiftSettings: settings),
  ]
)
