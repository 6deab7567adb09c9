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
  ],
  targets: [
    .target(name: "Syncer", swiftSettings: settings)
  ]
)
