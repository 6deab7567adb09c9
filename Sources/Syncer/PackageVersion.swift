/// The version of this package, and of the programs that are built from it.
package enum PackageVersion {
  /// The version as `--version` prints it.
  package static let text = "0.1.0"
}
