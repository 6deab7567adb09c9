/// The version of the programs that are built from this package.
package enum ProgramVersion {
  /// The version as `--version` prints it.
  package static let text = "0.1.0"
}
